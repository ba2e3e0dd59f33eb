"""What the graph itself does when it hears of its own changes."""

from config.streams import on
from graph.events import FollowCreated
from graph.services import request_settle
from graph.tables import GRAPH


@on(GRAPH, FollowCreated)
def settle_request(event: FollowCreated) -> None:
    """A follow has overtaken its request, if there is one left."""
    request_settle(follower_id=event.follower_id, followee_id=event.followee_id)
