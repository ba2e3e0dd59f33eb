"""From the stream to shards: measuring, promotion and folding, with Redis and without."""

import time
from collections.abc import Callable

import pytest

from config import cache
from config.dynamodb import Update, update_item
from config.entities import UserId
from config.ids import next_id
from graph import counters, heat_repository, promotion, repository, selectors
from graph.entities import QUIET, Counts, Edge, Heat
from graph.heat import heat_to_write
from graph.keys import counts_key
from graph.tables import GRAPH
from tests.graph.factory import a_stranger
from tests.graph.test_heat import followed, made_hot


def measured(followee: UserId, number: int, at_ms: int) -> list[UserId]:
    """So many follows in one window; who is asked to be reviewed."""
    asked: list[UserId] = []
    for _ in range(number):
        promotion.follow_measured(
            followee_id=followee, event_id=f"e{next_id()}", at_ms=at_ms, review=asked.append
        )
    return asked


def now() -> int:
    return time.time_ns() // 1_000_000


def test_a_rate_is_measured_and_spreads_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promotion, "SAMPLE", 1 << 40)
    monkeypatch.setattr(promotion, "FOLLOWS_A_SECOND_A_SHARD", 20)  # a tenth, for a tenth of the follows
    monkeypatch.setattr(promotion, "FOLLOWS_A_SECOND_A_PART", 50)
    bob, at_ms = a_stranger(), now()
    assert measured(bob, 99, at_ms) == []
    assert measured(bob, 402, at_ms) == [bob] * 5
    assert promotion.follow_rate(bob, now_ms=at_ms) == 50.1
    later: list[UserId] = []
    for _ in range(3):
        promotion.heat_review(user_id=bob, again=later.append)
    assert later == [bob], "once a minute, however often it is asked"
    hot = heat_repository.heat_get(bob, consistent=True)
    assert (hot.shards, hot.epochs[-1][1], hot.version) == (4, 2, 1)
    assert heat_to_write(bob) == hot


def test_size_spreads_an_account_that_grows_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promotion, "SAMPLE", 1)
    bob = a_stranger()
    assert measured(bob, 1, now()) == [bob]
    update_item(GRAPH, counts_key(bob), Update(set={"followers": 35_000, "following": 0}))
    promotion.heat_review(user_id=bob, again=lambda _user: None)
    assert heat_repository.heat_get(bob, consistent=True).shards == 4


def test_only_the_home_region_decides(settings: object) -> None:
    bob = a_stranger()
    update_item(GRAPH, counts_key(bob, region="far-1"), Update(set={"followers": 35_000, "following": 0}))
    settings.REGIONS = ["home-1", "far-1"]  # type: ignore[attr-defined]
    for region, version in (("far-1", 0), ("home-1", 1)):
        settings.REGION = region  # type: ignore[attr-defined]
        promotion.heat_review(user_id=bob, again=lambda _user: None)
        assert heat_repository.heat_get(bob, consistent=True).version == version


def test_without_redis_nothing_is_measured_and_follows_go_on(redis_stopped: None) -> None:
    bob = a_stranger()
    heat_repository.heat_put(bob, Heat(shards=2, write_shards=2, version=1))
    assert heat_to_write(bob) is QUIET
    assert promotion.follow_rate(bob, now_ms=now()) == 0
    measured(bob, 3, now())
    edges = followed(bob, 5)
    assert selectors.followers_page(bob).items == edges, "readers ask DynamoDB"
    folds: list[UserId] = []
    for _ in range(3):
        counters.fold_soon(user_id=bob, shard=1, fold=folds.append)
    assert folds == [bob] * 3, "a fold for every event"


@pytest.mark.django_db
def test_the_stream_folds_what_lies_elsewhere(settle: Callable[[], None]) -> None:
    bob = a_stranger()
    hot = made_hot(bob, shards=4, write_shards=4)
    edges = followed(bob, 20, heat=hot)
    settle()
    assert selectors.counts(bob) == Counts(20, 0)
    for edge in edges[:7]:
        repository.edge_delete(edge.follower_id, bob, follower_handle=edge.follower_handle, heat=hot)
    settle()
    assert selectors.counts(bob) == selectors.counts(bob, consistent=True) == Counts(13, 0)


def test_folds_are_few_and_the_last_one_comes_last() -> None:
    bob = a_stranger()
    hot = made_hot(bob, shards=2, write_shards=2)
    folds: list[UserId] = []
    counters.fold_soon(user_id=bob, shard=0, fold=folds.append)
    assert folds == [], "the first shard needs no fold"
    for _ in range(10):
        edge = Edge(a_stranger(), bob, next_id(), follower_handle="f")
        repository.edge_put(edge, heat=hot)
        counters.fold_soon(user_id=bob, shard=1, fold=folds.append)
    assert folds == [bob]
    counters.counts_fold(user_id=bob)
    assert selectors.counts(bob).followers == 10
    counters.fold_soon(user_id=bob, shard=1, fold=folds.append)
    assert folds == [bob, bob], "a change after a fold has begun has one of its own"


def test_a_fold_that_could_not_be_queued_is_asked_for_again() -> None:
    bob = a_stranger()
    folds: list[UserId] = []

    def fails(user_id: UserId) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        counters.fold_soon(user_id=bob, shard=1, fold=fails)
    counters.fold_soon(user_id=bob, shard=1, fold=folds.append)
    assert folds == [bob]


def test_a_claim_is_for_one_until_it_ends() -> None:
    key, short = next_id(), next_id()
    assert cache.claim("test", key, ttl_seconds=60)
    assert not cache.claim("test", key, ttl_seconds=60)
    assert cache.claim("test", short, ttl_seconds=0.02)
    time.sleep(0.05)
    assert cache.claim("test", short, ttl_seconds=0.02)
