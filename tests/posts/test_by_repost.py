"""By the id of a repost all is done to the post that it repeats, and taken back from it, with that post's counts."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from config.entities import PostId
from graph.blocks import block_create
from posts.entities import Post
from posts.reposting import repost_create
from posts.selectors import marks_among, post_by_id
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_post, likes
from tests.posts.shelving import api_of, client_of

pytestmark = pytest.mark.django_db


class Scene:
    """Ana's post, Bob's repost of it, Carol who acts by the repost's id, and a like of somebody else's."""

    def __init__(self) -> None:
        self.ana, self.bob, self.carol = a_user(), a_user("bob"), a_user("carol")
        self.post = a_post(by=self.ana)
        self.repost: Post = repost_create(user_id=id_of(self.bob), post_id=self.post.id)
        likes(a_user("dan"), self.post)
        self.api: APIClient = api_of(self.carol)

    def does(self, verb: str, rest: str, under: str = "posts", **sent: Any) -> Any:
        answer = getattr(self.api, verb)(f"/api/v1/{under}/{self.repost.id}/{rest}", sent, format="json")
        assert answer.status_code in {200, 201, 204}, answer.content
        return answer.json() if answer.content else None

    def marks(self, post_id: PostId) -> tuple[bool, ...]:
        found = marks_among(id_of(self.carol), [post_id])
        return tuple(post_id in kind for kind in (found.liked, found.saved, found.reposted, found.muted))


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_likes(scene: Scene) -> None:
    for _twice in range(2):
        assert scene.does("put", "like/") == {"liked": True, "like_count": 2}
    assert scene.marks(scene.post.id) == (True, False, False, False)
    for _twice in range(2):
        assert scene.does("delete", "like/") == {"liked": False, "like_count": 1}
    assert (scene.marks(scene.post.id)[0], post_by_id(scene.repost.id).like_count) == (False, 0)


def test_saves_mutes_and_reposts(scene: Scene) -> None:
    for rest in ("save/", "repost/", "mute/"):
        scene.does("put", rest)
    assert scene.marks(scene.post.id) == (False, True, True, True)
    assert post_by_id(scene.post.id).repost_count == 2
    for rest in ("save/", "repost/", "mute/"):
        scene.does("delete", rest)
    assert scene.marks(scene.post.id) == scene.marks(scene.repost.id) == (False,) * 4
    assert post_by_id(scene.post.id).repost_count == 1


def test_collections(scene: Scene) -> None:
    made = scene.api.post("/api/v1/me/collections/", {"name": "Sea"}, format="json").json()
    collection = f"/api/v1/me/collections/{made['id']}/"
    address = f"{collection}posts/{scene.repost.id}/"
    assert scene.api.put(address).json()["collections"] == [made["id"]]
    assert scene.api.delete(address).status_code == 204
    assert scene.api.get(collection).json()["post_count"] == 0


def test_comments_their_likes_and_shares(scene: Scene) -> None:
    comment = scene.does("post", "comments/", text="Lovely light.")
    reply = scene.does("post", "comments/", text="So it was.", reply_to=comment["key"])
    for said in (comment, reply):
        like = f"{said['key']}/like/"
        assert scene.does("put", like, under="comments") == {"liked": True, "like_count": 1}
        assert scene.does("delete", like, under="comments") == {"liked": False, "like_count": 0}
    assert [one["id"] for one in scene.does("get", "comments/")["items"]] == [comment["id"]]
    assert post_by_id(scene.post.id).comment_count == 2
    for gone in (reply, comment):
        scene.does("delete", f"{gone['key']}/", under="comments")
    assert scene.does("put", "share/") == {"share_count": 1}
    now = post_by_id(scene.post.id)
    assert (now.comment_count, now.share_count) == (0, 1)


def test_forms(scene: Scene) -> None:
    client, piece = client_of(scene.carol), {"HX-Request": "true"}
    base = f"/p/{scene.repost.id}"
    liked = client.post(f"{base}/like/", headers=piece).content.decode()
    assert f'action="/p/{scene.post.id}/unlike/"' in liked
    assert '<span class="count">2</span>' in liked
    for done in ("save", "repost", "mute"):
        client.post(f"{base}/{done}/")
    assert scene.marks(scene.post.id) == (True, True, True, True)
    for undone in ("unlike", "unsave", "unrepost", "unmute"):
        client.post(f"{base}/{undone}/")
    assert scene.marks(scene.post.id) == (False,) * 4


def test_what_was_put_there_is_taken_back_by_who_sees_it_no_more(scene: Scene) -> None:
    scene.does("put", "like/")
    scene.does("put", "save/")
    block_create(blocker_id=id_of(scene.ana), blocked_id=id_of(scene.carol))
    address = f"/api/v1/posts/{scene.repost.id}"
    assert scene.api.put(f"{address}/like/").status_code == 404
    assert scene.api.delete(f"{address}/like/").status_code == 404
    assert scene.api.delete(f"{address}/save/").json() == {"saved": False, "collections": []}
    assert scene.marks(scene.post.id) == (False,) * 4
