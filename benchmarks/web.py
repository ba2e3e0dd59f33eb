"""Home over HTTP for who looks again, beside Django's empty view and beside a plain Django app's feed, all in one run.

    json_rps, html_rps           requests a second for home as JSON and as a page: 2 gunicorn workers, 16 connections of 16 readers
    empty_view_rps               an empty view of a Django project with Django's default middleware under the same gunicorn
    orm_push_rps                 the plain app's home from its inbox on PostgreSQL (benchmarks/orm_feed), the same posts as JSON
    json_ratio_orm_push          json_rps over orm_push_rps
    json_ratio_empty_view        json_rps over empty_view_rps; html_ratio_empty_view the same of the page
    home_p50_ms, home_p95_ms     the JSON of home in this process, as the view asks for it: of each reader in turn
    home_built_p50_ms            the same where nothing is kept of the page: it is put together, of parts that are kept

The network has 10,000 people by power laws and the posts of a day, as in benchmarks/feed.py. Both apps must give the same
pages, or the run fails. Engines, servers and this process share the machine: sites are asked in turns, and medians told.
"""

import logging
from functools import partial

from django.test import Client

from accounts.models import User
from benchmarks.harness import Options, eventually, median, percentile, progress, rounds, run, stack, timed_ms
from benchmarks.homes.beside import CONNECTIONS, Sample, rate_of, same_pages
from benchmarks.homes.ours import page_as_json
from benchmarks.homes.theirs import Plain, plain_app
from benchmarks.slice import empty_site, is_up
from config.entities import UserId
from deploy.local.ports import LOOPBACK
from feed.api import home_as_json

USERS = 10_000
Sites = dict[str, tuple[str, list[dict[str, str]]]]


def of_process(sample: Sample, repeats: int) -> dict[str, float]:
    """Of each reader in turn, so that no page is the one that was asked for before."""

    def one() -> dict[str, float]:
        built = [timed_ms(partial(page_as_json, reader_id)) for reader_id in sample.ids]
        times = [timed_ms(partial(home_as_json, reader_id)) for reader_id in sample.ids]
        return {
            "home_p50_ms": median(times),
            "home_p95_ms": percentile(times, 0.95),
            "home_built_p50_ms": median(built),
        }

    one()  # every page has been asked for
    return rounds(repeats, one)


def cookies_of(reader_id: UserId) -> dict[str, str]:
    """The headers of a browser that is signed in and has seen a page."""
    client = Client()
    client.force_login(User.objects.get(pk=reader_id))
    client.get("/", headers={"Host": LOOPBACK})
    return {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())}


def of_http(sample: Sample, plain: Plain, *, repeats: int, seconds: float) -> dict[str, float]:
    """All sites in turns."""
    readers = (sample.ids * CONNECTIONS)[:CONNECTIONS]
    cookies = plain.ask("sessions", readers=readers)["cookies"]
    ours = [cookies_of(reader) for reader in readers]
    with (
        stack("web", web_workers=2) as processes,
        plain.web() as plain_url,
        empty_site("benchmarks.empty_site.default_settings") as empty_url,
    ):
        sites: Sites = {
            "json": (f"{processes.base_url}/api/v1/feed/home/", ours),
            "html": (f"{processes.base_url}/", ours),
            "orm_push": (f"{plain_url}/push/", [{"Cookie": f"sessionid={cookie}"} for cookie in cookies]),
            "empty_view": (empty_url, [{}]),
        }
        for url, headers in sites.values():
            eventually(partial(is_up, url, headers[0]))
            rate_of(url, 2.0, headers)  # both workers have loaded everything

        def one() -> dict[str, float]:
            rates = {name: rate_of(url, seconds, headers) for name, (url, headers) in sites.items()}
            return {f"{name}_rps": rate for name, rate in rates.items()} | {
                "json_ratio_orm_push": rates["json"] / rates["orm_push"],
                "json_ratio_empty_view": rates["json"] / rates["empty_view"],
                "html_ratio_empty_view": rates["html"] / rates["empty_view"],
            }

        return rounds(repeats, one)


def main(options: Options) -> dict[str, float]:
    """The network on both sides, then this process, then the servers."""
    logging.disable(logging.INFO)  # this process measures; the servers log as they do everywhere
    sample = Sample(USERS, 60 if options.quick else 300)
    figures = of_process(sample, 3 if options.quick else 7)
    progress(f"in process: {figures}")
    with plain_app() as plain:
        path = str(plain.folder / "network.npz")
        sample.network.save(path)
        plain.ask("load", file=path)
        same_pages(sample, plain)
        figures |= of_http(
            sample, plain, repeats=3 if options.quick else 5, seconds=1.5 if options.quick else 4.0
        )
    return {name: round(value, 3) for name, value in figures.items()}


if __name__ == "__main__":
    run(main)
