"""The engine: scan, order, hydrate, filter, and again until the page is full."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from config.entities import PostId, UserId
from feed.ranking.candidates import Candidate, FeedQuery, Removed, Slate, Verdict
from feed.ranking.filters import Filter, RepeatedPostFilter
from feed.ranking.hydrators import Hydrator
from feed.ranking.slate import newest_first
from feed.ranking.sources import Source

MAX_ROUNDS = 8
MAX_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages of one kind of feed, in the order they run."""

    sources: Sequence[Source]
    hydrators: Sequence[Hydrator]
    filters: Sequence[Filter]
    page_filter: RepeatedPostFilter
    """Of what is kept, by what the page has already."""

    def page(self, query: FeedQuery) -> Slate:
        """A full page, unless everything ends or MAX_ROUNDS of candidates were nearly all removed.

        Each further round asks for twice as many, so that a stretch of hidden posts is crossed in few of them.

        Cost: 1 round of each stage, more only to refill.
        """
        shown: list[Candidate] = []
        removed: list[Removed] = []
        position: PostId | None = query.before
        for round_number in range(MAX_ROUNDS):
            if position is None or len(shown) == query.limit:
                break
            limit = min(query.limit * 2**round_number, MAX_LIMIT)
            candidates, position = self._scan(replace(query, before=position, limit=limit))
            verdict = self.judged(query.reader_id, candidates)
            removed += verdict.removed
            verdict = self.page_filter.apply_below(shown, verdict.kept)
            kept = verdict.kept
            removed += verdict.removed
            missing = query.limit - len(shown)
            shown += kept[:missing]
            if len(kept) > missing:
                position = shown[-1].post_id
        return Slate(shown, removed, position)

    def judged(self, reader_id: UserId, candidates: list[Candidate]) -> Verdict:
        """What a page would show of these candidates, and what not.

        Cost: 1 round of each hydrator and filter; nothing without candidates.
        """
        removed: list[Removed] = []
        if candidates:
            for hydrator in self.hydrators:
                candidates = hydrator.hydrate(reader_id, candidates)
            for stage in self.filters:
                verdict = stage.apply(reader_id, candidates)
                candidates = verdict.kept
                removed += verdict.removed
        return Verdict(candidates, removed)

    def _scan(self, query: FeedQuery) -> tuple[list[Candidate], PostId | None]:
        # One after the other: sources read side by side within themselves, and threads that wait for threads may lock.
        return newest_first([source.scan(query) for source in self.sources], query.limit)
