"""Archives for tests, as prose: `archived(ana)`, `returned(ana)`."""

from accounts.models import User
from config.dynamodb import Item, query_all
from config.entities import UserId
from graph.archive import archive_begin, archive_step
from graph.archive_return import return_some
from graph.entities import FollowKind
from graph.heat_repository import heat_get
from graph.keys import shard_partition
from graph.reconcile import Drift, account_reconcile
from graph.services import follow_update
from graph.tables import GRAPH
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of

OURS = {"restored", "archived", "from_mirror", "rid"}
"""What the archive writes on an edge, and the request that it is of."""


def archived(user: User, *, segment_rows: int = 10_000) -> None:
    """All of the account's edges are in the archive."""
    assert archive_begin(user_id=id_of(user))
    while not archive_step(user_id=id_of(user), segment_rows=segment_rows).done:
        pass


def returned(user: User) -> None:
    """All of them are back."""
    while not return_some(user_id=id_of(user), limit=5):
        pass


def halves_of(user: User) -> dict[str, Item]:
    """The account's own halves of its edges as they are in the table, by partition and sort key."""
    user_id = UserId(user.pk)
    rows = [
        row
        for shard in range(heat_get(user_id, consistent=True).shards)
        for row in query_all(GRAPH, shard_partition(user_id, shard), consistent=True)
        if row["sk"].startswith("FOLLOW") and "gpk" in row
    ]
    return {
        f"{row['pk']} {row['sk']}": {name: value for name, value in row.items() if name not in OURS}
        for row in rows
    }


def three_friends() -> tuple[User, User, User]:
    """Ana and Bob follow each other, Eve follows Ana, Ana follows Eve with all that may be chosen."""
    ana, bob, eve = a_user("ana"), a_user("bob"), a_user("eve")
    for follower, followee in ((ana, bob), (bob, ana), (eve, ana), (ana, eve)):
        follows(follower, followee)
    follow_update(follower_id=id_of(ana), followee_id=id_of(eve), notify=True, kind=FollowKind.FRIEND)
    return ana, bob, eve


def is_right(*people: User) -> None:
    """Counters are those of the edges, and nothing is away."""
    for person in people:
        assert account_reconcile(user_id=id_of(person), repair=False) == Drift(accounts=1)
