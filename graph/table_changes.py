"""Changes of the `graph` table since it was first in use, oldest first. See `config.dynamodb.changes`."""

from config.dynamodb import TableChange
from graph.marked_keys import missing_marked_key
from graph.notify_keys import INDEX, missing_notify_key
from graph.tables import GRAPH

BY_NOTIFY = TableChange(
    version=1,
    table=GRAPH,
    description="Find the followers who want to hear of somebody's posts without reading all followers.",
    add_index=INDEX,
    backfill=missing_notify_key,
)
BY_MARKED = TableChange(
    version=2,
    table=GRAPH,
    description="Find who has muted somebody or has them as a close friend, once that somebody has left for good.",
    backfill=missing_marked_key,
)
