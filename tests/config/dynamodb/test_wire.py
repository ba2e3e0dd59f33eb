"""What is sent and read as plain JSON: binary values anywhere, times of tables, units that the engine is not asked for."""

from datetime import datetime

import pytest

from config.dynamodb import PutsLike, Update, batch_get, batch_put_small, batch_write, get_item, update_item
from config.dynamodb.client import client
from config.dynamodb.metering import assert_units
from config.dynamodb.wire import with_bytes
from config.ids import next_id
from config.metrics import DYNAMODB_UNITS
from feed.tables import INBOX
from tests.config.tables import THINGS
from tests.faults.proxy import Fault, faulty_dynamodb, script


def test_binary_values_are_bytes_wherever_they_lie_and_nothing_else_is() -> None:
    pk = f"P{next_id()}"
    item = {
        "pk": pk,
        "sk": "a",
        "B": {"B": "not binary", "BS": [b"\x00\xff", "a"]},
        "BS": "text",
        "marks": {b"\x00", b"\xfe\xff"},
        "text": '"B":"eA=="',
    }
    batch_write([(THINGS, item)])
    assert get_item(THINGS, {"pk": pk, "sk": "a"}, consistent=True) == item
    assert batch_get([(THINGS, {"pk": pk, "sk": "a"})], consistent=True) == [item]
    update_item(THINGS, {"pk": pk, "sk": "a"}, Update(take={"marks": {b"\x00"}}))
    changed = get_item(THINGS, {"pk": pk, "sk": "a"}, consistent=True)
    assert changed is not None
    assert changed["marks"] == {b"\xfe\xff"}
    assert with_bytes({"B": {"BS": {"S": "x"}}}) == {"B": {"BS": {"S": "x"}}}


def test_what_neither_json_nor_binary_can_say_is_refused() -> None:
    with pytest.raises(TypeError):
        client().get_item(TableName=THINGS.physical_name, Key={"pk": {"S": object()}})


def test_tables_have_times() -> None:
    table = client().describe_table(TableName=THINGS.physical_name)["Table"]
    assert isinstance(table["CreationDateTime"], datetime)


def test_puts_of_a_unit_are_counted_as_the_engine_counts_them_though_it_is_not_asked() -> None:
    reader_id = next_id()
    like = PutsLike({"reader_id": reader_id, "author_id": 7}, "post_id", "ttl")
    puts = [like.put(n, 2**31) for n in range(60)]
    labels = {"operation": "batch_write_item", "table": INBOX.name, "index": "", "kind": "write"}
    written = DYNAMODB_UNITS.labels(**labels)
    with assert_units(write=60):
        batch_put_small(INBOX, puts, at_once=2)
    before = written._value.get()
    with faulty_dynamodb(script(Fault.PARTIAL, Fault.NONE, operation="BatchWriteItem")):
        batch_put_small(INBOX, puts, at_once=2)
    assert written._value.get() - before == 60
