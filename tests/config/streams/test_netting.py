"""What became of an item over changes that were read at once, and who is told."""

from dataclasses import dataclass, replace
from typing import Any, Self

from config.dynamodb import put_item
from config.streams.change import Change, Kind
from config.streams.delivery import Delivery
from config.streams.netting import told
from config.streams.registry import Handlers
from tests.config.streams.support import a_name, consuming, eventually
from tests.config.streams.tables import NOTES, TALES


def a_step(pk: str, old: int | None, new: int | None, *, number: int = 1) -> Change:
    keys = {"pk": pk, "sk": number}
    before, after = (None if value is None else keys | {"value": value} for value in (old, new))
    kind: Kind = "REMOVE" if after is None else "MODIFY" if before else "INSERT"
    return Change(f"{pk}-{old}-{new}-{number}", NOTES, kind, keys, before, after, "1", 1)


def test_the_first_change_of_an_item_tells_what_became_of_it_and_the_others_nothing() -> None:
    a, b = a_name(), a_name()
    steps = [a_step(a, 0, 1), a_step(b, None, 1), a_step(a, 1, 2), a_step(b, 1, 2), a_step(a, 0, 1, number=2)]
    found = list(told(steps))
    assert [one.change for one in found] == steps
    assert [one.net for one in found] == [
        replace(steps[0], new=steps[2].new),
        replace(steps[1], new=steps[3].new),  # still an insert
        None,
        None,
        steps[4],  # another item
    ]


def test_an_item_that_is_gone_at_the_end_was_removed() -> None:
    steps = [a_step("gone", 0, 1), a_step("gone", 1, None)]
    assert next(told(steps)).net == replace(steps[0], kind="REMOVE", new=None)


@dataclass(frozen=True, slots=True)
class Seen:
    """Every change is one."""

    change: Change

    @classmethod
    def from_change(cls, change: Change) -> Self:
        return cls(change)


def test_a_delivery_calls_handlers_of_the_net_with_it_and_only_where_there_is_one() -> None:
    heard: list[tuple[str, Change]] = []

    def hear(event: Seen) -> None:
        heard.append(("each", event.change))

    def hear_net(event: Seen) -> None:
        heard.append(("net", event.change))

    handlers = Handlers()
    handlers.on(NOTES, Seen)(hear)
    handlers.on(NOTES, Seen, net=True)(hear_net)
    steps = [a_step("told", 0, 1), a_step("told", 1, 2)]
    for one in told(steps):
        assert Delivery(one.change, handlers.of(NOTES), as_told=one).attempt() is None
    net = replace(steps[0], new=steps[1].new)
    assert heard == [("each", steps[0]), ("net", net), ("each", steps[1])]
    assert Delivery(steps[1], handlers.of(NOTES)).attempt() is None
    assert heard[-1] == ("net", steps[1])  # by itself a change is its own net


def test_a_consumer_tells_the_net_of_what_it_reads_at_once() -> None:
    pk, group = a_name(), a_name("g")
    each: list[tuple[Any, Any]] = []
    net: list[tuple[Any, Any]] = []

    def values(event: Seen) -> list[tuple[Any, Any]]:
        if event.change.keys["pk"] != pk:
            return []
        old, new = event.change.old or {}, event.change.new or {}
        return [(old.get("value"), new.get("value"))]

    def hear(event: Seen) -> None:
        each.extend(values(event))

    def hear_net(event: Seen) -> None:
        net.extend(values(event))

    handlers = Handlers()
    handlers.on(TALES, Seen, net=True)(hear_net)
    handlers.on(TALES, Seen)(hear)
    for value in range(3):
        put_item(TALES, {"pk": pk, "sk": 1, "value": value})
    with consuming(handlers, group):
        eventually(lambda: len(each) >= 3)
    assert (each, net) == ([(None, 0), (0, 1), (1, 2)], [(None, 2)])
