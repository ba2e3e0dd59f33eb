"""The tiers of the cache: how often they spare DynamoDB a read, and what an answer takes.

    coalesced_reads          requests to DynamoDB for 10,000 reads at once of one cold post, by 2 processes of 250 threads
    coalesced_page_requests  the same for its page, to who has not signed in; page_requests_<operation>_<table> what they are
    signed_in_page_requests  the first page of that post for one who has signed in, its post cached by then
    combined_hit_ratio       of 100,000 posts (bodies and counts) that two processes read by a trace, how many reads L1 or L2
                             answered; without the first third, in which the caches fill
    hit_ratio_over_belady    that over what the best cache of as many entries as Redis held would have answered
    celebrity_hit_ratio      the same for posts of celebrities, new ones among them, which are warmed as they are posted
    l1_p50_us                one value that a process may answer by itself
    validated_p50_us         one post, for which Redis is asked whether what this process holds still stands
    ratio_over_redis_only    time of a page of 20 posts without L1 over that with it, everything being in Redis
    ratio_over_no_cache      time of the same page from DynamoDB over that

Sizes of the trace: 32 MiB for Redis (allkeys-lfu, about 110,000 of 200,000 entries), 8 MiB a process for bodies and 4 for counts. It
begins as on any other day: with the most popular posts in Redis, as many as it takes, and the best of all caches has the same.
Is it fair? Mix and popularity are those of the papers named in `cache_trace`; the bodies are of a usual length (240 characters). Redis
holds half of what there is, and about half of all misses are posts that nobody has asked for before, which no cache spares. It
is hard on counts: each like has them loaded anew. It is kind in that times run out as on the clock: what lasts seconds here
would be minutes of a small installation, so a busy machine shows fewer hits of whatever is kept for less than the run takes.
In the trace a post is loaded from memory, for who answers a miss does not change how many there are; everything else is the
product's: its kinds, keys, scripts and L1. The crowd and the pages read a real DynamoDB. Times are medians, in turns.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter_ns
from typing import Any, Final

from benchmarks import cache_crowd, cache_replay
from benchmarks.cache_trace import POSTS, best_hits, drawn, keys_read
from benchmarks.harness import Options, progress, ratio, run
from benchmarks.post_operations import an_account
from config.cache import Kind, Tiered, look_up
from config.entities import PostId, UserId
from posts import selectors, services
from posts.cache import BODIES, COUNTS, with_counts
from posts.entities import Post
from posts.repository import posts

TEXT: Final = "Low tide at the old pier, and half of #town is on the flats with buckets. @ana says: https://example.org/tides "
PAGE: Final = 20
STEPS, STEPS_QUICK = 150_000, 24_000


def of_a_crowd(author: UserId) -> dict[str, float]:
    """Ten thousand at once, of a post that no cache knows."""
    alone, paged, known = (services.post_create(author_id=author, text=TEXT) for _ in range(3))
    first = cache_crowd.crowd(cache_crowd.read_post, alone.id, known=known.id)
    page = cache_crowd.crowd(cache_crowd.read_page, paged.id, known=known.id)
    progress(f"{first.reads:,} reads in {first.seconds:.1f} s: {dict(first.calls)}")
    progress(f"{page.reads:,} pages in {page.seconds:.1f} s: {dict(page.calls)}")
    reader = an_account()
    before = cache_crowd.calls_sent()
    cache_crowd.read_page_signed_in(paged.id, reader)
    signed_in = cache_crowd.calls_sent() - before
    progress(f"one reader who has signed in: {dict(signed_in)}")
    return {
        "crowd_reads": first.reads,
        "coalesced_reads": first.calls.total(),
        "coalesced_page_requests": page.calls.total(),
        **{f"page_requests_{name.replace(' ', '_')}": sent for name, sent in page.calls.items()},
        "signed_in_page_requests": signed_in.total(),
        "crowd_reads_per_second": round(first.reads / first.seconds),
    }


def of_a_trace(steps: int) -> dict[str, float]:
    """Two processes replay it over a bounded Redis; what they had to load beside what the best cache would have."""
    trace = drawn(steps)
    told = cache_replay.replayed(steps)
    keys = list(keys_read(trace, trace.steps))
    counted_from = sum(1 for _key in keys_read(trace, trace.steps[: cache_replay.warm(steps)]))
    held = [(kind, post) for post in trace.first[: told.entries // 2] for kind in ("body", "counts")]
    hits, reads = best_hits(keys, held=held, capacity=told.entries, counted_from=counted_from)
    ratio_of_all = 1 - told.loads / told.reads
    progress(
        f"{told.reads:,} reads of {POSTS:,} posts, {told.loads:,} loads; Redis held {told.entries:,} entries"
    )
    return {
        "combined_hit_ratio": round(ratio_of_all, 4),
        "belady_hit_ratio": round(hits / reads, 4),
        "hit_ratio_over_belady": round(ratio_of_all / (hits / reads), 4),
        "celebrity_hit_ratio": round(1 - told.celebrity_loads / told.celebrity_reads, 5),
        "celebrity_reads": told.celebrity_reads,
        "redis_entries": told.entries,
    }


def of_pages(author: UserId, repeats: int) -> dict[str, float]:
    """One page in three ways, in turns: all tiers, Redis alone, DynamoDB alone; and single values."""
    ids = [services.post_create(author_id=author, text=TEXT).id for _ in range(PAGE)]
    bodies, counts = (_without_l1(tiered) for tiered in (BODIES, COUNTS))

    def redis_only() -> list[Post]:
        found, tallies = look_up((bodies, ids), (counts, ids))
        return [with_counts(found.found[post_id], tallies.found[post_id]) for post_id in ids]

    def no_cache() -> list[Post]:
        found, tallies = posts.get_bodies_and_counts(ids, ids)
        return [with_counts(found[post_id], tallies[post_id]) for post_id in ids]

    def tiers() -> list[Post]:
        return list(selectors.posts_by_ids(ids).values())

    assert tiers() == redis_only() == no_cache()
    local: Tiered[PostId, Post] = _like(BODIES, replace(BODIES.kind, name="bench_local", local_seconds=600))
    local.get_many(ids, lambda _ids: {post.id: post for post in tiers()})
    ways: dict[str, Callable[[], object]] = {
        "tiers": tiers,
        "redis": redis_only,
        "none": no_cache,
        "l1": lambda: local.get(ids[0], _nothing),
        "validated": lambda: selectors.post_by_id(ids[0]),
    }
    taken: dict[str, list[int]] = {name: [] for name in ways}
    for _turn in range(repeats):
        for name, way in ways.items():
            way()
            began = perf_counter_ns()
            way()
            taken[name].append(perf_counter_ns() - began)
    micros = {name: median(times) / 1000 for name, times in taken.items()}
    progress(", ".join(f"{name} {one:.1f} us" for name, one in micros.items()))
    return {
        "l1_p50_us": round(micros["l1"], 2),
        "validated_p50_us": round(micros["validated"], 1),
        "page_p50_us": round(micros["tiers"], 1),
        "ratio_over_redis_only": ratio(micros["redis"], micros["tiers"]),
        "ratio_over_no_cache": ratio(micros["none"], micros["tiers"]),
    }


def _nothing(_ids: list[PostId]) -> dict[PostId, Post]:
    message = "it was to be found"
    raise AssertionError(message)


def _without_l1(tiered: Tiered[Any, Any]) -> Tiered[Any, Any]:
    """The same entries in Redis, none of which fits here."""
    return _like(tiered, replace(tiered.kind, local_bytes=1, local_entries=1))


def _like(tiered: Tiered[Any, Any], kind: Kind) -> Tiered[Any, Any]:
    return Tiered(kind, write=tiered.write, read=tiered.read, version_of=tiered.version_of)


def main(options: Options) -> dict[str, float]:
    """The crowd, the turns, the trace."""
    logging.disable(logging.INFO)
    author = an_account()
    return {
        **of_a_crowd(author),
        **of_pages(author, repeats=300 if options.quick else 2_000),
        **of_a_trace(STEPS_QUICK if options.quick else STEPS),
    }


if __name__ == "__main__":
    run(main)
