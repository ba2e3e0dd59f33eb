"""Edges of dormant accounts go to the archive and come back, and nobody else notices."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from accounts.entities import ArchiveState
from accounts.models import User
from config.dynamodb import Item, query_all
from config.entities import UserId
from graph.archive import archive_begin, archive_step
from graph.archive_return import return_some
from graph.keys import shard_partition
from graph.tables import GRAPH
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_grace(settings: Any) -> None:
    settings.ARCHIVE_GRACE_SECONDS = 0


def archived(user: User, *, segment_rows: int = 10_000) -> None:
    assert archive_begin(user_id=id_of(user))
    while not archive_step(user_id=id_of(user), segment_rows=segment_rows).done:
        pass


def half_edges(user_id: UserId) -> dict[str, Item]:
    rows = query_all(GRAPH, shard_partition(user_id))
    return {
        row["sk"]: {name: value for name, value in row.items() if name not in {"restored"}}
        for row in rows
        if row["sk"].startswith("FOLLOW")
    }


def test_edges_go_and_come_back_as_they_were() -> None:
    ana, bob, eve = a_user("ana"), a_user("bob"), a_user("eve")
    follows(ana, bob)
    follows(bob, ana)
    follows(eve, ana)
    before = half_edges(id_of(ana))
    assert len(before) == 3
    archived(ana)
    assert half_edges(id_of(ana)) == {}
    ana.refresh_from_db()
    assert ana.archive_state == ArchiveState.ARCHIVED
    assert return_some(user_id=id_of(ana))
    assert half_edges(id_of(ana)) == before
    ana.refresh_from_db()
    assert ana.archive_state == ArchiveState.HERE
