"""The request id on its way into the stream."""

from config.dynamodb.items import Item
from config.logs import current_request_id

TRACE_ATTRIBUTE = "rid"


def trace() -> Item:
    """Attributes that carry the current request's id with an item into its stream record; none outside a request."""
    request_id = current_request_id()
    return {TRACE_ATTRIBUTE: request_id} if request_id else {}
