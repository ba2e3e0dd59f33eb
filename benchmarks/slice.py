"""The first slice: what a follow costs, how soon a post is seen, how fast home is.

The network: a reader follows 40 authors with 3 posts each, and one author who is pulled; a page has 20 posts.

    follow_requests, follow_write_units   one follow, by AWS's rules; unfollow_* the same for leaving
    post_to_visible_p50_ms, _p95_ms       from the call of `post_create` until the post is in a follower's inbox: through
                                          the stream, the consumer, the broker and a worker, all of them processes
    home_read_requests, _units, _rounds   one page with posts and profiles cached; engine's units: DynamoDB Local asks
                                          nothing for likes that are not there, AWS half a unit each
    home_read_p50_ms, _p95_ms             the same page in this process, cards included, HTML not
    home_http_rps, _p50_ms, _p95_ms       the whole page as HTML: 2 gunicorn workers, 16 kept-alive connections
    api_home_http_rps                     the same 20 posts as JSON
    empty_view_http_rps                   Django's empty view without middleware under the same gunicorn, same run
    home_http_ratio_empty_view            the page beside the empty view

Consumer and worker are stopped before reads are measured; engines, servers and this process share the processors.
"""

import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from django.test import Client

from accounts.models import User
from benchmarks.harness import (
    Options,
    Stack,
    eventually,
    percentile,
    progress,
    rounds,
    run,
    stack,
    timed_ms,
)
from benchmarks.load import Load, load
from benchmarks.people import a_person
from config.dynamodb.metering import metered
from config.dynamodb.metering import rounds as rounds_of
from config.entities import PostId, UserId
from deploy.local import programs
from deploy.local.paths import PYTHON
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.processes import spawn, stop
from feed import pulls, repository
from feed.selectors import home_page
from graph.services import follow_create, follow_delete
from posts.services import post_create

AUTHORS = 40
POSTS_EACH = 3
CONNECTIONS = 16


def of_follows(repeats: int) -> dict[str, float]:
    """Requests and units of following and leaving."""
    pairs = [(a_person(), a_person()) for _ in range(repeats)]
    figures: dict[str, float] = {}
    for name, verb in (("follow", follow_create), ("unfollow", follow_delete)):
        taken = []
        for follower, followee in pairs:
            with metered() as calls:
                verb(follower_id=follower, followee_id=followee)
            taken.append((len(calls), sum(call.write_units for call in calls)))
        figures[f"{name}_requests"] = max(requests for requests, _units in taken)
        figures[f"{name}_write_units"] = max(units for _requests, units in taken)
    return figures


def a_reader_with_a_feed() -> tuple[UserId, list[UserId]]:
    """The reader and the authors; everything has gone through the running stream."""
    reader, authors, star = a_person(), [a_person() for _ in range(AUTHORS)], a_person()
    pulls.author_register(star)
    for author in [*authors, star]:
        follow_create(follower_id=reader, followee_id=author)
    for number in range(POSTS_EACH):
        for author in authors:
            post_create(
                author_id=author, text=f"Post {number} of a quiet morning at the pond, with reeds and a wind."
            )
    post_create(author_id=star, text="Pulled, not pushed.")
    eventually(lambda: len(inbox_above(reader, PostId(0))) == AUTHORS * POSTS_EACH)
    return reader, authors


def inbox_above(reader: UserId, post_id: PostId) -> list[object]:
    """What has been pushed since."""
    return list(repository.inbox_above(reader, since=post_id, limit=1_000))


def post_to_visible_ms(reader: UserId, author: UserId) -> float:
    """One post from acceptance to a follower's inbox; the question is asked every 2 ms."""
    began = time.perf_counter()
    post = post_create(author_id=author, text="Now.")
    eventually(partial(inbox_above, reader, PostId(post.id - 1)), every_seconds=0.002)
    return (time.perf_counter() - began) * 1000


def of_posts(reader: UserId, author: UserId, repeats: int) -> dict[str, float]:
    """How soon a follower has a post."""
    times = []
    for _ in range(repeats):
        times.append(post_to_visible_ms(reader, author))
        time.sleep(0.3)  # people don't post in bursts; a consumer that has just read polls sooner
    return {
        "post_to_visible_p50_ms": round(median(times), 1),
        "post_to_visible_p95_ms": round(percentile(times, 0.95), 1),
    }


def of_reads(reader: UserId, repeats: int) -> dict[str, float]:
    """A warm page in this process."""
    page = home_page(reader)
    if len(page.items) != 20:
        message = f"a page of {len(page.items)} posts is not what is to be measured"
        raise RuntimeError(message)
    with metered() as calls:
        home_page(reader)
    times = [timed_ms(lambda: home_page(reader)) for _ in range(repeats)]
    return {
        "home_read_requests": len(calls),
        "home_read_rounds": rounds_of(calls),
        "home_read_units": sum(call.read_units for call in calls),
        "home_read_p50_ms": round(median(times), 3),
        "home_read_p95_ms": round(percentile(times, 0.95), 3),
    }


@contextmanager
def empty_site(settings: str = "benchmarks.empty_site.settings") -> Iterator[str]:
    """Django's empty view under the same gunicorn; its address. By these settings it has no middleware."""
    port = free_port()
    command = [str(PYTHON), "-m", "gunicorn", "benchmarks.empty_site.wsgi:application"]
    command += [
        "--config",
        programs.GUNICORN_SETTINGS,
        "--bind",
        f"{LOOPBACK}:{port}",
        "--workers",
        "2",
    ]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": settings}
    process = spawn(command, log=Path(os.environ["ROOST_RIG"]) / "empty-site.log", env=env)
    try:
        yield f"http://{LOOPBACK}:{port}/"
    finally:
        stop(process)


def session_of(user_id: UserId) -> dict[str, str]:
    """The headers of somebody who is signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=user_id))
    return {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}


def measured(url: str, seconds: float, headers: Mapping[str, str]) -> Load:
    """Requests a second of good answers. Raises: RuntimeError for any other."""
    result = load(url, seconds=seconds, connections=CONNECTIONS, headers=headers)
    if not result.statuses:  # a machine so busy that the first answers were not out yet
        result = load(url, seconds=10 * seconds, connections=CONNECTIONS, headers=headers)
    if set(result.statuses) != {200}:
        message = f"answers were {result.statuses}"
        raise RuntimeError(message)
    return result


def one_round_of_http(
    base_url: str, empty_url: str, headers: Mapping[str, str], seconds: float
) -> dict[str, float]:
    """Page, JSON and empty view, one after the other."""
    page = measured(f"{base_url}/", seconds, headers)
    api = measured(f"{base_url}/api/v1/feed/home/", seconds, headers)
    empty = measured(empty_url, seconds / 2, {})
    return {
        "home_http_rps": round(page.requests_per_second, 1),
        "home_http_p50_ms": round(percentile(page.latencies_ms, 0.5), 1),
        "home_http_p95_ms": round(percentile(page.latencies_ms, 0.95), 1),
        "api_home_http_rps": round(api.requests_per_second, 1),
        "empty_view_http_rps": round(empty.requests_per_second, 1),
        "home_http_ratio_empty_view": round(page.requests_per_second / empty.requests_per_second, 4),
    }


def is_up(url: str, headers: Mapping[str, str]) -> bool:
    """Whether the site answers well."""
    try:
        return set(load(url, seconds=0.2, connections=1, headers=headers).statuses) == {200}
    except OSError:
        return False


def of_http(processes: Stack, reader: UserId, options: Options) -> dict[str, float]:
    """Requests a second: medians of rounds that each have all three."""
    headers = session_of(reader)
    with empty_site() as empty_url:
        eventually(partial(is_up, empty_url, {}))
        for url in (f"{processes.base_url}/", f"{processes.base_url}/api/v1/feed/home/"):
            eventually(partial(is_up, url, headers))
            load(
                url, seconds=0.7, connections=CONNECTIONS, headers=headers
            )  # both workers have loaded everything
        one = partial(one_round_of_http, processes.base_url, empty_url, headers, 1.8 if options.quick else 6)
        return rounds(3 if options.quick else 5, one)


def main(options: Options) -> dict[str, float]:
    """All of it, in the order of a network's life."""
    logging.disable(logging.INFO)  # this process measures; the servers log as they do everywhere
    figures = of_follows(5 if options.quick else 50)
    progress(f"follow: {figures['follow_requests']} request, {figures['follow_write_units']} write units")
    with stack("consumer", "worker", "web", web_workers=2) as processes:
        reader, authors = a_reader_with_a_feed()
        progress("the network is there")
        figures |= of_posts(reader, authors[0], 10 if options.quick else 100)
        processes.kill("worker")  # nothing is in their hands any more
        processes.kill("consumer")
        figures |= rounds(3, partial(of_reads, reader, 100 if options.quick else 500))
        figures |= of_http(processes, reader, options)
    return figures


if __name__ == "__main__":
    run(main)
