"""Hydrators fill candidates in, in bulk: same length, same order."""

from dataclasses import replace
from typing import Protocol

from config.entities import UserId
from feed.ranking.candidates import Candidate
from graph.selectors import followees_among
from posts.selectors import posts_by_ids


class Hydrator(Protocol):
    """Adds facts that filters, scorers or cards need."""

    def hydrate(self, reader_id: UserId, candidates: list[Candidate]) -> list[Candidate]:
        """Each candidate with more known of it."""


class PostHydrator:
    """The post itself; none for one that was deleted."""

    def hydrate(self, reader_id: UserId, candidates: list[Candidate]) -> list[Candidate]:  # noqa: ARG002  # of the protocol
        """Cost: the cache, and what it lacks in 1 batch."""
        posts = posts_by_ids([candidate.post_id for candidate in candidates])
        return [replace(candidate, post=posts.get(candidate.post_id)) for candidate in candidates]


class FollowHydrator:
    """Whether the reader follows the author now: an inbox may still hold what an unfollow has yet to prune."""

    def hydrate(self, reader_id: UserId, candidates: list[Candidate]) -> list[Candidate]:
        """Cost: 1 round trip, 0.5 read units an author."""
        followed = followees_among(reader_id, {candidate.author_id for candidate in candidates} - {reader_id})
        return [
            replace(candidate, author_followed=candidate.author_id in followed) for candidate in candidates
        ]
