"""Two people meet, through nothing but the API: every process is real."""

import urllib.request
from uuid import uuid4

from tests.flows.api_client import Api
from tests.posts.factory import a_photo
from tests.stack import TestStack, eventually

PASSWORD = "a-heron-at-low-tide"


def test_two_people_meet_through_the_api(stack: TestStack) -> None:
    mark = uuid4().hex[:8]
    ana, bob = Api(stack.base_url), Api(stack.base_url)
    ana_profile = ana.sign_up(f"ana_{mark}", PASSWORD)
    bob_profile = bob.sign_up(f"bob_{mark}", PASSWORD)
    assert bob.call("GET", "/me/")["handle"] == f"bob_{mark}"
    assert bob.home() == []

    assert bob.call("PUT", f"/follows/{ana_profile['id']}/")["state"] == "following"
    followers = ana.call("GET", f"/users/{ana_profile['id']}/followers/")["items"]
    assert [person["handle"] for person in followers] == [f"bob_{mark}"]

    caption = {"text": "A heron at low tide", "alt": "A grey heron"}
    post = ana.call("POST", "/posts/", caption, photo=a_photo().read())
    assert [item["id"] for item in ana.home()] == [post["id"]], "one's own post is there at once"
    arrived = eventually(bob.home)[0]
    assert (arrived["id"], arrived["text"]) == (post["id"], "A heron at low tide")
    assert arrived["author"]["handle"] == f"ana_{mark}"
    renditions = eventually(lambda: bob.home()[0]["photo"]["renditions"])
    assert len(renditions) == 4
    asked = urllib.request.Request(
        stack.base_url + renditions[0]["url"], headers={"Authorization": f"Token {bob.token}"}
    )
    with urllib.request.urlopen(asked, timeout=30) as picture:
        assert picture.headers["Content-Type"] == "image/webp"

    assert bob.call("PUT", f"/posts/{post['id']}/like/") == {"liked": True, "like_count": 1}
    bob.call("POST", f"/posts/{post['id']}/comments/", {"text": "What a bird!"})
    seen = ana.call("GET", f"/posts/{post['id']}/")
    assert (seen["like_count"], seen["comment_count"], seen["liked"]) == (1, 1, False)
    comments = ana.call("GET", f"/posts/{post['id']}/comments/")["items"]
    assert [(comment["text"], comment["author"]["handle"]) for comment in comments] == [
        ("What a bird!", f"bob_{mark}")
    ]
    assert [item["like_count"] for item in ana.home()] == [1], "the author sees it in the feed too"

    ana.call("DELETE", f"/posts/{post['id']}/")
    assert bob.home() == ana.home() == []
    bob.call("DELETE", f"/follows/{ana_profile['id']}/")
    counts = ana.call("GET", f"/users/{bob_profile['id']}/counts/")
    assert (counts["followers"], counts["following"]) == (0, 0)
    bob.call("DELETE", "/tokens/current/")
