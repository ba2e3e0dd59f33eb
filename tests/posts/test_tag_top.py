"""The most liked posts with a hashtag: entries say what the post's rank says, whoever comes first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from config.ids import next_id
from posts.editing import post_edit
from posts.entities import Post
from posts.ranking import rank_settle
from posts.removal import post_restore
from posts.repository import keys, ranks
from posts.selectors import post_by_id
from posts.tags import tags_enter
from posts.top import visible_top_posts_of_tag
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_post
from tests.posts.ranking import liked, readdressed, unliked
from tests.posts.shelving import delete

pytestmark = pytest.mark.django_db
Settle = Callable[[], None]


def a_tag() -> str:
    return f"reef{next_id()}"


def tagged(tag: str, *, by: Any, times: int = 0) -> Post:
    """A post under the tag, liked so often, and ranked."""
    post = a_post(by=by, text=f"#{tag}")
    tags_enter(post_id=post.id)
    liked(post, times=times)
    rank_settle(post_id=post.id)
    return post


def top(tag: str, viewer: Any = None) -> list[int]:
    return [post.id for post in visible_top_posts_of_tag(id_of(viewer) if viewer else None, tag).items]


def ranked(tag: str) -> list[int]:
    """What the index says, whatever may be seen."""
    return ranks.query_top(keys.top_of_tag(tag), below=None, limit=10)


def retold(post: Post, text: str) -> None:
    now = post_by_id(post.id)
    post_edit(user_id=now.author_id, post_id=now.id, version=now.version, text=text)


def test_the_stream_ranks_entries(settle: Settle) -> None:
    ana, tag = a_user(), a_tag()
    once, often, never = (a_post(by=ana, text=f"#{tag} #{tag}b") for _post in range(3))
    liked(once, times=1)
    likers = liked(often, times=4)
    settle()
    assert top(tag) == top(f"{tag}b") == [often.id, once.id]
    assert never.id not in top(tag)
    unliked(often, likers)
    settle()
    assert top(tag) == [once.id]


def test_an_entry_made_later_is_ranked(settle: Settle) -> None:
    ana, tag = a_user(), a_tag()
    post = a_post(by=ana, text="No tag yet.")
    liked(post, times=3)
    settle()
    retold(post, f"Now #{tag}")
    settle()
    assert top(tag) == [post.id]
    retold(post, f"Now #{tag} and #{tag}b")  # both are put anew
    settle()
    assert top(tag) == top(f"{tag}b") == [post.id]
    retold(post, f"#{tag}b")
    settle()
    assert top(tag) == ranked(tag) == []


def test_what_goes_leaves_and_what_comes_back_is_ranked_again(settle: Settle) -> None:
    ana, tag = a_user(), a_tag()
    post = tagged(tag, by=ana, times=2)
    assert top(tag) == [post.id]
    delete(post)
    assert top(tag) == []
    settle()
    assert ranked(tag) == []
    post_restore(user_id=post.author_id, post_id=post.id)
    settle()
    assert top(tag) == [post.id]
    readdressed(post, "only_me")
    settle()
    assert ranked(tag) == []


def test_each_viewer_sees_what_they_may() -> None:
    ana, bob, tag = a_user("ana"), a_user("bob"), a_tag()
    post = tagged(tag, by=ana, times=1)
    readdressed(post, "followers")
    assert top(tag) == top(tag, bob) == []
    assert top(tag, ana) == [post.id]


def test_a_worker_killed_before_it_told_the_entries_begins_anew() -> None:
    ana, tag = a_user(), a_tag()
    post = tagged(tag, by=ana, times=1)
    _post, read = ranks.get_standing(post.id)
    liked(post, times=1)
    assert ranks.put_standing(post, ranks.Standing(2, read.turn + 1, is_behind=True), before=read)
    before = ranked(tag)
    rank_settle(post_id=post.id)
    assert ranked(tag) > before
    assert ranks.get_standing(post.id)[1] == ranks.Standing(2, read.turn + 1)


def test_an_entry_takes_no_earlier_turn_and_none_is_made() -> None:
    ana, tag = a_user(), a_tag()
    post = tagged(tag, by=ana, times=3)
    _post, standing = ranks.get_standing(post.id)
    before = ranked(tag)
    ranks.tell_entry(post.id, tag, 0, ranks.Standing(9, standing.turn - 1))
    assert ranked(tag) == before
    ranks.tell_entry(post.id, f"{tag}b", 0, standing)
    assert ranked(f"{tag}b") == []


def test_the_page_and_the_api(client: Client) -> None:
    ana, tag = a_user(), a_tag()
    often, once = tagged(tag, by=ana, times=2), tagged(tag, by=ana, times=1)
    newest = tagged(tag, by=ana)
    page = client.get(f"/tags/{tag.upper()}/?order=top")
    assert page.headers["Location"] == f"/tags/{tag}/?order=top"
    page = client.get(page.headers["Location"])
    assert [card.post.id for card in page.context["cards"]] == [often.id, once.id]
    assert 'aria-current="page">Top</a>' in page.content.decode()
    page = client.get(f"/tags/{tag}/")
    assert [card.post.id for card in page.context["cards"]] == [newest.id, once.id, often.id]
    assert 'aria-current="page">Newest</a>' in page.content.decode()
    api = APIClient()
    listed = api.get(f"/api/v1/tags/{tag}/posts/?order=top&limit=1").json()
    assert [item["id"] for item in listed["items"]] == [str(often.id)]
    listed = api.get(f"/api/v1/tags/{tag}/posts/?order=top&limit=1&cursor={listed['next']}").json()
    assert [item["id"] for item in listed["items"]] == [str(once.id)]
    assert "people like appear here" in client.get(f"/tags/{a_tag()}/?order=top").content.decode()


def test_the_next_posts_alone_by_htmx(client: Client) -> None:
    ana, tag = a_user(), a_tag()
    made = [tagged(tag, by=ana, times=1) for _post in range(21)]
    more = client.get(f"/tags/{tag}/?order=top").context["more_url"]
    piece = client.get(more, headers={"HX-Request": "true"})
    assert [card.post.id for card in piece.context["cards"]] == [made[0].id]
    assert "<html" not in piece.content.decode()
    plain = client.get(more).content.decode()
    assert "From the most liked on" in plain
