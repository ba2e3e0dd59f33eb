"""Hydrators fill candidates in, in bulk: same length, same order."""

from dataclasses import replace
from typing import Protocol

from config.entities import UserId
from feed.ranking.candidates import Candidate
from graph.mutes import followed_and_muted
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
    """Whether the reader follows or has muted the author now; a repost is of both authors.

    An inbox may still hold what an unfollow has yet to prune, and a mute changes no inbox.
    """

    def hydrate(self, reader_id: UserId, candidates: list[Candidate]) -> list[Candidate]:
        """Cost: 1 round trip, 1 read unit an author."""
        authors = {author_id for candidate in candidates for author_id in _authors_of(candidate)} - {
            reader_id
        }
        followed, muted = followed_and_muted(reader_id, authors)
        return [
            replace(
                candidate,
                author_followed=candidate.author_id in followed,
                author_muted=bool(_authors_of(candidate) & muted),
            )
            for candidate in candidates
        ]


def _authors_of(candidate: Candidate) -> set[UserId]:
    """Whose post it is, and of a repost whose it repeats."""
    repeated = candidate.post.repost_of if candidate.post is not None else None
    return {candidate.author_id} | ({repeated.author_id} if repeated is not None else set())
