"""Filters: each gives what it keeps and what it removes, with a reason."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from config.entities import UserId
from feed.ranking.candidates import Candidate, Removed, Verdict
from posts.visibility import visible_posts


class Filter(Protocol):
    """Takes out what must not be shown."""

    def apply(self, reader_id: UserId, candidates: list[Candidate]) -> Verdict:
        """Kept and removed, each in the order given."""


class DeletedPostFilter:
    """Posts that are no longer there, or that their author has put away: a list that is kept may still have them."""

    def apply(self, reader_id: UserId, candidates: list[Candidate]) -> Verdict:  # noqa: ARG002  # of the protocol
        """Cost: none."""
        return _split(
            candidates,
            lambda candidate: candidate.post is not None and candidate.post.is_listed,
            "deleted",
        )


class UnfollowedAuthorFilter:
    """Posts of authors that the reader follows no longer."""

    def apply(self, reader_id: UserId, candidates: list[Candidate]) -> Verdict:
        """Cost: none."""
        return _split(
            candidates,
            lambda candidate: candidate.author_followed or candidate.author_id == reader_id,
            "author_not_followed",
        )


class MutedAuthorFilter:
    """Posts of authors that the reader has muted, reposts of them too; on their profiles they are shown."""

    def apply(self, reader_id: UserId, candidates: list[Candidate]) -> Verdict:  # noqa: ARG002  # of the protocol
        """Cost: none."""
        return _split(candidates, lambda candidate: not candidate.author_muted, "author_muted")


class HiddenPostFilter:
    """Posts that the reader may not see: `posts.visibility` decides."""

    def apply(self, reader_id: UserId, candidates: list[Candidate]) -> Verdict:
        """Cost: none for authors known to be followed, whom no block hides; of those believed to be, for what is for few."""
        posts = [candidate.post for candidate in candidates if candidate.post is not None]
        followed = {candidate.author_id for candidate in candidates if candidate.author_followed}
        believed = {candidate.author_id for candidate in candidates if candidate.author_believed}
        seen_posts = visible_posts(reader_id, posts, followed=followed - believed, believed=believed)
        visible = {post.id: post for post in seen_posts}
        seen = [replace(candidate, post=visible.get(candidate.post_id)) for candidate in candidates]
        return _split(seen, lambda candidate: candidate.post is not None, "not_visible")


class RepeatedPostFilter:
    """Posts that are on the page already, by themselves or by somebody's repost: the one nearest the top stays."""

    def apply_below(self, shown: list[Candidate], candidates: list[Candidate]) -> Verdict:
        """Kept and removed of what comes below the candidates that the page has already. Cost: none."""
        seen = {candidate.post.shown.id for candidate in shown if candidate.post is not None}
        verdict = Verdict([], [])
        for candidate in candidates:
            if candidate.post is not None and candidate.post.shown.id in seen:
                verdict.removed.append(Removed(candidate, "repeated"))
            else:
                verdict.kept.append(candidate)
                seen |= {candidate.post.shown.id} if candidate.post is not None else set()
        return verdict


def _split(candidates: list[Candidate], keeps: Callable[[Candidate], bool], reason: str) -> Verdict:
    verdict = Verdict([], [])
    for candidate in candidates:
        if keeps(candidate):
            verdict.kept.append(candidate)
        else:
            verdict.removed.append(Removed(candidate, reason))
    return verdict
