"""What a person has put on posts: found in one request, by whatever way; old likes move there once and silently."""

from typing import Any

import pytest

from config.dynamodb import batch_write, create_tables, get_item, put_item
from config.dynamodb.applying import apply_change
from config.dynamodb.changes import TABLE_CHANGES
from config.dynamodb.metering import assert_dynamodb_calls, assert_units, metered
from config.entities import PostId, UserId
from config.ids import id_at, id_time_ms, next_id
from posts import selectors
from posts.like_events import LikeCreated
from posts.mark_entities import UNMARKED, MarkKind, Marks
from posts.old_likes import like_move, like_moved, old_like_key, old_liked_among
from posts.repository import keys, marks
from posts.repository.marks import CLOSE_MS, MARKS_READ
from posts.services import like_create, like_delete
from posts.table_changes import LIKES_WITH_PERSON
from posts.tables import POSTS
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_post, likes
from tests.posts.test_consumers import a_change

pytestmark = pytest.mark.django_db
NOW_MS = 1_790_000_000_000


def a_mark(user_id: UserId, post_id: PostId, kind: MarkKind) -> None:
    put_item(POSTS, {**keys.mark(user_id, post_id, kind), "post_id": post_id})


def ids_from(at_ms: int, number: int) -> list[PostId]:
    return [PostId(id_at(at_ms + step)) for step in range(number)]


def test_marks_of_all_kinds_on_twenty_posts_are_one_query() -> None:
    person, posts = UserId(next_id()), ids_from(NOW_MS, 20)
    for place, kind in enumerate(MarkKind):
        a_mark(person, posts[place], kind)
    a_mark(person, posts[0], MarkKind.SAVED)
    with assert_dynamodb_calls(1), assert_units(read=0.5):
        found = marks.get_marks(person, posts)
    expected = Marks(*(frozenset({posts[place]}) for place in range(4)))
    assert (found.liked, found.reposted, found.muted) == (expected.liked, expected.reposted, expected.muted)
    assert found.saved == {posts[0], posts[1]}
    assert marks.get_marks(person, posts[5:]) == UNMARKED
    with assert_dynamodb_calls(0):
        assert marks.get_marks(person, []) == UNMARKED


def test_posts_far_apart_are_one_batch() -> None:
    person = UserId(next_id())
    posts = [PostId(id_at(NOW_MS + step * CLOSE_MS // 4)) for step in range(20)]
    for post_id in posts[::3]:
        a_mark(person, post_id, MarkKind.LIKED)
    with metered() as calls:
        found = marks.get_marks(person, posts)
    assert [call.operation for call in calls] == ["batch_get_item"]
    assert found.liked == set(posts[::3])


def test_whoever_marks_much_gets_the_rest_by_batch() -> None:
    person, posts = UserId(next_id()), ids_from(NOW_MS, 2 * MARKS_READ)
    batch_write(
        [
            (POSTS, {**keys.mark(person, post_id, kind), "post_id": post_id})
            for post_id in posts
            for kind in (MarkKind.LIKED, MarkKind.SAVED)
        ]
    )
    shown = posts[::11]
    with metered() as calls:
        found = marks.get_marks(person, shown)
    assert [call.operation for call in calls] == ["query", "batch_get_item"]
    assert found.liked == found.saved == set(shown)
    assert not found.muted


def test_likes_of_a_person_are_paged_by_post_whatever_else_they_mark() -> None:
    ana = a_user()
    posts = [a_post(by=ana, text=f"{number}") for number in range(5)]
    for post in posts:
        likes(ana, post)
        a_mark(id_of(ana), post.id, MarkKind.SAVED)
    first = marks.query_likes_of(id_of(ana), after=None, limit=3)
    rest = marks.query_likes_of(id_of(ana), after=first[-1][0], limit=3)
    assert [post_id for post_id, _at in [*first, *rest]] == [post.id for post in posts]


def test_cards_say_what_their_viewer_has_marked() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    for kind in (MarkKind.SAVED, MarkKind.MUTED):
        a_mark(id_of(bob), post.id, kind)
    card = selectors.post_cards(id_of(bob), [post])[0]
    assert (card.liked, card.saved, card.reposted, card.muted) == (False, True, False, True)
    card = selectors.post_cards(id_of(ana), [post])[0]
    assert (card.saved, card.muted) == (False, False)


def an_old_like(post_id: PostId, user_id: UserId, *, at_ms: int = NOW_MS) -> None:
    """As releases of before left it: counted, and in the post's partition."""
    like_create(user_id=user_id, post_id=post_id)
    mark = keys.mark(user_id, post_id, MarkKind.LIKED)
    item = get_item(POSTS, mark, consistent=True)
    assert item
    old = {name: item[name] for name in ("post_id", "user_id", "author_id")}
    old |= {**old_like_key(post_id, user_id), "created_at_ms": at_ms}
    batch_write([(POSTS, old | {"gpk": f"LIKER#{user_id}", "gsk": post_id})], [(POSTS, mark)])


@pytest.fixture
def not_moved_yet(own_dynamodb: None, settings: Any) -> None:
    """An installation whose likes are still to be moved."""
    settings.TABLE_PREFIX = f"own{next_id()}-"
    create_tables()
    batch_write(deletes=[(TABLE_CHANGES, {"pk": "posts", "sk": "0003#STATE"})])


def test_a_moved_like_is_counted_as_before_and_heard_by_nobody() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    an_old_like(post.id, id_of(bob))
    likes(ana, post)
    for _twice in range(2):
        like_move(post.id, id_of(bob))
    assert selectors.liked_among(id_of(bob), [post.id]) == {post.id}
    assert old_liked_among(id_of(bob), [post.id]) == set()
    assert selectors.post_counts(post.id).likes == 2
    moved = get_item(POSTS, keys.mark(id_of(bob), post.id, MarkKind.LIKED), consistent=True)
    assert moved
    assert moved["created_at_ms"] == id_time_ms(moved["mark_id"]) == NOW_MS
    assert LikeCreated.from_change(a_change("INSERT", None, moved)) is None
    assert like_moved(moved) is None
    like_delete(user_id=id_of(bob), post_id=post.id)
    assert selectors.post_counts(post.id).likes == 1


def test_old_likes_count_until_they_are_moved_by_hand_or_by_the_table_change(not_moved_yet: None) -> None:
    ana, bob, carol = a_user(), a_user("bob"), a_user("carol")
    post = a_post(by=ana)
    people = [id_of(user) for user in (ana, bob, carol)]
    for person in people:
        an_old_like(post.id, person)
    assert all(selectors.liked_among(person, [post.id]) for person in people)
    likes(bob, post)
    assert selectors.post_counts(post.id).likes == 3
    like_delete(user_id=id_of(carol), post_id=post.id)
    assert selectors.post_counts(post.id).likes == 2
    assert not selectors.liked_among(id_of(carol), [post.id])
    said: list[str] = []
    apply_change(LIKES_WITH_PERSON, report=said.append, segments=1)
    assert said[-2].endswith("1 changed")
    assert [marks.get_marks(person, [post.id]).liked for person in people] == [{post.id}, {post.id}, set()]
    assert selectors.post_counts(post.id).likes == 2
    assert {like for like, _at in marks.query_likes_of(id_of(ana), after=None, limit=5)} == {post.id}
