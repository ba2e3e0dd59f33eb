"""What people of the demo network repeat, quote and keep. Every step looks at what is there first, as in `build`."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from config.entities import PostId, UserId
from config.ids import id_time_ms
from feed.demo.conversations import Writer
from feed.demo.crew import Crew
from feed.demo.plan import Plan
from posts.reposting import repost_create
from posts.saves.selectors import collections_of
from posts.saves.services import collection_add, collection_create, post_save
from posts.selectors import marks_among, recent_post_ids
from posts.services import post_create

POSTS_A_REPOST: Final = 12
POSTS_A_QUOTE: Final = 40
POSTS_A_SAVE: Final = 60
SAVES_AT_MOST: Final = 24
COLLECTIONS: Final = ("Places to go", "Light and weather")
MOST_POSTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Repeat:
    """Somebody repeats a post, with a text or without one; `ago_ms` before the network's clock, after the post."""

    post: int
    person: int
    ago_ms: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Repeats:
    """Oldest first; `saves` are the first person's, each with the name of a collection or none."""

    reposts: list[Repeat]
    quotes: list[Repeat]
    saves: list[tuple[int, str]]


def repeats_of(plan: Plan, *, seed: int = 7) -> Repeats:
    """People repeat what they like, if it is for everyone; the same for the same plan and seed."""
    rng = random.Random(f"{seed} repeats")
    writer = Writer(rng)
    liked = [
        (post, person)
        for post, person in plan.likes
        if plan.posts[post].audience == "everyone"
        and not plan.people[plan.posts[post].author].is_private
        and plan.posts[post].author != person
    ]
    wanted = len(plan.posts) // POSTS_A_REPOST, len(plan.posts) // POSTS_A_QUOTE
    drawn = rng.sample(liked, k=min(sum(wanted), len(liked)))
    repeats = [Repeat(post, person, _ago_ms(plan.posts[post].ago_ms, rng)) for post, person in drawn]
    quotes = [
        Repeat(
            it.post,
            it.person,
            it.ago_ms,
            writer.comment(
                plan.people[it.person],
                plan.people[plan.posts[it.post].author],
                plan.posts[it.post].text,
                has_photo=plan.posts[it.post].picture is not None,
            ),
        )
        for it in repeats[wanted[0] :]
    ]
    pictured = [
        post.number for post in plan.posts if post.picture is not None and post.audience == "everyone"
    ]
    open_to_all = [number for number in pictured if not plan.people[plan.posts[number].author].is_private]
    kept = rng.sample(open_to_all, k=min(len(plan.posts) // POSTS_A_SAVE, SAVES_AT_MOST, len(open_to_all)))
    saves = [(post, rng.choice((*COLLECTIONS, ""))) for post in kept]
    by_time = sorted(repeats[: wanted[0]], key=lambda it: -it.ago_ms)
    return Repeats(by_time, sorted(quotes, key=lambda it: -it.ago_ms), saves)


def _ago_ms(post_ago_ms: int, rng: random.Random) -> int:
    return max(1_000, int(post_ago_ms * rng.uniform(0.6, 0.98)) - rng.randrange(1_000))


def put_repeats(
    repeats: Repeats,
    *,
    user_ids: Mapping[int, UserId],
    post_ids: Mapping[int, PostId],
    clock_ms: int,
    crew: Crew,
) -> Counter[str]:
    """Bring reposts, quotes and saves to what is planned; how many were missing, by kind.

    Idempotent: by person and post; a quote by author and time.
    """
    written: Counter[str] = Counter()

    def repost(it: Repeat) -> None:
        user_id, post_id = user_ids[it.person], post_ids[it.post]
        if post_id not in marks_among(user_id, [post_id]).reposted:
            repost_create(user_id=user_id, post_id=post_id, at_ms=clock_ms - it.ago_ms)
            written["reposts"] += 1

    def quote(it: Repeat) -> None:
        author_id, at_ms = user_ids[it.person], clock_ms - it.ago_ms
        times = {id_time_ms(post_id) for post_id in recent_post_ids(author_id, limit=MOST_POSTS)}
        if at_ms not in times:
            post_create(author_id=author_id, text=it.text, quote_of=post_ids[it.post], at_ms=at_ms)
            written["quotes"] += 1

    crew.each("Reposts", repeats.reposts, repost)
    crew.each("Quotes", repeats.quotes, quote)
    written["saves"] += _put_saves(repeats, user_ids[0], post_ids)
    return written


def _put_saves(repeats: Repeats, user_id: UserId, post_ids: Mapping[int, PostId]) -> int:
    wanted = [(post_ids[post], name) for post, name in repeats.saves]
    saved = marks_among(user_id, [post_id for post_id, _name in wanted]).saved
    missing = [(post_id, name) for post_id, name in wanted if post_id not in saved]
    ids = {it.name: it.id for it in collections_of(user_id)} if missing else {}
    for post_id, name in missing:
        post_save(user_id=user_id, post_id=post_id)
        if name:
            if name not in ids:
                ids[name] = collection_create(user_id=user_id, name=name).id
            collection_add(user_id=user_id, post_id=post_id, collection_id=ids[name])
    return len(missing)
