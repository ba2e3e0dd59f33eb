"""What is held back is held back on every surface, its photos and comments too; what is covered has its cover on each."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from posts.entities import Post
from posts.media.addresses import files_of_post
from posts.moderation.scanning import post_scan
from posts.selectors import post_by_id
from posts.tags import tags_enter
from tests.accounts.factory import a_user
from tests.posts.factory import a_comment, a_photo, a_post, likes, with_renditions
from tests.posts.moderation.conftest import a_rule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache", "rules_only")]
WORDS = "Zugvogel"


def pages_of(post: Post, author: User) -> tuple[list[str], list[str]]:
    """Addresses of the post itself and of what hangs on it; addresses of lists that may have it."""
    number = post.id
    own = [f"/p/{number}/", f"/p/{number}/photos/", f"/p/{number}/history/", f"/p/{number}/likes/"]
    own += [files[0].url for files in files_of_post(post.id, post.photos[0]).values()]
    own += [f"/api/v1/posts/{number}{rest}" for rest in ("/", "/comments/", "/versions/")]
    lists = [f"/@{author.username}/", f"/@{author.username}/?tab=photos", f"/tags/{WORDS.lower()}/"]
    lists += [f"/api/v1/users/{author.pk}/posts/", f"/api/v1/tags/{WORDS.lower()}/posts/"]
    return own, lists


def browsers(*people: User | None) -> list[Client]:
    found = []
    for person in people:
        client = Client()
        if person:
            client.force_login(person)
        found.append(client)
    return found


def a_full_post(author: User, outcome: str) -> Post:
    a_rule(WORDS, outcome, reason="Not birds.")
    post = with_renditions(a_post(by=author, text=f"A #{WORDS}", photo=a_photo(400, 300), alt=WORDS))
    tags_enter(post_id=post.id)
    a_comment(by=author, on=post, text=f"{WORDS}, again")
    likes(author, post)
    post_scan(post_id=post.id)
    return post_by_id(post.id)


@pytest.mark.parametrize("outcome", ["held", "rejected"])
def test_held_back_from_everybody_but_the_author(outcome: str) -> None:
    ana = a_user()
    post = a_full_post(ana, outcome)
    own, lists = pages_of(post, ana)
    (author,) = browsers(ana)
    for address in own:
        served = author.get(address)
        assert served.status_code in {200, 302}, address
        assert not served.streaming or b"".join(served.streaming_content)
    assert all(WORDS in author.get(address).content.decode() for address in lists if "/tags/" not in address)
    for reader in browsers(a_user("bob"), None):
        assert {address: reader.get(address).status_code for address in own} == dict.fromkeys(own, 404)
        for address in lists:
            answer = reader.get(address)
            if answer.status_code == 200:
                said = answer.content.decode().replace(f"#{WORDS.lower()}", "")
                assert f"A #{WORDS}" not in said, address
                assert f'"{post.id}"' not in said, address


def test_no_like_no_comment_no_repeat_of_what_is_held_back() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_full_post(ana, "held")
    client = APIClient()
    client.force_authenticate(bob)
    tries: list[tuple[str, str, dict[str, Any]]] = [
        ("put", f"/api/v1/posts/{post.id}/like/", {}),
        ("post", f"/api/v1/posts/{post.id}/comments/", {"text": "Hello"}),
        ("post", "/api/v1/reports/", {"post_id": str(post.id), "reason": "spam"}),
    ]
    assert [getattr(client, verb)(path, sent).status_code for verb, path, sent in tries] == [404] * 3


def test_a_cover_is_on_every_surface() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_full_post(ana, "covered")
    (reader,) = browsers(bob)
    page = reader.get(f"/p/{post.id}/").content.decode()
    assert page.index("Not birds.") < page.index('class="post-text')
    assert f'content="{WORDS}' not in page, "the description of the page is the cover's words"
    grid = reader.get(f"/@{ana.username}/?tab=photos").content.decode()
    assert 'alt="Not birds."' in grid
    sent = reader.get(f"/api/v1/posts/{post.id}/").json()
    assert (sent["cover"], sent["warning"], sent["standing"]) == ("Not birds.", "", "covered")
    own = browsers(ana)[0].get(f"/p/{post.id}/").content.decode()
    assert "behind a cover with this reason" in own
    assert "behind a cover with this reason" not in page
