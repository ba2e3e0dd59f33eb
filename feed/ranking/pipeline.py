"""The engine: scan, order, hydrate, filter, and again until the page is full."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from config.entities import PostId
from feed.ranking.candidates import Candidate, FeedQuery, Removed, Slate, Verdict
from feed.ranking.filters import Filter, RepeatedPostFilter
from feed.ranking.hydrators import hydrated
from feed.ranking.reading import (
    Reading,
    Stretch,
    next_stretch,
    noted_beside,
    open_reading,
)
from feed.ranking.slate import newest_first
from feed.ranking.sources import Source
from posts.mark_entities import UNMARKED, KnownMarks

MAX_ROUNDS = 8
MAX_LIMIT = 100
NO_MARKS = KnownMarks(frozenset(), UNMARKED)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages of one kind of feed, in the order they run."""

    sources: Sequence[Source]
    filters: Sequence[Filter]
    page_filter: RepeatedPostFilter
    """Of what is kept, by what the page has already."""

    def page(self, query: FeedQuery) -> Slate:
        """A full page, unless everything ends or MAX_ROUNDS of candidates were nearly all removed.

        Each further round asks for twice as many, so that a stretch of hidden posts is crossed in few of them.

        Cost: as `open_reading`, the sources and `hydrated`: at most 3 rounds; more only to refill.
        """
        shown: list[Candidate] = []
        removed: list[Removed] = []
        marks = NO_MARKS
        stretch = open_reading(query)
        beside = noted_beside(stretch)
        for round_number in range(1, MAX_ROUNDS + 1):
            candidates, position, stretch = self._scan_enough(stretch)
            found = hydrated(stretch.reading, candidates, with_marks=True, beside=beside)
            beside = []
            marks = marks.with_those(found.marks)
            verdict = self._filtered(query, found.candidates)
            removed += verdict.removed
            verdict = self.page_filter.apply_below(shown, verdict.kept)
            kept = verdict.kept
            removed += verdict.removed
            missing = query.limit - len(shown)
            shown += kept[:missing]
            if len(shown) == query.limit and (len(kept) > missing or _is_repeated_below(shown, verdict)):
                position = shown[-1].post_id
            if position is None or len(shown) == query.limit or round_number == MAX_ROUNDS:
                break
            limit = min(query.limit * 2**round_number, MAX_LIMIT)
            stretch = next_stretch(replace(query, before=position, limit=limit), stretch)
        return Slate(shown, removed, position, marks, stretch.reading.record)

    def judged(self, query: FeedQuery, candidates: list[Candidate]) -> Verdict:
        """What a page would show of these candidates, and what not. All is asked of the graph.

        Cost: as `hydrated` without a record: 1 RU an author; nothing without candidates.
        """
        if not candidates:
            return Verdict([], [])
        found = hydrated(Reading(query.reader_id), candidates, with_marks=False)
        return self._filtered(query, found.candidates)

    def _filtered(self, query: FeedQuery, candidates: list[Candidate]) -> Verdict:
        removed: list[Removed] = []
        for stage in self.filters if candidates else ():
            verdict = stage.apply(query.reader_id, candidates)
            candidates = verdict.kept
            removed += verdict.removed
        return Verdict(candidates, removed)

    def _scan_enough(self, stretch: Stretch) -> tuple[list[Candidate], PostId | None, Stretch]:
        """Above the horizon there may be less than a page: what is below is scanned before anything is looked at."""
        candidates, position = self._scan(stretch)
        limit = stretch.query.limit
        if position is None or len(candidates) >= limit:
            return candidates, position, stretch
        below = next_stretch(replace(stretch.query, before=position), stretch)
        more, position = self._scan(below)
        together = [*candidates, *more]
        if len(together) > limit:
            position = together[limit - 1].post_id
        return together[:limit], position, below

    def _scan(self, stretch: Stretch) -> tuple[list[Candidate], PostId | None]:
        # One after the other: sources read side by side within themselves, and threads that wait for threads may lock.
        return newest_first([source.scan(stretch) for source in self.sources], stretch.query.limit)


def _is_repeated_below(shown: Sequence[Candidate], verdict: Verdict) -> bool:
    """Whether what a full page has already comes again further down: there it belongs to the next page, however far was scanned."""
    return any(removed.candidate.post_id < shown[-1].post_id for removed in verdict.removed)
