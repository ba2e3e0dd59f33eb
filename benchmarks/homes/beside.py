"""Roost's home and the plain app's in turns, on one network; and Roost's alone on networks of other sizes.

Ratios say how many times as fast Roost is: their time over ours for pages and posts in process, our requests a second
over theirs for HTTP. Above 1 Roost is faster.
"""

import time
from collections.abc import Mapping
from functools import partial

from benchmarks.harness import Stack, eventually, median, percentile, progress, rounds, stack, timed_ms
from benchmarks.homes.network import Network, a_network, text_of
from benchmarks.homes.ours import page_as_json, page_of, put_network
from benchmarks.homes.pages import kept_of
from benchmarks.homes.theirs import Plain, plain_app
from benchmarks.load import load
from benchmarks.slice import is_up, session_of
from config import kept
from config.entities import UserId
from config.ids import next_id
from posts.services import post_create

CONNECTIONS = 16
WAYS = ("push", "pull", "push_by_hand")


class Sample:
    """A network that has been written, and those of its people who read."""

    def __init__(self, users: int, readers: int) -> None:
        began = time.monotonic()
        self.network: Network = a_network(users)
        self.chosen = self.network.readers(readers)
        self.ids = [UserId(int(self.network.people[number])) for number in self.chosen]
        items = put_network(self.network, self.chosen)
        for reader_id in self.ids:
            page_of(reader_id)  # what is shared is cached, and nobody's first read of the hour is measured
        progress(f"{users:,} people: {items:,} items in {time.monotonic() - began:.0f} s")

    def times_ms(self) -> list[float]:
        """A page of each reader, JSON included."""
        self.forget()
        return [timed_ms(partial(page_as_json, reader_id)) for reader_id in self.ids]

    def warm_ms(self) -> list[float]:
        """The same once more, at once."""
        return [timed_ms(partial(page_as_json, reader_id)) for reader_id in self.ids]

    def forget(self) -> None:
        """Nothing of the readers is kept: each page is the first one of a visit."""
        for reader_id in self.ids:
            kept.forget(kept_of(reader_id))

    def page_ms(self, repeats: int) -> dict[str, float]:
        """A page of each reader without JSON: medians over some rounds."""

        def one() -> dict[str, float]:
            self.forget()
            times = [timed_ms(partial(page_of, reader_id)) for reader_id in self.ids]
            return {"p50": median(times), "p95": percentile(times, 0.95)}

        return rounds(repeats, one)


def of_growth(sample: Sample, repeats: int) -> dict[str, float]:
    """One size's figures."""
    users = sample.network.users
    figures = sample.page_ms(repeats)
    return {f"read_{name}_ms_{users // 1000}k": round(value, 3) for name, value in figures.items()}


def of_both(sample: Sample, *, repeats: int, posts: int, http_seconds: float) -> dict[str, float]:
    """All comparisons on one network."""
    file = "network.npz"
    with plain_app() as plain:
        path = str(plain.folder / file)
        sample.network.save(path)
        began = time.monotonic()
        told = plain.ask("load", file=path)
        progress(
            f"the plain app has it after {time.monotonic() - began:.0f} s: {told['inbox_rows']:,} inbox rows"
        )
        same_pages(sample, plain)
        figures = rounds(repeats, partial(_one_round, sample, plain))
        with stack("web", web_workers=2) as processes, plain.web() as plain_url:
            figures |= of_http(sample, plain, processes, plain_url, repeats=repeats, seconds=http_seconds)
        figures |= of_posts(sample.network, plain, posts)
    return {name: round(value, 3) for name, value in figures.items()} | {
        "network_users": sample.network.users,
        "network_follows": sample.network.graph.edges,
        "network_posts": len(sample.network.posts),
        "network_readers": len(sample.ids),
        "orm_inbox_rows": told["inbox_rows"],
    }


def same_pages(sample: Sample, plain: Plain) -> None:
    """Raises: RuntimeError if a reader's page is not the same post for post and field for field on all sides."""
    ours = [[str(card.post.id) for card in page_of(reader_id).items] for reader_id in sample.ids]
    for way in ("push", "pull"):
        theirs = plain.ask("pages", way=way, readers=sample.ids)
        different = sum(one != other for one, other in zip(ours, theirs["pages"], strict=True))
        if different:
            message = f"{different} of {len(ours)} pages by {way} are not ours"
            raise RuntimeError(message)
    written = page_as_json(sample.ids[0])
    missing = [field for field in theirs["fields"] if f'"{field}":'.encode() not in written]
    if missing:
        message = f"ours lacks {missing}"
        raise RuntimeError(message)


def _one_round(sample: Sample, plain: Plain) -> dict[str, float]:
    ours, warm = sample.times_ms(), sample.warm_ms()
    theirs = {way: plain.ask("time", way=way, readers=sample.ids)["ms"] for way in WAYS}
    figures = {"read_json_p50_ms": median(ours), "read_json_p95_ms": percentile(ours, 0.95)}
    figures |= {"read_warm_json_p50_ms": median(warm), "read_warm_json_p95_ms": percentile(warm, 0.95)}
    for way, times in theirs.items():
        figures |= {
            f"read_ratio_orm_{way}": sum(times) / sum(ours),
            f"read_warm_ratio_orm_{way}": sum(times) / sum(warm),
            f"orm_{way}_p50_ms": median(times),
            f"orm_{way}_p95_ms": percentile(times, 0.95),
        }
    return figures


def of_http(
    sample: Sample, plain: Plain, processes: Stack, plain_url: str, *, repeats: int, seconds: float
) -> dict[str, float]:
    """The page as JSON of sixteen readers at once, each with a connection of their own, under the same gunicorn."""
    readers = (sample.ids * CONNECTIONS)[:CONNECTIONS]
    cookies = plain.ask("sessions", readers=readers)["cookies"]
    sites = {
        "home": (f"{processes.base_url}/api/v1/feed/home/", [session_of(reader) for reader in readers]),
        "orm_push": (f"{plain_url}/push/", [{"Cookie": f"sessionid={cookie}"} for cookie in cookies]),
        "orm_pull": (f"{plain_url}/pull/", [{"Cookie": f"sessionid={cookie}"} for cookie in cookies]),
    }
    for url, headers in sites.values():
        eventually(partial(is_up, url, headers[0]))
        rate_of(url, 1.0, headers)  # both workers have loaded everything

    def one() -> dict[str, float]:
        rates = {f"{name}_http_rps": rate_of(url, seconds, headers) for name, (url, headers) in sites.items()}
        ours = rates["home_http_rps"]
        ratios = {f"http_ratio_orm_{way}": ours / rates[f"orm_{way}_http_rps"] for way in ("push", "pull")}
        return rates | ratios

    return rounds(repeats, one)


def rate_of(url: str, seconds: float, headers: list[Mapping[str, str]] | list[dict[str, str]]) -> float:
    """Good answers a second. Raises: RuntimeError for any other."""
    result = load(url, seconds=seconds, connections=CONNECTIONS, headers=headers)
    if not result.statuses:  # a machine so busy that the first answers were not out yet
        result = load(url, seconds=10 * seconds, connections=CONNECTIONS, headers=headers)
    if set(result.statuses) != {200}:
        message = f"answers were {result.statuses}"
        raise RuntimeError(message)
    return result.requests_per_second


def of_posts(network: Network, plain: Plain, posts: int) -> dict[str, float]:
    """The same posts by the same authors: here until it is accepted, since its delivery is behind it; there until all have it."""
    authors = [UserId(int(network.people[number])) for number in network.posters(posts)]
    known = {UserId(int(network.people[number])) for number in network.posters(posts)}
    texts = [text_of(number) for number in range(posts)]
    post_create(author_id=authors[0], text="Warm.")
    ours = [
        timed_ms(partial(post_create, author_id=author_id, text=text))
        for author_id, text in zip(authors, texts, strict=True)
    ]
    rows = [(next_id(), author_id, text) for author_id, text in zip(authors, texts, strict=True)]
    theirs = plain.ask("post", posts=rows)["ms"]
    return {
        "post_ratio_orm_push": sum(theirs) / sum(ours),
        "post_p50_ms": median(ours),
        "post_p95_ms": percentile(ours, 0.95),
        "orm_post_p50_ms": median(theirs),
        "orm_post_p95_ms": percentile(theirs, 0.95),
        "post_authors": len(known),
    }
