"""The feed: what a page and a push cost, how soon a post is seen, and both beside a plain Django app on PostgreSQL.

Counted, so exact on any machine (benchmarks/homes/pages.py, celebrity.py, benchmarks/fanout.py):

    cold_rounds, cold_read_units_50, _500, _5000    a page of who follows so many people, a fifth of them and at most 100
                                                    pulled; what is shared is cached, nothing of the reader is
    wiped_rounds, wiped_read_units_5000             the same with Redis emptied
    warm_requests                                   the same page a second time
    write_units_per_push                            of a fan-out to 5,000
    celebrity_units_ratio                           the post of an author whom everybody pulls, a million followers over 100

Timed:

    fanout_rate_ratio              pushes a second over the engine's bare BatchWriteItem; the lesser of 1,000 and 5,000 readers
    celebrity_time_ratio           as the units
    post_to_visible_p50_ms         until a follower's page has the post, through stream and consumer; _p99_ms
    delay_ratio_beside_fanout      its median while a post goes to `beside_followers`, over that without; delay_p99_ratio_...
    read_ratio_orm_push, _pull     how many times as fast a page of 20 as JSON is made in process as by the plain app, which
                                   has it from its inbox, or from the posts of whoever is followed; _push_by_hand: without
                                   Django REST framework on their side. Nothing is
                                   kept of these readers; read_warm_ratio_...: of who looks again
    http_ratio_orm_push, _pull     requests a second over theirs: 2 workers, 16 connections of 16 readers who look again
    post_ratio_orm_push            how many times as fast a post is accepted; theirs is pushed by then, ours is behind it
    read_p95_growth_1k_100k        the 95th percentile of a page among 100,000 people, over that among 1,000

The network of the comparison has 10,000 people by power laws (`network_*`), the posts of a day, and readers drawn by how
often they read. All sides must give the same pages, or the run fails. Engines, servers and this process share the machine.
"""

import logging

from benchmarks import fanout
from benchmarks.harness import Options, progress, ratio, run
from benchmarks.homes.beside import Sample, of_both, of_growth
from benchmarks.homes.celebrity import of_celebrities
from benchmarks.homes.delays import of_delays
from benchmarks.homes.pages import of_pages

FANOUTS = (1_000, 5_000)


def of_fanouts(items: int) -> dict[str, float]:
    """Both sizes, each with so many items in all: a short fan-out is the noisier one. And what is said of both."""
    figures: dict[str, float] = {}
    for readers in FANOUTS:
        figures |= fanout.of_fan_out(readers, repeats=items // readers)
    progress(f"fan-outs: {figures}")
    return {
        "write_units_per_push": max(figures[f"write_units_per_push_{readers}"] for readers in FANOUTS),
        "fanout_rate_ratio": min(figures[f"fanout_rate_ratio_{readers}"] for readers in FANOUTS),
        **figures,
    }


def of_networks(options: Options) -> dict[str, float]:
    """From small to large; the one in the middle is compared."""
    readers, repeats = (120, 3) if options.quick else (400, 7)
    figures: dict[str, float] = {}
    for users in (1_000, 10_000, 100_000):
        sample = Sample(users, readers)
        figures |= of_growth(sample, repeats)
        if users == 10_000:
            figures |= of_both(
                sample,
                repeats=3 if options.quick else 5,
                posts=80 if options.quick else 400,
                http_seconds=1.5 if options.quick else 5.0,
            )
    growth = ratio(figures["read_p95_ms_100k"], figures["read_p95_ms_1k"])
    return figures | {"read_p95_growth_1k_100k": growth}


def main(options: Options) -> dict[str, float]:
    """Delays before there is anything else for the streams to tell, then what is counted, then the networks."""
    logging.disable(logging.INFO)  # this process measures; the servers log as they do everywhere
    figures = of_delays(
        followers=20_000 if options.quick else 100_000,
        posts=40 if options.quick else 150,
        most_seconds=25 if options.quick else 90,
    )
    figures |= of_pages()
    figures |= of_celebrities(30 if options.quick else 200)
    progress(f"counted: {figures}")
    figures |= of_fanouts(30_000 if options.quick else 150_000)
    return figures | of_networks(options)


if __name__ == "__main__":
    run(main)
