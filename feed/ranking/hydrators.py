"""Hydrators fill candidates in, in bulk: same length, same order. What they ask of DynamoDB goes side by side."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from config.dynamodb import gather
from config.entities import PostId, UserId
from feed.ranking.candidates import Candidate
from feed.ranking.first_reads import first_marks
from feed.ranking.reading import Reading
from graph.ended import ended_among
from graph.mutes import followed_and_muted
from posts.entities import Post
from posts.mark_entities import UNMARKED, KnownMarks
from posts.posts_read import PostsRead


@dataclass(frozen=True, slots=True)
class Hydrated:
    """The candidates with all that is known of them, and what the reader has put on them."""

    candidates: list[Candidate]
    marks: KnownMarks


def hydrated(
    reading: Reading,
    candidates: list[Candidate],
    *,
    with_marks: bool,
    beside: Sequence[Callable[[], None]] = (),
) -> Hydrated:
    """Posts, who is followed and muted, and the reader's marks, in one round; a second one for authors met only then. `beside`: what else.

    Cost: the cache, and 1 round: 0.5 RU a post that it lacks, 1 batch at 0.5 RU a person who has to be asked about
        (`Relations`), and with marks as `first_marks`.
    """
    posts = PostsRead([candidate.post_id for candidate in candidates])
    known_posts = posts.known
    begun = [replace(candidate, post=known_posts.get(candidate.post_id)) for candidate in candidates]
    relations = Relations(reading)
    relations.plan(begun)
    asked = frozenset(_shown_id(candidate) for candidate in begun) if with_marks else frozenset()
    found = [UNMARKED]

    def read_marks() -> None:
        found[0] = first_marks(reading.reader_id, asked, reading.kept)

    reads = [*beside, *posts.reads]
    reads += [relations.read] if relations.is_open else []
    reads += [read_marks] if asked else []
    gather(*reads)
    posts.keep()
    bodies = posts.posts()
    known = [replace(candidate, post=bodies.get(candidate.post_id)) for candidate in candidates]
    relations.plan(known)  # a repost's other author, where the cache did not know of the repost
    if relations.is_open:
        relations.read()
    return Hydrated(relations.tell(known), KnownMarks(asked, found[0]))


class Relations:
    """Whether the reader follows or has muted the authors of candidates now; a repost is of both its authors.

    An inbox may still hold what an unfollow has yet to prune, and a mute changes no inbox. Of most authors the reader's
    record says it. The graph is asked about

        who is not among the followees          a fingerprint was lost, or the inbox is to be pruned: asked before hidden
        who was unfollowed within the hour      the record is a stream hop behind
        who was heard of                        it may be a stranger with a followee's fingerprint
        who may be muted                        the record has all who ever were
        everybody                               without a complete record
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._believed: set[UserId] = set()
        self._followed: set[UserId] = set()
        self._muted: set[UserId] = set()
        self._planned: set[UserId] = set()
        self._to_ask: list[UserId] = []
        self._perhaps_muted: list[UserId] = []

    @property
    def is_open(self) -> bool:
        """Whether there is somebody to ask about."""
        return bool(self._to_ask or self._perhaps_muted)

    def plan(self, candidates: Iterable[Candidate]) -> None:
        """Who has to be asked about, of those whom it was not asked before. Cost: 1 round trip to the cache."""
        candidates = list(candidates)
        record = self._reading.record
        people = {author for candidate in candidates for author in _authors_of(candidate)}
        new = people - self._planned - {self._reading.reader_id}
        self._planned |= new
        if not record.followees.are_complete:
            self._to_ask = self._perhaps_muted = list(new)
            return
        by_record = {author for author in new if author in record.followees}
        by_record -= {candidate.author_id for candidate in candidates if candidate.source == "heard"}
        self._believed |= by_record - ended_among(self._reading.reader_id, by_record)
        authors = {candidate.author_id for candidate in candidates}
        self._to_ask = list((new & authors) - self._believed)
        self._perhaps_muted = [author for author in new if author in record.perhaps_muted]

    def read(self) -> None:
        """Cost: 1 round trip, 0.5 RU a question."""
        followed, muted = followed_and_muted(
            self._reading.reader_id, self._to_ask, perhaps_muted=self._perhaps_muted
        )
        self._followed |= followed
        self._muted |= muted
        self._to_ask, self._perhaps_muted = [], []

    def tell(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates with what has been found. Cost: none."""
        return [
            replace(
                candidate,
                author_followed=candidate.author_id in self._followed | self._believed,
                author_believed=candidate.author_id in self._believed,
                author_muted=bool(_authors_of(candidate) & self._muted),
            )
            for candidate in candidates
        ]


def _authors_of(candidate: Candidate) -> set[UserId]:
    """Whose post it is, and of a repost whose it repeats."""
    repeated = candidate.post.repost_of if candidate.post is not None else None
    return {candidate.author_id} | ({repeated.author_id} if repeated is not None else set())


def _shown_id(candidate: Candidate) -> PostId:
    post: Post | None = candidate.post
    return candidate.post_id if post is None or post.repost_of is None else post.repost_of.post_id
