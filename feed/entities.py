"""The words of the feed: a reader has an inbox; what is not pushed into it is pulled from its author."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.entities import PostId, UserId
from config.ids import first_id_at
from graph.person_seen import PersonSeen

RETENTION_SECONDS = 14 * 24 * 3600
"""How long a pushed item stays. TODO(5): by the reader's activity and the post's relevance."""

EXPIRY_MARGIN_SECONDS = 3600
"""Items outlive the horizon by this much, so that no difference of clocks opens a gap above it."""

MAX_PULLS = 100
"""Pulled authors of one reader, beyond which an edge is pushed again (see `feed.pulls`)."""


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One pushed post."""

    post_id: PostId
    author_id: UserId


@dataclass(frozen=True, slots=True)
class Pulls:
    """The authors that one reader pulls, as of a version of the registry.

    `pending`: those of them whose edge is just being marked, or was when its writer died. `change`: of the last addition.
    """

    authors: frozenset[UserId] = frozenset()
    version: int = 0
    pending: frozenset[UserId] = frozenset()
    change: int = 0


@dataclass(frozen=True, slots=True)
class ProfileHeader:
    """A profile as its page's head shows it to one viewer, and what is pinned below."""

    seen: PersonSeen
    post_count: int
    pinned_ids: Sequence[PostId]
    is_self: bool
    posts_hidden: bool


def horizon_at(now_ms: int) -> int:
    """The watermark of every inbox: pushed items above it are there, those below it have expired.

    Expiry follows the time of the post, never the time of the push, so that the line is the same for all items.
    """
    return first_id_at(now_ms - RETENTION_SECONDS * 1000)
