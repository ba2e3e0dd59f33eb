"""The post of an author whom everybody pulls: with 100 followers, and with a million by the counters.

Counted and timed is all that the post costs before nobody has anything more to do for it: the request itself, and what
the stream's consumer and the workers do for its delivery. Both have shards enough for a million followers or both have
one: so the million is compared with a hundred, not a spread account with a quiet one; `spread_units` says what that adds.
"""

import time
from dataclasses import replace
from statistics import median

from benchmarks.harness import ratio, timed_ms
from benchmarks.homes.pages import an_author
from config.dynamodb import transact
from config.dynamodb.metering import metered
from config.entities import UserId
from feed import services
from feed.author_repository import chosen_set
from feed.fan_out import Lanes, fan_out_page
from feed.news import post_noted
from feed.policies.serving import Delivery
from feed.pulls import author_register
from graph import heat_repository
from graph.counter_repository import followers_change
from graph.promotion import heat_store, spread
from posts.entities import Post
from posts.services import post_create

FEW, MANY = 100, 1_000_000


def a_celebrity(followers: int) -> UserId:
    """So many followers by the counters; spread as a million demand; pulled by choice of staff."""
    author_id, now_ms = an_author(), time.time_ns() // 1_000_000
    heat = heat_repository.heat_get(author_id)
    wanted = replace(spread(heat, followers=MANY, rate=0, now_ms=now_ms), calm_since_ms=None)
    heat_store(author_id, wanted, now_ms=now_ms)
    transact([followers_change(author_id, by=followers, shard=0)])
    chosen_set(author_id, Delivery.PULL_ALL)
    author_register(author_id)
    return author_id


def post_and_deliver(author_id: UserId) -> None:
    """The request, then what is done behind it."""
    deliver(post_create(author_id=author_id, text="To all who care."))


def deliver(post: Post) -> None:
    """As the stream's handler does it, with its tasks at once."""
    post_noted(post_id=post.id, author_id=post.author_id, audience=post.audience, is_new=True)
    lanes = Lanes(page=_page, rest=_never, later=_never)
    services.post_deliver(
        post_id=post.id, author_id=post.author_id, audience=post.audience, fan_out=lanes.page, demote=_never
    )


def _page(post_id, author_id, position, known_at) -> None:  # type: ignore[no-untyped-def]
    lanes = Lanes(_page, _never, _never)
    fan_out_page(post_id=post_id, author_id=author_id, position=position, lanes=lanes, known_at=known_at)


def _never(*_arguments: object) -> None:
    message = "somebody was to be pushed to"
    raise RuntimeError(message)


def of_celebrities(repeats: int) -> dict[str, float]:
    """Units and time, in turns."""
    people = {"few": a_celebrity(FEW), "many": a_celebrity(MANY)}
    units, times = dict.fromkeys(people, 0.0), {name: list[float]() for name in people}
    for name, author_id in people.items():
        post_and_deliver(author_id)
        with metered() as calls:
            post_and_deliver(author_id)
        units[name] = sum(call.read_units + call.write_units for call in calls)
    for number in range(repeats):
        for name in list(people)[:: 1 if number % 2 else -1]:
            times[name].append(timed_ms(lambda: post_and_deliver(people[name])))  # noqa: B023  # used at once
    return {
        "celebrity_units_ratio": ratio(units["many"], units["few"]),
        "celebrity_time_ratio": ratio(median(times["many"]), median(times["few"])),
        **{f"celebrity_{name}_units": of for name, of in units.items()},
        **{f"celebrity_{name}_ms": round(median(of), 2) for name, of in times.items()},
    }
