"""From the stream to shards: measuring, spreading and folding; records twice, tasks in any order, Redis away."""

import random
from collections.abc import Callable, Iterator

import pytest

from config.celery import app
from config.dynamodb import Update, update_item
from config.entities import PostId, UserId
from config.ids import id_time_ms, next_id
from config.streams import Change
from config.streams.shards import LATEST, shards_of, stream_arn
from config.streams.tail import ShardTail
from posts import cache, consumers, counters, promotion, selectors
from posts.count_events import CountsChanged
from posts.entities import Post
from posts.repository import counts, keys, likes
from posts.services import like_create, like_delete, post_delete
from posts.spread import HOT, QUIET, spread_of
from posts.tables import COUNT_SHARDS, POSTS
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.graph.test_heat import made_hot
from tests.posts.factory import a_post
from tests.posts.test_spread import a_hot_post, in_all

pytestmark = pytest.mark.django_db
AT_MS = 1_790_000_000_000


@pytest.fixture
def eager() -> Iterator[None]:
    """Tasks run where they are queued."""
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager = app.conf.task_eager_propagates = False


@pytest.fixture
def stream_of_posts() -> Callable[[], list[Change]]:
    """What has come into the stream since the test began."""
    arn = stream_arn(POSTS)
    assert arn
    tails = [ShardTail(POSTS, arn, shard.id, LATEST) for shard in shards_of(arn) if not shard.is_closed]
    for tail in tails:
        tail.seek()
    return lambda: [change for tail in tails for change in iter_all(tail)]


def iter_all(tail: ShardTail) -> Iterator[Change]:
    while changes := tail.read():
        yield from changes


def measured(post_id: PostId, number: int, at_ms: int = AT_MS) -> list[PostId]:
    """So many changes in one window; what is to be spread."""
    asked: list[PostId] = []
    for _ in range(number):
        promotion.change_measured(post_id=post_id, at_ms=at_ms, spread=asked.append)
    return asked


def test_twenty_changes_a_second_spread_a_post_and_fewer_do_not() -> None:
    post = a_post(by=a_user())
    for window in range(3):
        assert measured(post.id, 99, AT_MS + window * promotion.WINDOW_MS) == []
    assert measured(post.id, 1, AT_MS) == [post.id]
    assert promotion.post_spread(post_id=post.id)
    assert not promotion.post_spread(post_id=post.id)
    assert spread_of(post.id) == HOT
    assert selectors.post_by_id(post.id).spread == COUNT_SHARDS


def test_what_was_counted_before_a_post_is_spread_stays_counted() -> None:
    post, people = a_post(by=a_user()), [UserId(next_id()) for _ in range(9)]
    for person in people[:4]:
        like_create(user_id=person, post_id=post.id)
    promotion.post_spread(post_id=post.id)
    for person in people[4:]:
        like_create(user_id=person, post_id=post.id)
    like_delete(user_id=people[0], post_id=post.id)
    counters.counts_fold(post_id=post.id)
    assert selectors.post_by_id(post.id).like_count == in_all(post) == 8


def test_a_hot_authors_post_is_born_spread_and_others_are_not() -> None:
    star = a_user("star")
    quiet = a_post(by=star)
    assert spread_of(quiet.id) == QUIET
    made_hot(id_of(star), shards=4, write_shards=4)
    post = a_post(by=star)
    assert spread_of(post.id) == HOT
    assert selectors.post_by_id(post.id).spread == COUNT_SHARDS
    post_delete(user_id=id_of(star), post_id=post.id)
    assert not promotion.post_spread(post_id=post.id)


def a_change(post: Post, old: dict[str, int] | None, new: dict[str, int] | None, shard: int | None) -> Change:
    key = keys.counts(post.id, shard)
    return Change(
        event_id=f"e{next_id()}",
        table=POSTS,
        kind="MODIFY" if old and new else "INSERT",
        keys=key,
        old=None if old is None else {**key, **old},
        new=None if new is None else {**key, **new},
        sequence="1",
        at_ms=AT_MS,
    )


def test_only_what_is_counted_is_an_event() -> None:
    post = a_post(by=a_user())
    heard = {
        "first": CountsChanged.from_change(a_change(post, None, {"likes": 1, "changes": 1}, None)),
        "spread": CountsChanged.from_change(
            a_change(post, {"changes": 1, "spread": 16}, {"changes": 2, "spread": 16}, None)
        ),
        "shard": CountsChanged.from_change(a_change(post, {"changes": 7}, {"changes": 8}, 11)),
        "folded": CountsChanged.from_change(a_change(post, {"changes": 7}, {"changes": 7, "folds": 1}, None)),
        "closed": CountsChanged.from_change(a_change(post, {"changes": 7}, {"changes": 7, "closed": 1}, 3)),
        "opened": CountsChanged.from_change(a_change(post, None, {}, 3)),
        "gone": CountsChanged.from_change(a_change(post, {"changes": 7}, None, 3)),
    }
    said = {name: (it.post_id == post.id, it.in_shard, it.is_spread) for name, it in heard.items() if it}
    assert said == {
        "first": (True, False, False),
        "spread": (True, False, True),
        "shard": (True, True, True),
    }


def test_a_fold_is_queued_once_and_again_after_it_has_run() -> None:
    post, queued = a_hot_post(), list[PostId]()
    for _however_many in range(5):
        counters.fold_soon(post_id=post.id, fold=queued.append)
    assert queued == [post.id]
    counters.counts_fold(post_id=post.id)
    counters.fold_soon(post_id=post.id, fold=queued.append)
    assert queued == [post.id] * 2


def test_a_fold_that_could_not_be_queued_is_queued_by_the_record_that_comes_again() -> None:
    post, queued = a_hot_post(), list[PostId]()

    def broken(_post_id: PostId) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        counters.fold_soon(post_id=post.id, fold=broken)
    counters.fold_soon(post_id=post.id, fold=queued.append)
    assert queued == [post.id]


def test_exactly_once_in_effect_however_often_records_and_tasks_come_and_in_whatever_order(
    eager: None, stream_of_posts: Callable[[], list[Change]]
) -> None:
    choose = random.Random(5)
    post, people = a_hot_post(), [UserId(next_id()) for _ in range(50)]
    for person in people:
        like_create(user_id=person, post_id=post.id)
    for person in people[::4]:
        like_delete(user_id=person, post_id=post.id)
    records = [it for change in stream_of_posts() if (it := CountsChanged.from_change(change))]
    of_post = [record for record in records if record.post_id == post.id]
    assert len(of_post) == 63
    twice = of_post * 2
    choose.shuffle(twice)
    for record in twice:
        consumers.measure_change(record)
        consumers.fold_after_change(record)
    assert selectors.post_by_id(post.id).like_count == in_all(post) == 37
    for _late_and_repeated in range(3):
        counters.counts_fold(post_id=post.id)
    assert selectors.post_counts(post.id).likes == 37


def test_without_redis_nothing_is_spread_and_every_event_folds(redis_stopped: None) -> None:
    post, queued = a_post(by=a_user()), list[PostId]()
    assert measured(post.id, 200) == []
    assert counts.set_spread(post.id)
    likes.put_like(post.id, UserId(next_id()), author_id=post.author_id, shard=4)
    for _however_many in range(2):
        counters.fold_soon(post_id=post.id, fold=queued.append)
    assert queued == [post.id] * 2
    counters.counts_fold(post_id=post.id)
    assert selectors.post_counts(post.id).likes == 1


def test_a_wrong_sum_is_put_right_by_the_next_fold() -> None:
    post = a_hot_post()
    likes.put_like(post.id, UserId(next_id()), author_id=post.author_id, shard=4)
    update_item(POSTS, keys.counts(post.id), Update(set={"likes_elsewhere": [9] * COUNT_SHARDS, "folds": 40}))
    cache.forget_counts(post.id)
    assert selectors.post_by_id(post.id).like_count == 144
    counters.counts_fold(post_id=post.id)
    assert selectors.post_by_id(post.id).like_count == 1
    assert id_time_ms(post.id) <= (selectors.post_by_id(post.id).folded_at_ms or 0)
