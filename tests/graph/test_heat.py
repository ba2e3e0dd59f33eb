"""Hot accounts: when they are spread, where their followers lie, and that readers see all of them."""

from dataclasses import replace
from itertools import pairwise

import pytest

from config import cache
from config.dynamodb import get_item
from config.dynamodb.metering import assert_dynamodb_calls, assert_units
from config.entities import UserId
from config.ids import id_time_ms, next_id
from graph import counter_repository, heat, heat_repository, promotion, repository, selectors
from graph.entities import QUIET, Counts, Edge, Heat
from graph.keys import counts_key, out_edge_key
from graph.promotion import CALM_MS, spread
from graph.tables import GRAPH
from tests.graph.factory import a_stranger

NOW_MS = 1_800_000_000_000


def made_hot(user_id: UserId, **how: object) -> Heat:
    """The account is spread so from now on."""
    before = heat_repository.heat_get(user_id, consistent=True)
    after = replace(before, version=before.version + 1, **how)
    assert promotion.heat_store(user_id, after, now_ms=id_time_ms(next_id()))
    return after


def followed(followee: UserId, number: int, *, heat: Heat = QUIET) -> list[Edge]:
    """New followers with handles, the newest first."""
    edges = [
        Edge(a_stranger(), followee, next_id(), follower_handle=f"fan_{position % 7}{position:03}")
        for position in range(number)
    ]
    for edge in edges:
        assert repository.edge_put(edge, heat=heat)
    return edges[::-1]


def walked(followee: UserId, limit: int) -> list[Edge]:
    """All pages, newest first; each full but the last."""
    edges, cursor = [], None
    while True:
        page = selectors.followers_page(followee, cursor=cursor, limit=limit)
        edges += page.items
        if (cursor := page.next_cursor) is None:
            return edges
        assert len(page.items) == limit


# --- the decision -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("followers", "rate", "shards", "width"),
    [
        (0, 0, 1, 1),
        (10_000, 200, 1, 1),
        (10_001, 0, 2, 1),
        (100_000, 0, 16, 1),
        (50_000_000, 0, 128, 1),
        (5, 201, 2, 1),
        (5, 501, 4, 2),
        (5, 9_000, 64, 4),
    ],
)
def test_size_and_rate_decide_in_powers_of_two(followers: int, rate: float, shards: int, width: int) -> None:
    heat = spread(QUIET, followers=followers, rate=rate, now_ms=NOW_MS)
    assert (heat.shards, heat.write_shards, heat.epochs[-1][1]) == (shards, shards, width)
    assert (heat is QUIET) == (shards == width == 1)


def test_up_at_once_and_down_by_half_after_minutes_of_calm() -> None:
    hot = spread(QUIET, followers=0, rate=1_500, now_ms=NOW_MS)
    assert (hot.shards, hot.epochs[-1][1]) == (8, 4)
    assert spread(hot, followers=0, rate=700, now_ms=NOW_MS) == hot, "not calm enough to go down"
    calm = spread(hot, followers=0, rate=10, now_ms=NOW_MS)
    assert (calm.write_shards, calm.calm_since_ms) == (8, NOW_MS)
    assert spread(calm, followers=0, rate=10, now_ms=NOW_MS + CALM_MS - 1) == calm
    stirred = spread(calm, followers=0, rate=900, now_ms=NOW_MS + 1)
    assert stirred.calm_since_ms is None
    cooler = spread(calm, followers=0, rate=10, now_ms=NOW_MS + CALM_MS)
    assert (cooler.shards, cooler.write_shards, cooler.epochs[-1][1]) == (8, 4, 2)
    assert cooler.shards == hot.shards, "read for ever"
    begins_ms = id_time_ms(cooler.epochs[-1][0])
    assert begins_ms >= NOW_MS + CALM_MS + 2 * heat.EPOCHS_MS, "every writer has heard of it by then"
    steps = [cooler]
    for minute in range(1, 40):
        steps.append(spread(steps[-1], followers=0, rate=0, now_ms=NOW_MS + CALM_MS + minute * 60_000))
    assert (steps[-1].write_shards, steps[-1].epochs[-1][1]) == (1, 1)
    assert all(after.write_shards * 2 >= before.write_shards for before, after in pairwise(steps))


def test_epochs_stay_few_and_keep_the_widths_of_what_they_merge() -> None:
    state, now_ms = QUIET, NOW_MS
    for _ in range(60):
        state = spread(state, followers=0, rate=3_000, now_ms=now_ms)
        state = spread(state, followers=0, rate=0, now_ms=now_ms)
        now_ms += CALM_MS
        state = spread(state, followers=0, rate=0, now_ms=now_ms)
    assert len(state.epochs) <= promotion.MOST_EPOCHS + 1
    assert state.epochs[0] == (0, 4)
    assert list(state.epochs) == sorted(state.epochs)


# --- spread edges are all found ---------------------------------------------------------------------------------------
def test_pages_cross_epochs_and_parts_full_and_in_order_whatever_the_writers_knew() -> None:
    bob = a_stranger()
    expected = followed(bob, 9)
    hot = made_hot(bob, shards=4, write_shards=4, epochs=((0, 1), (next_id(), 4)))
    expected = followed(bob, 12, heat=hot) + expected
    expected = followed(bob, 6) + expected  # by writers who have not heard of it
    hot = made_hot(bob, shards=8, write_shards=8, epochs=(*hot.epochs, (next_id(), 2)))
    expected = followed(bob, 10, heat=hot) + expected
    for limit in (1, 4, 7, 20, 50):
        assert walked(bob, limit) == expected
    assert {edge.shard for edge in walked(bob, 50)} > {0, 1, 2, 3}
    assert {edge.part for edge in walked(bob, 50)} == {0, 1, 2, 3}


def test_a_cursor_holds_when_its_edge_goes_and_the_account_is_spread_anew() -> None:
    bob = a_stranger()
    hot = made_hot(bob, shards=2, write_shards=2, epochs=((0, 2),))
    newest_first = followed(bob, 12, heat=hot)
    page = selectors.followers_page(bob, limit=5)
    gone = newest_first[4]
    assert repository.edge_delete(gone.follower_id, bob, follower_handle=gone.follower_handle, heat=hot)
    hot = made_hot(bob, shards=4, write_shards=4, epochs=((0, 2), (next_id(), 4)))
    followed(bob, 3, heat=hot)
    rest = selectors.followers_page(bob, cursor=page.next_cursor, limit=20)
    assert rest.items == newest_first[5:]


def test_edges_of_one_instant_in_several_parts_are_neither_lost_nor_repeated() -> None:
    bob, moment = a_stranger(), next_id()
    hot = made_hot(bob, shards=2, write_shards=2, epochs=((0, 4),))
    edges = [Edge(a_stranger(), bob, moment, follower_handle=f"h{n}") for n in range(13)]
    for edge in edges:
        repository.edge_put(edge, heat=hot)
    for limit in (1, 2, 5):
        seen = [edge.follower_id for edge in walked(bob, limit)]
        assert sorted(seen) == sorted(edge.follower_id for edge in edges)


def test_a_page_costs_half_a_unit_a_part_and_a_follow_the_same_as_ever() -> None:
    bob = a_stranger()
    hot = made_hot(bob, shards=8, write_shards=8, epochs=((0, 1),))
    followed(bob, 25, heat=hot)
    with assert_dynamodb_calls(1), assert_units(read=0.5, write=0):
        selectors.followers_page(bob)
    wide = made_hot(bob, epochs=((0, 1), (next_id(), 4)))
    followed(bob, 60, heat=wide)
    with assert_dynamodb_calls(4), assert_units(read=2, write=0):
        selectors.followers_page(bob)
    edge = Edge(a_stranger(), bob, next_id(), follower_handle="late")
    with assert_dynamodb_calls(1), assert_units(write=10):
        repository.edge_put(edge, heat=wide)
    with assert_dynamodb_calls(1), assert_units(read=0.5):
        selectors.counts(bob)


def test_by_handle_and_by_its_beginning_over_all_shards() -> None:
    bob = a_stranger()
    edges = followed(bob, 8)
    edges += followed(bob, 20, heat=made_hot(bob, shards=4, write_shards=4))
    expected = sorted(edges, key=lambda edge: (edge.follower_handle, str(edge.follower_id)))
    for prefix in ("", "fan_3", "fan_30", "nobody"):
        seen, cursor = [], None
        while True:
            page = selectors.followers_by_handle(bob, prefix=prefix, cursor=cursor, limit=3)
            seen += page.items
            if (cursor := page.next_cursor) is None:
                break
            assert len(page.items) == 3
        assert seen == [edge for edge in expected if edge.follower_handle.startswith(prefix)]


def test_a_fan_out_walks_every_shard_in_full_pages() -> None:
    bob = a_stranger()
    edges = followed(bob, 10)
    edges += followed(bob, 30, heat=made_hot(bob, shards=8, write_shards=8))
    for limit in (1, 7, 40, 100):
        seen, cursor = [], None
        while True:
            ids, cursor = selectors.follower_ids_page(bob, cursor=cursor, limit=limit)
            seen += ids
            if cursor is None:
                break
            assert len(ids) == limit
        assert sorted(seen) == sorted(edge.follower_id for edge in edges)


# --- leaving ----------------------------------------------------------------------------------------------------------
def test_leaving_is_one_request_and_two_for_a_follow_of_before_the_shards_grew() -> None:
    bob = a_stranger()
    hot = Heat(shards=8, write_shards=8)
    early = next(edge for edge in followed(bob, 20) if hot.shard_of(edge.follower_id))
    made_hot(bob, shards=8, write_shards=8)
    late = followed(bob, 1, heat=hot)[0]
    for edge, requests in ((late, 1), (early, 2)):
        with assert_dynamodb_calls(requests):
            assert repository.edge_delete(
                edge.follower_id, bob, follower_handle=edge.follower_handle, heat=hot
            )
        assert not repository.edge_delete(
            edge.follower_id, bob, follower_handle=edge.follower_handle, heat=hot
        )
    assert get_item(GRAPH, out_edge_key(early.follower_id, bob)) is None
    assert selectors.counts(bob, consistent=True) == Counts(19, 0)


# --- counters ---------------------------------------------------------------------------------------------------------
def test_counters_of_a_hot_account_are_folded_and_exact_when_asked() -> None:
    bob = a_stranger()
    followed(bob, 3)
    followed(bob, 30, heat=made_hot(bob, shards=4, write_shards=4))
    assert selectors.counts(bob).followers < 33, "what is elsewhere has not been folded"
    assert selectors.counts(bob, consistent=True) == Counts(33, 0)
    counter_repository.fold(bob, shards=4, now_ms=NOW_MS)
    assert selectors.counts(bob) == selectors.counts_by_ids([bob])[bob] == Counts(33, 0)
    item = get_item(GRAPH, counts_key(bob), consistent=True)
    assert item is not None
    counter_repository.fold(bob, shards=2, now_ms=NOW_MS - 1)
    assert selectors.counts(bob).followers == 33, "an older fold changes nothing"


def test_regions_add_to_counters_of_their_own_and_readers_sum_them(settings: object) -> None:
    bob = a_stranger()
    settings.REGIONS = ["north-1", "south-1"]  # type: ignore[attr-defined]
    hot = made_hot(bob, shards=2, write_shards=2)
    for region, number in (("north-1", 5), ("south-1", 7)):
        settings.REGION = region  # type: ignore[attr-defined]
        followed(bob, number, heat=hot)
        counter_repository.fold(bob, shards=2, now_ms=NOW_MS)
    assert selectors.counts(bob) == selectors.counts(bob, consistent=True) == Counts(12, 0)
    assert get_item(GRAPH, counts_key(bob, region="north-1")) != get_item(GRAPH, counts_key(bob))


# --- what is known ----------------------------------------------------------------------------------------------------
def test_writers_ask_the_cache_only_and_take_whom_they_do_not_know_for_quiet() -> None:
    bob = a_stranger()
    with assert_dynamodb_calls(0):
        assert heat.heat_to_write(bob) is QUIET
    hot = made_hot(bob, shards=4, write_shards=4, epochs=((0, 2),))
    with assert_dynamodb_calls(0):
        assert heat.heat_to_write(bob) == heat.heat_of(bob) == hot
    heat.heat_keep(bob, hot, at_ms=id_time_ms(next_id()) - heat.EPOCHS_MS - 1)
    assert heat.heat_to_write(bob) == replace(hot, epochs=((0, 1),)), (
        "old knowledge of parts counts for nothing"
    )
    with assert_dynamodb_calls(1):
        assert heat.heat_of(bob) == hot, "a reader looks again"
    cache.delete(heat.KIND, bob)
    assert heat.heat_to_write(bob) is QUIET


def test_of_two_decisions_one_is_stored() -> None:
    bob = a_stranger()
    first, second = Heat(shards=2, version=1), Heat(shards=4, version=1)
    assert heat_repository.heat_put(bob, first)
    assert not heat_repository.heat_put(bob, second)
    assert heat_repository.heat_get(bob, consistent=True) == first
    assert (bob, first) in heat_repository.hot_accounts()
