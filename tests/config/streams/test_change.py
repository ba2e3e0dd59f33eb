"""Records as changes: from the engine's stream, from TTL, from Lambda."""

from datetime import UTC, datetime

from config.dynamodb import Update, delete_item, put_item, trace, update_item
from config.logs import bound_request_id
from config.streams.change import Change, change_of
from config.streams.draining import Drain
from config.streams.registry import Handlers
from tests.config.streams.support import a_name
from tests.config.streams.tables import NOTES


class Everything:
    """An event that every change is."""

    @classmethod
    def from_change(cls, change: Change) -> Change:
        return change


def test_an_item_is_inserted_modified_and_removed() -> None:
    pk, heard, handlers = a_name(), [], Handlers()
    handlers.on(NOTES, Everything)(heard.append)
    stream = Drain(handlers)
    stream.start()

    with bound_request_id("request-1"):
        put_item(NOTES, {"pk": pk, "sk": 1, "text": "a", "raw": b"\x00\xff", "tags": {"x"}, **trace()})
    with bound_request_id("request-2"):
        update_item(NOTES, {"pk": pk, "sk": 1}, Update(set={"text": "b", **trace()}))
    delete_item(NOTES, {"pk": pk, "sk": 1})
    assert stream.drain() == 3

    inserted, modified, removed = heard
    assert [change.kind for change in heard] == ["INSERT", "MODIFY", "REMOVE"]
    assert all(change.keys == {"pk": pk, "sk": 1} and not change.expired for change in heard)
    assert inserted.old is None
    assert inserted.new == {
        "pk": pk, "sk": 1, "text": "a", "raw": b"\x00\xff", "tags": {"x"}, "rid": "request-1"
    }  # fmt: skip
    assert (modified.old["text"], modified.new["text"]) == ("a", "b")
    assert removed.new is None
    assert removed.old["text"] == "b"
    assert [change.request_id for change in heard] == ["request-1", "request-2", "request-2"]
    assert inserted.sequence < modified.sequence < removed.sequence
    assert len({change.event_id for change in heard}) == 3
    assert 0 <= inserted.age_seconds < 120


def test_a_deletion_by_time_to_live_is_told_from_one_by_hand() -> None:
    record = {
        "eventID": "e1",
        "eventName": "REMOVE",
        "userIdentity": {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"},
        "dynamodb": {
            "Keys": {"pk": {"S": "a"}, "sk": {"N": "1"}},
            "OldImage": {"pk": {"S": "a"}, "sk": {"N": "1"}},
            "SequenceNumber": "7",
            "ApproximateCreationDateTime": datetime(2026, 1, 2, tzinfo=UTC),
        },
    }
    change = change_of(NOTES, record)
    assert change.expired
    assert change.at_ms == 1_767_312_000_000
    by_lambda = record | {"userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"}}
    assert change_of(NOTES, by_lambda).expired
    assert not change_of(NOTES, record | {"userIdentity": None}).expired
