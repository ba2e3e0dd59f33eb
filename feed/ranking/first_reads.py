"""The first round of a page: four reads side by side, those of the first page kept until somebody writes there.

    read                    kept until a write to                       noticed by
    a page of the inbox     INBOX#<reader>                              `feed.repository`
    the reader's record     READER#<reader>, in the table "feed"        the door to DynamoDB
    the registry's version  REGISTRY, in the table "feed"               the door
    the reader's own posts  AUTHOR#<reader>, in the index of "posts"    the door
    what they have marked   MARKS#<reader>, in the table "posts"        the door; read in the third round

So who looks again costs DynamoDB nothing. What is new is found without these: it was heard of, or its push is a write.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

from config.dynamodb import gather
from config.entities import PostId, UserId
from config.kept import Kept
from feed import readers, repository
from feed.entities import InboxItem
from feed.ranking.candidates import FROM_THE_TOP, FeedQuery
from feed.reader_entities import ReaderRecord
from feed.reader_keeping import known_read, known_written, record_read, record_written
from posts.mark_entities import KnownMarks, Marks
from posts.selectors import marks_among
from posts.timelines import NewestRead

REGISTRY: Final = "REGISTRY"
AWAY_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class FirstReads:
    """What the first round gives. `kept`: for what is read later."""

    inbox: list[InboxItem]
    record: ReaderRecord
    version: int
    own: list[PostId]
    kept: Kept


class _Version:
    """The registry's version as this process has read it last, for pages that are made while Redis is away.

    Who has just come to be pulled by everybody is then pulled two seconds later: their next post, which is not pushed any
    more, is as late.
    """

    def __init__(self) -> None:
        self._seen: tuple[int, float] | None = None

    def read(self) -> int:
        """Cost: 1 round trip, 0.5 RU. Consistency: eventual."""
        asked_at = time.monotonic()
        version = repository.registry_version(consistent=False)
        self._seen = version, asked_at
        return version

    def lately(self) -> int | None:
        """As it was at most AWAY_SECONDS ago, if it was read then. Cost: none."""
        seen = self._seen
        return seen[0] if seen is not None and time.monotonic() - seen[1] < AWAY_SECONDS else None


_version: Final = _Version()


class _Names(NamedTuple):
    """The partitions of one reader, and everybody's."""

    inbox: str
    record: str
    own: str
    marks: str
    registry: str = REGISTRY

    @classmethod
    def of(cls, reader_id: UserId) -> "_Names":
        inbox = repository.inbox_name(reader_id)
        return cls(inbox, f"READER#{reader_id}", f"AUTHOR#{reader_id}", f"MARKS#{reader_id}")


def first_reads(query: FeedQuery) -> FirstReads:
    """All four; of the first page only what is not kept is asked for.

    Cost: 1 round, 0.5 RU each, the record of who follows 5,000 3 RU; nothing where it is kept. 2 round trips to the cache, 3
        to keep something. With Redis away the registry's version is read every AWAY_SECONDS by a process.
    """
    names = _Names.of(query.reader_id)
    kept = Kept(names if query.before == FROM_THE_TOP else ())
    known = _known(kept, names, query.limit)
    if kept.is_away and (version := _version.lately()) is not None:
        known[REGISTRY] = version
    own = own_read(query) if names.own not in known else None
    reads: dict[str, Callable[[], Any]] = {
        names.inbox: inbox_read(query),
        names.record: partial(readers.reader_record, query.reader_id),
        REGISTRY: _version.read,
    }
    reads = {name: read for name, read in reads.items() if name not in known}
    answers = gather(*reads.values(), *(own.reads if own else ()))
    found: dict[str, Any] = dict(zip(reads, answers, strict=False))
    if own is not None:
        found[names.own] = own.finish()[0]
    if kept.may_fill:
        kept.fill({name: _written(value, name, names, query.limit) for name, value in found.items()})
    known |= found
    return FirstReads(known[names.inbox], known[names.record], known[REGISTRY], known[names.own], kept)


def names_of(reader_id: UserId) -> Sequence[str]:
    """Under which names things of the reader are kept, and everybody's registry."""
    return _Names.of(reader_id)


def first_marks(reader_id: UserId, asked: frozenset[PostId], kept: Kept) -> Marks:
    """What the reader has put on these posts.

    Cost: as `marks_among`; nothing where it is kept of all of them.
    """
    name = _Names.of(reader_id).marks
    value = kept.get(name)
    if value is not None and (known := known_read(value)).asked >= asked:
        return known.marks
    marks = marks_among(reader_id, asked)
    kept.fill({name: known_written(KnownMarks(asked, marks))})
    return marks


def inbox_read(query: FeedQuery) -> Callable[[], list[InboxItem]]:
    """A page of the inbox."""
    return partial(
        repository.inbox_below,
        query.reader_id,
        before=query.before,
        limit=query.limit,
        now_seconds=query.now_ms // 1000,
    )


def own_read(query: FeedQuery) -> NewestRead:
    """Own posts are there at once: before the stream has told of them."""
    before = None if query.before == FROM_THE_TOP else query.before
    return NewestRead([query.reader_id], limit=query.limit, before=before)


def _known(kept: Kept, names: _Names, limit: int) -> dict[str, Any]:
    """What is kept of the four; what was kept of pages of another length is not known."""
    known: dict[str, Any] = {}
    inbox, record, own = kept.get(names.inbox), kept.get(names.record), kept.get(names.own)
    if inbox is not None and inbox[0] == limit:
        known[names.inbox] = [InboxItem(PostId(post_id), UserId(author)) for post_id, author in inbox[1]]
    if record is not None:
        known[names.record] = record_read(record)
    if own is not None and own[0] == limit:
        known[names.own] = [PostId(post_id) for post_id in own[1]]
    if REGISTRY in kept:
        known[REGISTRY] = kept.get(REGISTRY)
    return known


def _written(value: Any, name: str, names: _Names, limit: int) -> Any:
    if name == names.inbox:
        return [limit, [[item.post_id, item.author_id] for item in value]]
    if name == names.record:
        return record_written(value)
    return [limit, value] if name == names.own else value
