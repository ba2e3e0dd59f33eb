"""What a hot account shows, with consumer and worker as processes of their own."""

from graph.entities import Counts
from graph.repository import edge_delete
from graph.selectors import counts
from tests.graph.factory import a_stranger
from tests.graph.test_heat import followed, made_hot
from tests.stack import TestStack, eventually


def test_a_hot_accounts_count_is_up_to_date_a_moment_after_the_last_follow(stack: TestStack) -> None:
    bob = a_stranger()
    hot = made_hot(bob, shards=8, write_shards=8)
    edges = followed(bob, 40, heat=hot)
    eventually(lambda: counts(bob) == Counts(40, 0))
    for edge in edges[:15]:
        edge_delete(edge.follower_id, bob, follower_handle=edge.follower_handle, heat=hot)
    eventually(lambda: counts(bob) == Counts(25, 0))
