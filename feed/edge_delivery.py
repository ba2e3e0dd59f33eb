"""How new edges are to be delivered, asked when they are made: pushed, or pulled if that is cheaper for this reader and author.

What is decided is stored where it is needed, with the reader and on the edge (`feed.pulls`), so that who reads and who
fans out agree. It is decided anew with all that the reader follows (`feed.reader_decisions`), or with all who follow the
author (`feed.demotions`).
"""

import time
from collections.abc import Sequence

from config.entities import UserId
from feed import pulls, repository
from feed.activity_repository import states_get
from feed.author_repository import rates_by_ids
from feed.entities import MAX_PULLS
from feed.policies.facts import Edge as EdgeFacts
from feed.reader_rates import reader_facts
from graph.delivery import follows_to


def authors_to_be_pulled(reader_id: UserId, author_ids: Sequence[UserId]) -> list[UserId]:
    """Those of these authors whom it costs less to pull for this reader, as long as the reader has room for them.

    Cost: 2 round trips, 0.5 read units and 0.5 an author; 1 read unit more where there are some.
    """
    now_ms = time.time_ns() // 1_000_000
    rates = rates_by_ids(author_ids)
    reader = reader_facts(states_get([reader_id]).get(reader_id), now_ms)
    cheaper = [
        author_id
        for author_id in author_ids
        if rates[author_id].serving.edges.pulls(EdgeFacts(reader, rates[author_id].facts(now_ms)))
    ]
    if not cheaper:
        return []
    pulled = repository.pulls_read(reader_id).authors
    new = [author_id for author_id in cheaper if author_id not in pulled]
    return [author_id for author_id in cheaper if author_id in pulled] + new[
        : max(0, MAX_PULLS - len(pulled))
    ]


def edges_pull(reader_id: UserId, author_ids: Sequence[UserId]) -> set[UserId]:
    """Have those follows pulled that it is the cheaper way for; the others' posts are to be brought into the inbox.

    Until this is done the edges have no mark, so that what is posted meanwhile is pushed.

    Cost: as `authors_to_be_pulled`; for those pulled 1 read unit and 1 write unit each, and 2 writes of the reader's list.
    Idempotent: by edge.
    """
    edges = follows_to(reader_id, authors_to_be_pulled(reader_id, author_ids))
    if edges:
        pulls.edges_to_pull(reader_id, edges)
    return {edge.followee_id for edge in edges}
