"""Posts, quiet and hot: what operations cost, and what a crowd that likes one post does.

    create_write_units           a post of a line, without a key and without photos
    like_write_units             one like; of a quiet post and of a hot one the same, or the larger
    comment_page_read_units      a page of 20 comments
    liked_batch_requests         which of 20 posts somebody likes
    hot_like_time_ratio          median time of a like on a hot post over that on a quiet one, in turns, both in this run
    hot_likes_exact              after 5,000 likes: marks, sum of all shards, and the count that is shown all say 5,000
    hot_like_p99_ms              of these likes, as each client saw it
    hot_likes_seconds            how long they took, by 16 clients that set out to make them in ten seconds
    bare_likes_per_second        what the engine takes of the same writes, from the same clients, made beforehand and with
                                 nobody beside it: where this is below 500, no ten seconds are to be had on the machine
    hot_likes_to_bare_ratio      likes a second over that
    hot_like_client_cpu_ms       what one of these likes takes of processors: of its client's;
    hot_like_engine_cpu_ms       of the engines', and bare_like_engine_cpu_ms, of theirs when they are alone;
    hot_like_others_cpu_ms       of consumer's and worker's. Two cores have 4 ms for each of 5,000 in ten seconds
    hot_likes_spread_after       of how many likes at most the post was still quiet, as the crowd saw it
    hot_likes_first_item_share   how many of the likes were counted in the post's first item, from 0 to 1
    hot_likes_shown_after_ms     from the last like to the count that is shown being right
    <operation>_read_units, _write_units, _rounds, _requests   of every operation of the posts room

The turns go through the service. The crowd does what the service does once it is clear that the post may be seen, which
each asks of items of their own: it asks the cache how the post is spread, writes the like, and sees to the cache. It begins
at a quiet post of an account that is not hot, with stream consumer and worker beside it, which find out that it is hot,
spread it and sum it up. A client is a process that likes each time as somebody else (`benchmarks/crowd.py`). The number of
likes is the same with --quick.
"""

import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks import crowd
from benchmarks.harness import Options, eventually, percentile, progress, ratio, run, stack, timed_ms
from benchmarks.post_operations import TEXT, a_hot_post, a_liker, an_account, units
from config.dynamodb import batch_get
from config.entities import PostId, UserId
from deploy.local.processes import children_of
from posts import selectors, services
from posts.entities import Post
from posts.mark_entities import MarkKind
from posts.repository import counts, keys
from posts.tables import POSTS

LIKES, BARE = 5_000, 2_000
SHOWN_WITHIN_SECONDS = 120


def of_turns(author: UserId, repeats: int) -> dict[str, float]:
    """A like on a hot post and on a quiet one, in turns; another quiet post now and then, so that it stays one."""
    hot = a_hot_post(author)
    quiet = services.post_create(author_id=author, text=TEXT)
    times: dict[str, list[float]] = {"quiet": [], "hot": []}
    for number in range(repeats):
        if number % 50 == 0:
            quiet = services.post_create(author_id=author, text=TEXT)
        turns = [("quiet", quiet), ("hot", hot)]
        for name, post in turns if number % 2 else turns[::-1]:
            times[name].append(timed_like(post))
    return {
        "hot_like_time_ratio": ratio(median(times["hot"]), median(times["quiet"])),
        **{f"{name}_like_p50_ms": round(median(taken), 2) for name, taken in times.items()},
        **{f"{name}_like_p95_ms": round(percentile(taken, 0.95), 2) for name, taken in times.items()},
    }


def timed_like(post: Post) -> float:
    """Milliseconds of one like by somebody new, of a post that the cache has."""
    selectors.post_by_id(post.id)
    fan = a_liker()
    return timed_ms(lambda: services.like_create(user_id=fan, post_id=post.id))


def of_a_crowd() -> dict[str, float]:
    """Five thousand likes of one post, of which the consumer has heard: no older work is before it."""
    author = an_account()
    people = [a_liker() for _ in range(LIKES)]
    engines = [pid for pid in children_of(os.getppid()) if pid != os.getpid()]
    with stack("consumer", "worker") as processes:
        post = services.post_create(author_id=author, text=TEXT)
        eventually(
            lambda: selectors.author_post_counts([author])[author],
            timeout_seconds=SHOWN_WITHIN_SECONDS,
            every_seconds=0.05,
        )
        others = [processes.pid("consumer"), processes.pid("worker"), *processes.children("worker")]
        with spent(engine=engines, others=others) as cpu:
            likes = crowd.all_like(post, people)
        ended = likes.made[-1].ended
        progress(f"{LIKES:,} likes in {likes.seconds:.1f} s, shown: {shown(post.id):,}")
        while shown(post.id) != LIKES and time.perf_counter() - ended < SHOWN_WITHIN_SECONDS:
            time.sleep(0.05)
        shown_after_ms = (time.perf_counter() - ended) * 1000
    with spent(engine=engines) as bare_cpu:
        bare = crowd.all_send(a_hot_post(author), [a_liker() for _ in range(BARE)])
    rate, bare_rate = LIKES / likes.seconds, BARE / bare.seconds
    progress(f"{rate:.0f} likes a second; of such requests the engine alone takes {bare_rate:.0f}")
    times = [one.taken_ms for one in likes.made]
    return {
        **counted(post.id, people),
        "hot_likes": len(times),
        "hot_like_p50_ms_in_crowd": round(median(times), 1),
        "hot_like_p95_ms_in_crowd": round(percentile(times, 0.95), 1),
        "hot_like_p99_ms": round(percentile(times, 0.99), 1),
        "hot_likes_seconds": round(likes.seconds, 2),
        "hot_likes_per_second": round(rate, 1),
        "bare_likes_per_second": round(bare_rate, 1),
        "hot_likes_to_bare_ratio": ratio(rate, bare_rate),
        "hot_likes_spread_after": max(
            (n for n, one in enumerate(likes.made, 1) if one.shard is None), default=0
        ),
        "hot_likes_shown_after_ms": round(shown_after_ms),
        "hot_like_client_cpu_ms": round(likes.cpu_seconds / LIKES * 1000, 2),
        **{f"hot_like_{of}_cpu_ms": round(taken / LIKES * 1000, 2) for of, taken in cpu.items()},
        "bare_like_engine_cpu_ms": round(bare_cpu["engine"] / BARE * 1000, 2),
    }


def counted(post_id: PostId, people: Sequence[UserId]) -> dict[str, float]:
    """Whether what is stored and what is shown agree, to the last like."""
    marks = batch_get(
        [(POSTS, keys.mark(person, post_id, MarkKind.LIKED)) for person in people],
        consistent=True,
        attributes=("pk",),
    )
    in_items = [(item or {}).get("likes", 0) for item in counts.get_all(post_id)]
    told = {sum(item is not None for item in marks), sum(in_items), shown(post_id)}
    return {
        "hot_likes_exact": told == {LIKES},
        "hot_likes_first_item_share": round(in_items[0] / LIKES, 4),
    }


@contextmanager
def spent(**pids: Sequence[int]) -> Iterator[dict[str, float]]:
    """Seconds of processor time that the block takes of some processes, under their names."""
    before = {name: seconds_of(of) for name, of in pids.items()}
    taken: dict[str, float] = {}
    yield taken
    taken |= {name: seconds_of(of) - before[name] for name, of in pids.items()}


def seconds_of(pids: Sequence[int]) -> float:
    """Of processes that run; where the system does not tell, 0."""
    stats = [Path(f"/proc/{pid}/stat") for pid in pids]
    fields = [stat.read_text().rpartition(")")[2].split() for stat in stats if stat.exists()]
    return sum(
        int(user) + int(system) for *_before, user, system in (row[:13] for row in fields)
    ) / os.sysconf("SC_CLK_TCK")


def shown(post_id: PostId) -> int:
    """The count as anybody sees it."""
    return selectors.post_by_id(post_id).like_count


def main(options: Options) -> dict[str, float]:
    """Units, then turns, then the crowd."""
    logging.disable(logging.INFO)
    author = an_account()
    of_all = units()
    named = {
        "create_write_units": of_all["create_write_units"],
        "like_write_units": max(of_all["quiet_like_write_units"], of_all["hot_like_write_units"]),
        "comment_page_read_units": max(
            of_all["quiet_comments_oldest_page_read_units"], of_all["quiet_comments_newest_page_read_units"]
        ),
        "liked_batch_requests": of_all["liked_among_20_requests"],
    }
    turns = of_turns(author, 100 if options.quick else 600)
    progress(f"a like takes {turns['quiet_like_p50_ms']} ms quiet, {turns['hot_like_p50_ms']} ms hot")
    return named | turns | of_a_crowd() | of_all


if __name__ == "__main__":
    run(main)
