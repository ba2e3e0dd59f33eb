"""Threads of hot posts in their parts; and what becomes of threads when a post goes or a person leaves."""

import pytest

from config.dynamodb import query
from config.dynamodb.metering import assert_dynamodb_calls
from posts import cache, departures, exports, mark_exports, selectors
from posts.comment_entities import Comment
from posts.entities import Post
from posts.muting import post_mute, posts_muted_among
from posts.removal import deleted_sweep
from posts.repository import counts, keys
from posts.repository.comments import get_comments
from posts.services import UNDO_MS, post_delete
from posts.tables import COMMENT_PARTS, POSTS
from posts.thread_selectors import Order, comments_of_post, replies_of_comment
from posts.threads import comment_delete, comment_hide, comment_like
from posts.visibility import visible_thread
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_comment, a_post, a_reply
from tests.posts.test_spread import a_hot_post, in_all

pytestmark = pytest.mark.django_db


def in_partition(post: Post, part: int | None) -> list[str]:
    rows = query(POSTS, keys.comments(post.id, part), limit=200, consistent=True).items
    return [row["sk"] for row in rows if row["sk"].startswith(("COMMENT#", "REPLY#"))]


def everywhere(post: Post) -> int:
    return sum(len(in_partition(post, part)) for part in (None, *range(COMMENT_PARTS)))


def test_comments_of_a_hot_post_lie_in_parts_and_are_one_list() -> None:
    ana = a_user()
    post = a_hot_post()
    made = [a_comment(by=ana, on=post, text=f"Number {n}") for n in range(9)]
    assert in_partition(post, None) == []
    assert {comment.part for comment in made} == {comment.id % COMMENT_PARTS for comment in made}
    for order, expected in ((Order.OLDEST, made), (Order.NEWEST, made[::-1])):
        read: list[Comment] = []
        cursor = None
        for size in (4, 4, 1):
            with assert_dynamodb_calls(5):
                page = comments_of_post(post.id, cursor=cursor, limit=4, order=order, spread=post.spread)
            assert len(page.items) == size
            read, cursor = read + page.items, page.next_cursor
        assert ([c.id for c in read], cursor) == ([c.id for c in expected], None)
    assert in_all(post, "comments") == 9


def test_comments_of_before_a_post_was_hot_stay_in_the_list() -> None:
    ana = a_user()
    quiet = a_post(by=ana)
    before = a_comment(by=ana, on=quiet)
    assert before.part is None
    assert counts.set_spread(quiet.id)
    cache.forget_counts(quiet.id)
    hot = selectors.post_by_id(quiet.id)
    after = a_comment(by=ana, on=hot)
    assert after.part is not None
    shown = comments_of_post(hot.id, spread=hot.spread).items
    assert [comment.id for comment in shown] == [before.id, after.id]


def test_a_thread_of_a_hot_post_lies_where_it_begins() -> None:
    ana = a_user()
    post = a_hot_post()
    root = a_comment(by=ana, on=post)
    reply = a_reply(by=ana, to=root)
    deeper = a_reply(by=ana, to=reply)
    assert [len(in_partition(post, part)) for part in (None, root.part)] == [0, 3]
    with assert_dynamodb_calls(1):
        shown = replies_of_comment(root).items
    assert [comment.id for comment in shown] == [reply.id, deeper.id]
    comment_like(user_id=id_of(ana), ref=deeper.ref)
    comment_hide(user_id=post.author_id, ref=deeper.ref, hidden=True)
    found, begin = visible_thread(id_of(ana), post, deeper.ref)
    assert (found.likes, found.hidden, begin.replies) == (1, True, 2)
    for comment in (root, reply, deeper):
        comment_delete(user_id=id_of(ana), ref=comment.ref)
    assert (everywhere(post), in_all(post, "comments")) == (0, 0)
    top = comments_of_post(post.id, order=Order.TOP).items
    assert top == []


@pytest.mark.parametrize("is_hot", [False, True])
def test_a_deleted_posts_threads_go_with_it(*, is_hot: bool) -> None:
    post = a_hot_post() if is_hot else a_post(by=a_user())
    ana = a_user("ana")
    for _n in range(4):
        a_reply(by=ana, to=a_reply(by=ana, to=a_comment(by=ana, on=post)))
    assert everywhere(post) == 12
    post_delete(user_id=post.author_id, post_id=post.id)
    now_ms = post.created_at_ms + 2 * UNDO_MS
    assert deleted_sweep(now_ms=now_ms) >= 1
    assert everywhere(post) == 0


def test_who_leaves_takes_words_and_likes_and_leaves_the_answers() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    alone, answered = a_comment(by=bob, on=post), a_comment(by=bob, on=post, text="Words of mine.")
    of_ana = a_reply(by=ana, to=answered)
    own = a_reply(by=bob, to=of_ana)
    comment_like(user_id=id_of(bob), ref=of_ana.ref)
    comment_like(user_id=id_of(bob), ref=own.ref)
    post_mute(user_id=id_of(bob), post_id=post.id)
    for step in (departures.comment_likes_remove, departures.mutes_remove, departures.comments_remove):
        for _again in range(2):
            assert step(id_of(bob), None).cursor is None
    found = get_comments([comment.ref for comment in (alone, answered, of_ana, own)])
    assert set(found) == {answered.ref, of_ana.ref}
    kept = found[answered.ref]
    assert (kept.gone, kept.text, kept.author_id, kept.replies) == (True, "", 0, 1)
    assert (found[of_ana.ref].likes, found[of_ana.ref].replies) == (0, 0)
    assert selectors.post_counts(post.id).comments == 1
    assert posts_muted_among(id_of(bob), [post.id]) == set()
    assert query(POSTS, keys.marks(id_of(bob)), limit=9, consistent=True).items == []


def test_exports_tell_what_was_answered_liked_and_muted() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    root = a_comment(by=ana, on=post)
    reply = a_reply(by=bob, to=root, text="Mine.")
    gone = a_comment(by=bob, on=post)
    a_reply(by=ana, to=gone)
    comment_delete(user_id=id_of(bob), ref=gone.ref)
    comment_like(user_id=id_of(bob), ref=root.ref)
    post_mute(user_id=id_of(bob), post_id=post.id)
    (said,) = exports.comments(id_of(bob), None).records
    assert (said["id"], said["text"], said["reply_to"]) == (str(reply.id), "Mine.", str(root.id))
    (like,) = mark_exports.comment_likes(id_of(bob), None).records
    assert (like["comment_id"], like["post_id"], like["post_by"]) == (
        str(root.id),
        str(post.id),
        ana.username,
    )
    (silence,) = mark_exports.posts_muted(id_of(bob), None).records
    assert silence["post_id"] == str(post.id)
