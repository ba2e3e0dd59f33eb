"""How an author's posts go out, asked at each post: pulled by everybody from now on, or pushed to followers again.

rates   the post is counted (`feed.policies.rates`); reactions are counted by `reactions_note`, one in SAMPLE
answer  over a line: registered, and not fanned out. Well below it, and registered for a while: a demotion begins
"""

import time
from collections.abc import Callable
from typing import Final
from zlib import crc32

import structlog

from config.entities import PostId, UserId
from config.ids import id_time_ms
from feed import author_repository, pressure, pulls
from feed.author_entities import AuthorRecord, Reason
from feed.policies.facts import AuthorFacts
from feed.policies.rates import POST_HALF_LIFE_DAYS, REACTION_HALF_LIFE_DAYS, rate_after
from feed.policies.serving import Delivery
from feed.registry_repository import demotion_begin
from graph.selectors import counts
from posts.selectors import posts_by_ids

logger = structlog.get_logger()

REGISTERED_AT_LEAST_MS: Final = 3_600_000
"""Nobody is demoted sooner: an author at a line doesn't go to and fro with each post."""
SAMPLE: Final = 64
"""One reaction in so many is written, for all of them: an author whom thousands react to is one item."""

QueueDemotion = Callable[[UserId, int], object]
"""Author and run."""


def author_review(*, author_id: UserId, post_id: PostId | None = None, demote: QueueDemotion) -> bool:
    """Decide anew whether everybody pulls an author, after a post or a change of policy. Whether they do now.

    Cost: 2.5 read units, and 1 write unit for a post that is counted; to register 1 read and 6 write units more, to begin a
        demotion 4 write units.
    Idempotent: by author; by post as to its being counted.
    """
    record = author_repository.author_record(author_id)
    if post_id is not None and post_id > record.rates.last_post_id:
        counted = rate_after(record.rates.posts, id_time_ms(post_id), half_life_days=POST_HALF_LIFE_DAYS)
        author_repository.post_rate_set(author_id, counted, post_id=post_id)
    followers = counts(author_id).followers
    now_ms = time.time_ns() // 1_000_000
    facts = record.rates.facts(now_ms, followers=followers, is_pulled=record.is_pulled)
    reason = _reason_to_pull(record, facts, followers)
    if reason is not None:
        if not record.is_pulled:
            pulls.author_register(author_id, reason=reason)
            logger.info("author_registered", author_id=author_id, followers=followers, reason=reason)
        return True
    if record.is_pulled and _may_end(record, now_ms):
        return not _demote(record, now_ms, demote)
    return record.is_pulled


def author_choose(*, author_id: UserId, chosen: Delivery | None, demote: QueueDemotion) -> None:
    """Staff chose a policy for an author, or None: the site's again. It holds at once for who is pulled by everybody.

    Raises: what `demote` raises; the choice stands.

    Cost: 1 write unit, and as `author_review`.
    Idempotent: by author.
    """
    author_repository.chosen_set(author_id, chosen)
    logger.info("author_chosen", author_id=author_id, policy=chosen)
    author_review(author_id=author_id, demote=demote)


def reactions_note(*, post_id: PostId, event_id: str) -> None:
    """Somebody liked, commented on or reposted a post, or took that back: so lively is what is said about its author.

    Cost: nothing for most; for one in 64 the post (cached), 0.5 read units and 1 write unit.
    Idempotent: no; a record that comes twice is counted twice, which moves a rate a little.
    """
    if crc32(event_id.encode()) % SAMPLE:
        return
    post = posts_by_ids([post_id]).get(post_id)
    if post is None:
        return
    before = author_repository.rates_by_ids([post.author_id])[post.author_id].reactions
    now_ms = time.time_ns() // 1_000_000
    after = rate_after(before, now_ms, half_life_days=REACTION_HALF_LIFE_DAYS, events=SAMPLE)
    author_repository.reaction_rate_set(post.author_id, after)


def _reason_to_pull(record: AuthorRecord, facts: AuthorFacts, followers: int) -> Reason | None:
    if record.rates.serving.authors.should_pull(facts):
        return Reason.POLICY
    return Reason.PRESSURE if pressure.is_too_high_for(followers) else None


def _may_end(record: AuthorRecord, now_ms: int) -> bool:
    """Staff's choice counts at once, but where fan-outs could not keep up; everything else after a while."""
    registration = record.registration
    if registration is None:
        return False
    by_staff = record.rates.chosen is not None and registration.reason is Reason.POLICY
    return by_staff or now_ms - registration.at_ms >= REGISTERED_AT_LEAST_MS


def _demote(record: AuthorRecord, now_ms: int, demote: QueueDemotion) -> bool:
    """Begin to push again; False if somebody else has changed something, which the next post looks at."""
    registration = record.registration
    if registration is None or not demotion_begin(registration, run=now_ms):
        return False
    logger.info("demotion_begun", author_id=registration.author_id, run=now_ms)
    demote(registration.author_id, now_ms)
    return True
