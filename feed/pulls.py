"""Which authors are pulled, and by whom. Every change is ordered so that no post falls between push and pull.

An author starts to be pulled by everybody (the end of that is in `feed.demotions`):

    consumer   registers the author ................ then stops to push this and later posts
    reader     ........ sees the registry's version move, adds the author if followed, pulls

A reader takes the registry's entries above the version they have seen, so reading never walks all that they follow.
A follow made meanwhile is covered by whichever comes second: the registration is seen by the follow's own event, or
the follow by the reader who catches up.

One edge starts to be pulled, and ends it (`feed.edge_delivery` decides):

    to pull   the reader's PULLS hold the author, pending .... the edge is marked, pushing stops .... pending no more
    to push   the edge loses its mark, pushing starts .... the inbox is backfilled .... `pull_release`

Whoever takes an author out of PULLS has looked at how the edge is delivered, and does it only if nothing was added
since: between its addition and its mark an edge is pending, and what is pending is never taken.

A reader follows more than MAX_PULLS pulled authors: the edge becomes a pushed one again, "backfill, then stop pulling".

    catch up   adds the author and writes a PUSH# edge ... its event backfills ... the author leaves the reader's PULLS
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from config import cache
from config.entities import UserId
from feed import repository
from feed.author_entities import Reason
from feed.entities import MAX_PULLS, Pulls
from feed.registry_repository import registration_get, registrations_among, registry_add
from graph.archive_return import edges_are_coming
from graph.delivery import edge_delivery_set, edge_is_pulled, edges_delivery_set, follow_of
from graph.entities import Edge
from graph.selectors import followees_among, following_ids, is_following

KEPT = "feed_pulled"
"""Under which the cache keeps, for the pill, whom a reader pulls (`feed.news`)."""
ENTRIES_AT_ONCE = 500
"""Registered authors asked after at once; who is further behind is caught up by what they follow instead."""


def author_is_pulled(author_id: UserId) -> bool:
    """Whether everybody pulls an author, so that only those who are kept are pushed to.

    Cost: 1 read unit. Consistency: strong.
    """
    registration = registration_get(author_id)
    return registration is not None and not registration.demotion


def authors_pulled(author_ids: Sequence[UserId]) -> set[UserId]:
    """The same of many.

    Cost: 1 round trip a 100, 1 read unit each. Consistency: strong.
    """
    return {found.author_id for found in registrations_among(author_ids) if not found.demotion}


def author_register(author_id: UserId, *, reason: Reason = Reason.POLICY) -> None:
    """From now on this author is pulled by every reader. A demotion under way is over.

    Cost: 1 read unit if that is known, else 2 and 6 write units.
    Idempotent: by author.
    """
    while True:
        before = registration_get(author_id)
        if before is not None and not before.demotion:
            return
        if registry_add(author_id, before=before, reason=reason, at_ms=time.time_ns() // 1_000_000):
            return  # Else somebody else took the version; whoever loses looks again, so one always gets on.


def pulled_by(reader_id: UserId) -> frozenset[UserId]:
    """The authors that a reader pulls, caught up with the registry.

    Cost: 1 round trip, 1 read unit; when the registry has moved 3 more and a write.
    """
    return pulled_from(reader_id, *repository.pulls_get(reader_id))


def pulled_from(reader_id: UserId, pulls: Pulls, version: int) -> frozenset[UserId]:
    """The same, for whom the reader's pulls and the registry's version have been read already.

    Cost: none; when the registry has moved 3 round trips and a write.
    """
    # Who has been away for long is far behind: that is caught up with when all that they follow is here again.
    if pulls.version >= version or edges_are_coming(reader_id):
        return pulls.authors
    seen, added = _registered_since(reader_id, pulls.version)
    repository.pulls_add(reader_id, added, version=seen)
    _keep_bounded(reader_id, pulls.authors, added)
    return pulls.authors | added


def reader_add(reader_id: UserId, author_ids: Iterable[UserId]) -> None:
    """A reader has followed authors whom everybody pulls.

    Cost: 2 round trips, 1 read unit and 1 write unit a KB; 1 to the cache.
    Idempotent: by reader and author.
    """
    added = frozenset(author_ids)
    pulls, _version = repository.pulls_get(reader_id)
    repository.pulls_add(reader_id, added)
    _keep_bounded(reader_id, pulls.authors, added)
    cache.delete(KEPT, reader_id)


def edges_to_pull(reader_id: UserId, edges: Sequence[Edge]) -> None:
    """Set pull, then stop pushing: of these follows of one reader.

    Cost: 1 write unit an edge, and 2 writes of the reader's list (1 write unit a KB).
    Idempotent: by edge. What a kill leaves pending is pulled and pushed until this, or `edge_to_push`, runs again.
    """
    authors = [edge.followee_id for edge in edges]
    repository.pulls_add(reader_id, authors, pending=True)
    cache.delete(KEPT, reader_id)
    not_here = edges_delivery_set(edges, pulled=True)
    repository.pulls_settle(reader_id, authors)
    for edge in not_here:  # the follow has ended meanwhile, or its other half is in the archive
        pull_release(reader_id, edge.followee_id)


def edge_to_push(edge: Edge) -> None:
    """Push from now on: a backfill is to follow, and `pull_release` when it has come to its end.

    Cost: 1 write unit, and 1 a KB if the edge was left pending. Idempotent: by edge.
    """
    pending = edge.followee_id in repository.pulls_read(edge.follower_id).pending
    edge_delivery_set(edge, pulled=False)
    if pending:
        repository.pulls_settle(edge.follower_id, [edge.followee_id])


def pulls_release(reader_id: UserId, author_ids: Iterable[UserId]) -> None:
    """Stop to pull those of these authors who are pulled and need not be: `pull_release` of many.

    Cost: 1 read unit; as `pull_release` for each who is pulled.
    """
    for author_id in sorted(repository.pulls_read(reader_id).authors.intersection(author_ids)):
        pull_release(reader_id, author_id)


def pull_release(reader_id: UserId, author_id: UserId) -> None:
    """Stop to pull, unless pulling is what brings the author's posts: the end of a backfill, or of a follow.

    Cost: 1 read unit for who doesn't pull the author; else up to 5 and 1 write unit a KB.
    Idempotent: by reader and author.
    """
    while True:
        pulls = repository.pulls_read(reader_id)
        if author_id not in pulls.authors or _is_needed(reader_id, author_id, pulls):
            return
        if repository.pulls_take(reader_id, author_id, change=pulls.change):
            return  # Else something was added meanwhile, perhaps this author: look again.


def reader_forget(reader_id: UserId, author_id: UserId) -> None:
    """Stop to pull an author who has left the network.

    Cost: 1 read unit and 2 write units. Idempotent: by reader and author.
    """
    repository.push_edge_delete(author_id, reader_id)
    while not repository.pulls_take(reader_id, author_id, change=repository.pulls_read(reader_id).change):
        pass  # Something else was added just then.


def _is_needed(reader_id: UserId, author_id: UserId, pulls: Pulls) -> bool:
    """Whether without the pull some of the author's posts would not come. In doubt it is."""
    edge = follow_of(reader_id, author_id)
    if edge is None:
        return is_following(reader_id, author_id)  # then it is on its way from the archive
    if author_id in pulls.pending or edge_is_pulled(edge):
        return True
    return author_is_pulled(author_id) and not repository.push_edge_exists(author_id, reader_id)


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
