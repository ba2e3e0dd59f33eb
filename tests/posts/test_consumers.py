"""What follows from the stream: counts and files, whatever is delivered twice or in another order."""

import time
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path

import pytest

from config.celery import app
from config.dynamodb import get_item, transact
from config.entities import UserId
from config.ids import next_id
from config.streams import Change, start
from posts import cache, consumers, services
from posts.comment_events import CommentCreated
from posts.entities import PostCounts
from posts.events import PostCreated, PostDeleted
from posts.like_events import LikeCreated, LikeDeleted
from posts.media.names import rendition_names
from posts.removal import deleted_sweep
from posts.repository import keys
from posts.repository.comment_items import item_of_comment
from posts.repository.items import item_of_post
from posts.repository.likes import like_item
from posts.repository.media import get_medium
from posts.selectors import author_post_counts, post_by_id
from posts.spread import QUIET, counts_change
from posts.tables import POSTS
from tests.accounts.factory import a_user
from tests.posts.factory import a_comment, a_photo, a_post, bury_body, likes

pytestmark = pytest.mark.django_db


@pytest.fixture
def eager() -> Iterator[None]:
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager = app.conf.task_eager_propagates = False


def count_of(author_id: UserId) -> int:
    return author_post_counts([author_id])[author_id]


def test_posts_are_counted_through_the_stream(settle: Callable[[], None]) -> None:
    ana = a_user()
    ana_id = UserId(ana.pk)
    start()
    posts = [a_post(by=ana, text=f"Number {n}.") for n in range(3)]
    settle()
    assert count_of(ana_id) == 3
    services.post_delete(user_id=ana_id, post_id=posts[0].id)
    services.post_delete(user_id=ana_id, post_id=posts[0].id)
    likes(ana, posts[1])
    a_comment(by=ana, on=posts[1])
    settle()
    assert count_of(ana_id) == 2


def test_counts_of_a_writer_that_ended_before_telling_come_by_the_stream_and_late_ones_stay_out(
    settle: Callable[[], None],
) -> None:
    post = a_post(by=a_user())
    settle()
    start()
    assert post_by_id(post.id).like_count == 0
    transact([counts_change(post.id, QUIET, add={"likes": 1})])
    assert post_by_id(post.id).like_count == 0, "the cache was not told"
    settle()
    assert post_by_id(post.id).like_count == 1
    cache.put_later_counts(post.id, PostCounts(likes=0, changes=0))
    assert post_by_id(post.id).like_count == 1


def test_files_go_when_a_deleted_post_can_not_come_back_and_only_then(
    settle: Callable[[], None], settings: object, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    ana = a_user()
    start()
    kept, gone = a_post(by=ana, photo=a_photo()), a_post(by=ana, photo=a_photo())
    settle()
    services.post_clear_deleted(post_id=kept.id)  # a stray delivery: the post is live
    services.post_delete(user_id=UserId(ana.pk), post_id=gone.id)
    settle()
    assert len(list(tmp_path.rglob("*.*"))) == 16
    for _twice in range(2):
        deleted_sweep(now_ms=time.time_ns() // 1_000_000 + services.UNDO_MS)
        settle()
        files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")}
        bury_body(kept)
        shown = post_by_id(kept.id).photos[0]
        assert len(files) == 8
        assert files == set(rendition_names(shown))
    assert [
        medium_id for medium_id in (shown.id, gone.photos[0].id) if medium_id and get_medium(medium_id)
    ] == [shown.id]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_any_order_and_any_number_of_deliveries_count_once(eager: None, order: tuple[int, ...]) -> None:
    author, first, second = UserId(a_user().pk), a_post(by=a_user()), a_post(by=a_user())
    tag = f"{next_id()}"
    deliveries: list[Callable[[], None]] = [
        lambda: consumers.count_created(PostCreated(f"{tag}a", first.id, author, first.audience, 0)),
        lambda: consumers.count_created(PostCreated(f"{tag}b", second.id, author, first.audience, 0)),
        lambda: consumers.count_deleted(PostDeleted(f"{tag}c", first.id, author, has_photo=False)),
        lambda: consumers.count_created(PostCreated(f"{tag}a", first.id, author, first.audience, 0)),
    ]
    for index in order:
        deliveries[index]()
        deliveries[index]()
    assert count_of(author) == 1


def a_change(kind: str, old: object, new: object) -> Change:
    item = new or old
    return Change(
        event_id="e1",
        table=POSTS,
        kind=kind,  # type: ignore[arg-type]
        keys={"pk": item["pk"], "sk": item["sk"]},  # type: ignore[index]
        old=old,  # type: ignore[arg-type]
        new=new,  # type: ignore[arg-type]
        sequence="1",
        at_ms=0,
    )


def test_each_change_is_one_event_or_none() -> None:
    ana = a_user()
    post = a_post(by=ana, audience="followers")
    meta, comment = item_of_post(post), item_of_comment(a_comment(by=ana, on=post))
    gone = {**meta, "deleted_at_ms": 5}
    like = like_item(post.id, UserId(7), author_id=post.author_id, mark_id=next_id(), created_at_ms=9)
    liked = ("e1", post.id, UserId(7), post.author_id, like["mark_id"])
    counts = {**keys.counts(post.id), "likes": 1}
    created = PostCreated("e1", post.id, post.author_id, post.audience, post.created_at_ms, post.text)
    deleted = PostDeleted("e1", post.id, post.author_id, has_photo=False, text=post.text)
    expected = {
        ("INSERT", None, 0): [created],
        ("MODIFY", 0, 1): [deleted],
        ("MODIFY", 1, 1): [],
        ("REMOVE", 1, None): [],
        ("INSERT", None, 2): [LikeCreated(*liked)],
        ("REMOVE", 2, None): [LikeDeleted(*liked)],
        ("INSERT", None, 5): [],
        ("INSERT", None, 3): [CommentCreated("e1", post.id, comment["comment_id"], post.author_id)],
        ("REMOVE", 3, None): [],
        ("INSERT", None, 4): [],
        ("MODIFY", 4, 4): [],
    }
    items = [meta, gone, like, comment, counts, {**like, "moved": True}]
    for (kind, old, new), events in expected.items():
        change = a_change(kind, None if old is None else items[old], None if new is None else items[new])
        kinds = (PostCreated, PostDeleted, LikeCreated, LikeDeleted, CommentCreated)
        heard = [event.from_change(change) for event in kinds]
        assert [event for event in heard if event] == events, (kind, old, new)


def test_a_post_that_goes_after_its_author_makes_no_count_anew(eager: None) -> None:
    ana = a_user()
    author, post = UserId(ana.pk), a_post(by=ana)
    ana.delete()
    consumers.count_deleted(PostDeleted(f"{next_id()}", post.id, author, has_photo=False))
    assert get_item(POSTS, keys.stats(author)) is None
