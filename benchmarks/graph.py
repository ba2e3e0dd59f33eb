"""The follow graph, quiet and hot: what operations cost, and what a crowd at one account does.

Accounts with 100 followers and with 100,000 (made by the bulk repository, spread over shards as their size demands) are
asked the same things, taking turns so that the machine's noise meets both.

    hot_followers, hot_shards                    size and spread of the large one; smaller only if time ran out, as it says
    follow_write_units, unfollow_write_units     one follow and its end, by AWS's rules; the same for both accounts
    is_following_read_units                      one question
    followers_page_read_units                    a page of 20, newest first
    hot_page_time_ratio                          median time of that page, large over small
    hot_units_equal                              whether every operation costs the same units and rounds in both
    quiet_* and hot_*                            for each operation units, rounds, p50 and p95 in milliseconds
    hot_follow_rate_ratio                        follows a second of 64 threads at one spread account, over those of
                                                 the same number of follows at 64 accounts, in turns
    lost_updates                                 by how much counters differ from edges and from the follows made, over all

The crowd goes through the repository, as services do after the followee's card and heat came from the cache. DynamoDB
Local knows no hot partition and no conflict between transactions, so the ratio says that our own work is the same for
both; that no counter is shared by all follows is in the keys.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import cycle
from statistics import median

from benchmarks.harness import Options, percentile, progress, ratio, run
from config.dynamodb.metering import metered
from config.dynamodb.metering import rounds as rounds_of
from config.entities import UserId
from config.ids import next_id
from graph import bulk, heat_repository, repository, selectors
from graph.entities import Edge, Heat
from graph.heat import heat_of, heat_to_write
from graph.promotion import heat_store

QUIET_FOLLOWERS, HOT_FOLLOWERS = 100, 100_000
MAKING_SECONDS = 25
THREADS = 64
CROWD_SHARDS = 16

Operation = Callable[[UserId], object]


class OutOfTime(Exception):
    """The large account has not become as large as it should."""


def a_person() -> UserId:
    """Somebody of whom the repository needs to know no more."""
    return UserId(next_id())


def with_followers(number: int, *, most_seconds: float) -> UserId:
    """An account of that size, or as large as it became in time."""
    followee, began = a_person(), time.monotonic()

    def watch(done: int, total: int) -> None:
        if done % 20_000 == 0:
            progress(f"{done:,} of {total:,} followers after {time.monotonic() - began:.0f} s")
        if time.monotonic() - began > most_seconds and done < total:
            raise OutOfTime

    make = partial(bulk.followers_make, followee_id=followee, followee_handle="bench", own_counters=False)
    try:
        make(number=number, progress=watch)
    except OutOfTime:
        progress("no time for more")
    return followee


def followed(followee: UserId, heat: Heat) -> Edge:
    """One follow by somebody new."""
    edge = Edge(a_person(), followee, next_id(), follower_handle="newcomer", followee_handle="bench")
    if not repository.edge_put(edge, heat=heat):
        message = "a newcomer followed already"
        raise RuntimeError(message)
    return edge


def follow(followee: UserId) -> Edge:
    """As the service does it, once the cards are there."""
    return followed(followee, heat_to_write(followee))


def operations() -> dict[str, Operation]:
    """What is asked of each account; `unfollow` follows first, outside of the measure."""
    return {
        "follow": follow,
        "unfollow": follow,
        "is_following": lambda followee: selectors.is_following(a_person(), followee),
        "followers_page": lambda followee: selectors.followers_page(followee, limit=20),
        "followers_later_page": lambda followee: selectors.followers_page(
            followee, limit=20, cursor=selectors.followers_page(followee, limit=20).next_cursor
        ),
        "counts": selectors.counts,
    }


def measured(name: str, followee: UserId) -> tuple[float, tuple[float, float, int]]:
    """Milliseconds; read units, write units and rounds of one operation."""
    heat_of(followee)  # known, as it is of any account that is looked at
    act: Callable[[], object] = partial(operations()[name], followee)
    if name == "unfollow":
        edge = follow(followee)
        act = partial(
            repository.edge_delete,
            edge.follower_id,
            followee,
            follower_handle=edge.follower_handle,
            heat=heat_to_write(followee),
        )
    if name == "followers_later_page":
        cursor = selectors.followers_page(followee, limit=20).next_cursor
        act = partial(selectors.followers_page, followee, limit=20, cursor=cursor)
    began = time.perf_counter()
    act()
    milliseconds = (time.perf_counter() - began) * 1000
    return milliseconds, units_of(act, name, followee)


def units_of(act: Callable[[], object], name: str, followee: UserId) -> tuple[float, float, int]:
    """Measured apart from time, for exact units take reads of their own; a follow that ended is made again first."""
    if name == "unfollow":
        edge = follow(followee)
        act = partial(
            repository.edge_delete,
            edge.follower_id,
            followee,
            follower_handle=edge.follower_handle,
            heat=heat_to_write(followee),
        )
    with metered() as calls:
        act()
    return sum(call.read_units for call in calls), sum(call.write_units for call in calls), rounds_of(calls)


def of_both(quiet: UserId, hot: UserId, repeats: int) -> dict[str, float | bool]:
    """Each operation on both accounts in turns."""
    figures: dict[str, float | bool] = {}
    equal = True
    for name in operations():
        times: dict[str, list[float]] = {"quiet": [], "hot": []}
        units: dict[str, set[tuple[float, float, int]]] = {"quiet": set(), "hot": set()}
        for _ in range(repeats):
            for which, followee in (("quiet", quiet), ("hot", hot)):
                milliseconds, cost = measured(name, followee)
                times[which].append(milliseconds)
                units[which].add(cost)
        for which in ("quiet", "hot"):
            reads, writes, rounds = max(units[which])
            figures |= {
                f"{which}_{name}_read_units": reads,
                f"{which}_{name}_write_units": writes,
                f"{which}_{name}_rounds": rounds,
                f"{which}_{name}_p50_ms": round(median(times[which]), 2),
                f"{which}_{name}_p95_ms": round(percentile(times[which], 0.95), 2),
            }
        equal = equal and units["quiet"] == units["hot"]
        figures[f"hot_{name}_time_ratio"] = ratio(median(times["hot"]), median(times["quiet"]))
        progress(f"{name}: {sorted(units['quiet'])} quiet, {sorted(units['hot'])} hot")
    return figures | {"hot_units_equal": equal}


def crowd(followees: Sequence[UserId], follows: int) -> float:
    """Follows a second of 64 threads, the followees taking turns."""
    heats = {followee: heat_to_write(followee) for followee in followees}
    targets = [followee for followee, _ in zip(cycle(followees), range(follows), strict=False)]
    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(lambda followee: followed(followee, heats[followee]), targets):
            pass
    return follows / (time.perf_counter() - began)


def spread_account() -> UserId:
    """An account that has been promoted."""
    followee = a_person()
    heat = heat_repository.heat_get(followee)
    hot = replace(heat, shards=CROWD_SHARDS, write_shards=CROWD_SHARDS, version=1)
    heat_store(followee, hot, now_ms=time.time_ns() // 1_000_000)
    return followee


def followers_counted(followee: UserId) -> int:
    """Edges, one by one."""
    number, cursor = 0, None
    while True:
        ids, cursor = selectors.follower_ids_page(followee, cursor=cursor)
        number += len(ids)
        if cursor is None:
            return number


def of_crowds(rounds: int, follows: int) -> dict[str, float]:
    """One account against 64, in turns, and whether every follow is counted."""
    hot, many = spread_account(), [a_person() for _ in range(THREADS)]
    crowd(many, THREADS)  # threads' connections are there
    rates: dict[str, list[float]] = {"hot": [], "spread": []}
    for number in range(rounds):
        turns = [("hot", [hot]), ("spread", many)]
        for name, followees in turns if number % 2 else turns[::-1]:
            rates[name].append(crowd(followees, follows))
        progress(f"follows a second: {rates['hot'][-1]:.0f} at one account, {rates['spread'][-1]:.0f} at 64")
    lost = 0
    for followees, made in (([hot], rounds * follows), (many, rounds * follows + THREADS)):
        edges = [followers_counted(followee) for followee in followees]
        counters = [selectors.counts(followee, consistent=True).followers for followee in followees]
        lost += abs(made - sum(edges)) + sum(abs(a - b) for a, b in zip(edges, counters, strict=True))
    ratios = [one / other for one, other in zip(rates["hot"], rates["spread"], strict=True)]
    return {
        "hot_follows_per_second": round(median(rates["hot"]), 1),
        "spread_follows_per_second": round(median(rates["spread"]), 1),
        "hot_follow_rate_ratio": round(median(ratios), 3),
        "lost_updates": lost,
    }


def main(options: Options) -> dict[str, float | str]:
    """Small and large, then the crowds."""
    logging.disable(logging.INFO)
    quiet = with_followers(QUIET_FOLLOWERS, most_seconds=MAKING_SECONDS)
    began = time.monotonic()
    hot = with_followers(HOT_FOLLOWERS, most_seconds=MAKING_SECONDS if options.quick else 600)
    figures: dict[str, float | bool] = {
        "hot_followers": selectors.counts(hot, consistent=True).followers,
        "hot_shards": heat_repository.heat_get(hot, consistent=True).shards,
        "hot_making_seconds": round(time.monotonic() - began, 1),
    }
    both = of_both(quiet, hot, 15 if options.quick else 200)
    named = {
        "follow_write_units": both["hot_follow_write_units"],
        "unfollow_write_units": both["hot_unfollow_write_units"],
        "is_following_read_units": both["hot_is_following_read_units"],
        "followers_page_read_units": both["hot_followers_page_read_units"],
        "hot_page_time_ratio": both["hot_followers_page_time_ratio"],
    }
    crowds = of_crowds(5 if options.quick else 9, 160 if options.quick else 960)
    return {**figures, **named, **both, **crowds}


if __name__ == "__main__":
    run(main)
