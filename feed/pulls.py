"""Which authors are pulled, and by whom. Every change is ordered so that no post falls between push and pull.

An author starts to be pulled:

    consumer   registers the author ................ then stops to push this and later posts
    reader     ........ sees the registry's version move, adds the author if followed, pulls

A reader takes the registry's entries above the version they have seen, so reading never walks all that they follow.
A follow made meanwhile is covered by whichever comes second: the registration is seen by the follow's own event, or
the follow by the reader who catches up.

A reader follows more than MAX_PULLS pulled authors: the edge becomes a pushed one again, "backfill, then stop pulling".

    catch up   adds the author and writes a PUSH# edge ... its event backfills ... the author leaves the reader's PULLS
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from config.entities import UserId
from feed import repository
from feed.entities import MAX_PULLS
from graph.archive_return import edges_are_coming
from graph.selectors import followees_among, following_ids

ENTRIES_AT_ONCE = 500
"""Registered authors asked after at once; who is further behind is caught up by what they follow instead."""


def author_is_pulled(author_id: UserId) -> bool:
    """Cost: 1 read unit. Consistency: strong."""
    return author_id in repository.pulled_among([author_id])


def author_register(author_id: UserId) -> None:
    """From now on this author is pulled by every reader.

    Cost: 1 read unit if that is known, else 2 and 6 write units.
    Idempotent: by author.
    """
    while not author_is_pulled(author_id) and not repository.registry_add(author_id):
        pass  # Somebody else took the version; whoever loses looks again, so one always gets on.


def pulled_by(reader_id: UserId) -> frozenset[UserId]:
    """The authors that a reader pulls, caught up with the registry.

    Cost: 1 round trip, 1 read unit; when the registry has moved 3 more and a write.
    """
    pulls, version = repository.pulls_get(reader_id)
    # Who has been away for long is far behind: that is caught up with when all that they follow is here again.
    if pulls.version >= version or edges_are_coming(reader_id):
        return pulls.authors
    seen, added = _registered_since(reader_id, pulls.version)
    repository.pulls_add(reader_id, added, version=seen)
    _keep_bounded(reader_id, pulls.authors, added)
    return pulls.authors | added


def reader_add(reader_id: UserId, author_id: UserId) -> None:
    """A reader has followed a pulled author.

    Cost: 2 round trips, 1 read and 1 write unit.
    Idempotent: by reader and author.
    """
    pulls, _version = repository.pulls_get(reader_id)
    repository.pulls_add(reader_id, [author_id])
    _keep_bounded(reader_id, pulls.authors, {author_id})


def reader_remove(reader_id: UserId, author_id: UserId) -> None:
    """A reader has unfollowed an author. No gap is possible here: what is not followed is not shown.

    Cost: 2 round trips, 2 write units.
    Idempotent: by reader and author.
    """
    repository.push_edge_delete(author_id, reader_id)
    repository.pulls_remove(reader_id, author_id)


def edge_backfilled(reader_id: UserId, author_id: UserId) -> None:
    """The inbox now has all of this author: if the edge is a pushed one, the reader stops pulling.

    Cost: 1 read unit, and 1 write unit for a pushed edge.
    Idempotent: by reader and author.
    """
    if repository.push_edge_exists(author_id, reader_id):
        repository.pulls_remove(reader_id, author_id)


def _keep_bounded(reader_id: UserId, before: frozenset[UserId], added: Iterable[UserId]) -> None:
    new = [author_id for author_id in added if author_id not in before]
    room = max(0, MAX_PULLS - len(before))
    for author_id in new[room:]:
        repository.push_edge_put(author_id, reader_id)


def _registered_since(reader_id: UserId, version: int) -> tuple[int, frozenset[UserId]]:
    """The version caught up with, and the followed ones of those who were registered on the way."""
    entries = repository.registry_since(version, limit=ENTRIES_AT_ONCE)
    if len(entries) < ENTRIES_AT_ONCE:
        seen = max((entry_version for entry_version, _author in entries), default=version)
        return seen, frozenset(followees_among(reader_id, [author for _version, author in entries]))
    # The version first: who is registered while the follows are walked is then met again at the next read.
    seen = repository.registry_version()
    followed = following_ids(reader_id)
    return seen, frozenset(
        author for chunk in _chunks(followed, 100) for author in repository.pulled_among(chunk)
    )


def _chunks(ids: Iterator[UserId], size: int) -> Iterator[list[UserId]]:
    while chunk := list(islice(ids, size)):
        yield chunk
