"""Posts, quiet and hot: what operations cost, and what a crowd that likes one post does.

    create_write_units           a post of a line, without a key and without photos
    like_write_units             one like; of a quiet post and of a hot one the same, or the larger
    comment_page_read_units      a page of 20 comments
    liked_batch_requests         which of 20 posts somebody likes
    hot_like_time_ratio          median time of a like on a hot post over that on a quiet one, in turns, both in this run
    hot_likes_exact              after 5,000 likes: marks, sum of all shards, and the count that is shown all say 5,000
    hot_like_p99_ms              of these likes, as each client saw it
    hot_likes_seconds            how long they took, by 16 clients that set out to make them in ten seconds
    hot_likes_spread_after       of how many likes at most the post was still quiet, as the crowd saw it
    hot_likes_first_item_share   how many of the likes were counted in the post's first item, from 0 to 1
    hot_likes_shown_after_ms     from the last like to the count that is shown being right
    <operation>_read_units, _write_units, _rounds, _requests   of every operation of the posts room

The turns go through the service. The crowd does what the service does once it is clear that the post may be seen, which
each asks of items of their own: it asks the cache how the post is spread, writes the like, and sees to the cache. It begins
at a quiet post of an account that is not hot, with stream consumer and worker beside it, which find out that it is hot,
spread it and sum it up. A client is a thread that likes each time as somebody else; it waits for its turn if it is early,
and is never early on a machine that can't keep up. The number of likes is the same with --quick.
"""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from benchmarks.harness import Options, eventually, percentile, progress, ratio, run, stack, timed_ms
from benchmarks.post_operations import TEXT, a_hot_post, a_liker, an_account, units
from config.dynamodb import batch_get
from config.entities import PostId, UserId
from posts import selectors, services
from posts.entities import Post
from posts.mark_entities import MarkKind
from posts.repository import counts, keys, likes
from posts.spread import counts_written, spread_of
from posts.tables import POSTS

LIKES, CLIENTS, SECONDS = 5_000, 16, 10.0
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


class Crowd:
    """Sixteen clients that like one post, each at its own pace."""

    def __init__(self, post: Post) -> None:
        self.post_id, self.author = post.id, post.author_id
        self.people = [a_liker() for _ in range(LIKES)]
        self.taken_ms: list[float] = []
        self.seconds = 0.0
        self.made = 0
        self.spread_after = 0
        self._lock = threading.Lock()

    def like_all(self) -> None:
        """Everybody likes it once."""
        self._began = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as clients:
            for _ in clients.map(self._client, range(CLIENTS)):
                pass
        self.seconds = time.perf_counter() - self._began

    def _client(self, number: int) -> None:
        for turn in range(number, LIKES, CLIENTS):
            due = self._began + turn / LIKES * SECONDS
            time.sleep(max(0.0, due - time.perf_counter()))
            began = time.perf_counter()
            shard = self._like(self.people[turn])
            taken_ms = (time.perf_counter() - began) * 1000
            with self._lock:
                self.made += 1
                self.taken_ms.append(taken_ms)
                if shard is None:
                    self.spread_after = self.made

    def _like(self, person: UserId) -> int | None:
        spread = spread_of(self.post_id)
        shard = spread.draw()
        likes.put_like(self.post_id, person, author_id=self.author, shard=shard)
        counts_written(self.post_id, spread)
        return shard


def of_a_crowd() -> dict[str, float]:
    """Five thousand likes of one post, of which the consumer has heard: no older work is before it."""
    author = an_account()
    with stack("consumer", "worker"):
        crowd = Crowd(services.post_create(author_id=author, text=TEXT))
        eventually(
            lambda: selectors.author_post_counts([author])[author],
            timeout_seconds=SHOWN_WITHIN_SECONDS,
            every_seconds=0.05,
        )
        crowd.like_all()
        ended = time.perf_counter()
        progress(f"{LIKES:,} likes in {crowd.seconds:.1f} s, shown: {shown(crowd.post_id):,}")
        while shown(crowd.post_id) != LIKES and time.perf_counter() - ended < SHOWN_WITHIN_SECONDS:
            time.sleep(0.05)
        shown_after_ms = (time.perf_counter() - ended) * 1000
    marks = batch_get(
        [(POSTS, keys.mark(person, crowd.post_id, MarkKind.LIKED)) for person in crowd.people],
        consistent=True,
        attributes=("pk",),
    )
    in_items = [(item or {}).get("likes", 0) for item in counts.get_all(crowd.post_id)]
    exact = {sum(item is not None for item in marks), sum(in_items), shown(crowd.post_id)} == {LIKES}
    return {
        "hot_likes": len(crowd.taken_ms),
        "hot_likes_exact": exact,
        "hot_like_p50_ms_in_crowd": round(median(crowd.taken_ms), 1),
        "hot_like_p95_ms_in_crowd": round(percentile(crowd.taken_ms, 0.95), 1),
        "hot_like_p99_ms": round(percentile(crowd.taken_ms, 0.99), 1),
        "hot_likes_seconds": round(crowd.seconds, 2),
        "hot_likes_per_second": round(LIKES / crowd.seconds, 1),
        "hot_likes_spread_after": crowd.spread_after,
        "hot_likes_first_item_share": round(in_items[0] / LIKES, 4),
        "hot_likes_shown_after_ms": round(shown_after_ms),
    }


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
