"""What becomes of a change whose handler fails."""

import kombu.exceptions
import pytest
from django.core.management import CommandError, call_command

from config.dynamodb import Throttled
from config.streams import delivery as delivery_module
from config.streams.change import Change
from config.streams.dead_letters import dead_letter_by_key, dead_letter_drop, dead_letter_replay, dead_letters
from config.streams.delivery import ATTEMPTS, Delivery
from config.streams.registry import Handlers
from config.streams.registry import handlers as all_handlers
from tests.config.streams.support import Listener, Written, a_name
from tests.config.streams.tables import NOTES


def a_change(pk: str, number: int = 1) -> Change:
    keys = {"pk": pk, "sk": number}
    new = keys | {"text": "héé", "raw": b"\x00", "tags": {"a", "b"}, "parts": [1, 2.5, None, {"deep": True}]}
    return Change(a_name("event"), NOTES, "INSERT", keys, None, new, "000123", 1_700_000_000_000, "request-1")


def attempts_of(delivery: Delivery, most: int = 50) -> int:
    for attempt in range(1, most + 1):
        if delivery.attempt() is None:
            return attempt
    raise AssertionError("never done")


def letters_of(change: Change) -> list[str]:
    return [letter.handler for letter in dead_letters() if letter.change == change]


def test_a_handler_that_fails_is_tried_again_and_those_before_it_are_not() -> None:
    change = a_change(a_name())
    first = Listener(change.keys["pk"]).listen(NOTES)
    tries = []

    def fail_twice(event: Written) -> None:
        tries.append(event)
        if len(tries) < 3:
            raise ValueError("not yet")

    handlers = first.handlers
    handlers.on(NOTES, Written)(fail_twice)
    assert attempts_of(Delivery(change, handlers.of(NOTES))) == 3
    assert first.heard == [1]
    assert first.request_ids == ["request-1"]
    assert letters_of(change) == []


def test_a_poisoned_change_becomes_one_dead_letter_and_later_handlers_go_on() -> None:
    change = a_change(a_name())

    def choke(event: Written) -> None:
        raise ValueError(f"cannot digest {event.number}")

    listener = Listener(change.keys["pk"])
    listener.handlers.on(NOTES, Written)(choke)
    listener.listen(NOTES)
    for _ in range(2):  # a redelivery fails again: still one letter
        assert attempts_of(Delivery(change, listener.handlers.of(NOTES))) == ATTEMPTS
    assert listener.heard == [1, 1]

    (letter,) = [letter for letter in dead_letters() if letter.change.event_id == change.event_id]
    assert letter.change == change
    assert letter.handler.endswith("choke")
    assert letter.attempts == ATTEMPTS
    assert "cannot digest 1" in letter.error
    dead_letter_drop(letter.key)
    assert dead_letter_by_key(letter.key) is None


@pytest.mark.parametrize("outage", [kombu.exceptions.OperationalError("refused"), Throttled()])
def test_an_outage_is_waited_out_without_limit(outage: Exception) -> None:
    change = a_change(a_name())
    listener = Listener(change.keys["pk"]).listen(NOTES)
    tries = []

    def away_for_long(event: Written) -> None:
        tries.append(event)
        if len(tries) <= 4 * ATTEMPTS:
            raise outage

    listener.fail = away_for_long
    delivery = Delivery(change, listener.handlers.of(NOTES))
    waits = []
    while (wait := delivery.attempt()) is not None:
        waits.append(wait)
    assert len(waits) == 4 * ATTEMPTS
    assert max(waits) <= delivery_module.LONGEST_WAIT_SECONDS
    assert listener.heard == [1]
    assert letters_of(change) == []


def test_a_dead_letter_is_replayed_once_its_handler_is_mended() -> None:
    change = a_change(a_name())
    listener = Listener(change.keys["pk"]).listen(NOTES)

    def choke(event: Written) -> None:
        raise ValueError(event)

    listener.fail = choke
    attempts_of(Delivery(change, listener.handlers.of(NOTES)))
    (letter,) = [letter for letter in dead_letters() if letter.change == change]
    with pytest.raises(ValueError, match="Written"):
        dead_letter_replay(letter, listener.handlers)
    assert dead_letter_by_key(letter.key) is not None
    listener.fail = lambda event: None
    dead_letter_replay(letter, listener.handlers)
    assert listener.heard == [1]
    assert listener.request_ids[-1] == "request-1"
    assert dead_letter_by_key(letter.key) is None
    with pytest.raises(LookupError):
        dead_letter_replay(letter, Handlers())


mended: list[Written] = []
is_mended = False


def test_the_command_lists_replays_and_drops(capsys, monkeypatch) -> None:
    def digest(event: Written) -> None:
        if not is_mended:
            raise ValueError("still broken")
        mended.append(event)

    digest.__qualname__ = a_name("digest")
    monkeypatch.setattr("config.streams.registry.handlers._by_name", dict(all_handlers._by_name))
    monkeypatch.setattr("config.streams.registry.handlers._by_table", {})
    monkeypatch.setattr("config.streams.registry.handlers._tables", {})
    all_handlers.on(NOTES, Written)(digest)
    name = f"{__name__}.{digest.__qualname__}"
    changes = [a_change(a_name(), number) for number in (1, 2)]
    for change in changes:
        attempts_of(Delivery(change, all_handlers.of(NOTES)))

    call_command("dlq", "list", "--handler", name)
    listed = capsys.readouterr().out.splitlines()
    assert len(listed) == 2
    assert all("still broken" in line and "5 attempts" in line for line in listed)
    with pytest.raises(CommandError, match="2 could not be replayed"):
        call_command("dlq", "replay", "--handler", name)
    key = listed[0].split()[0]
    call_command("dlq", "drop", key)
    with pytest.raises(CommandError, match="No such letter"):
        call_command("dlq", "drop", key)
    with pytest.raises(CommandError, match="Name letters"):
        call_command("dlq", "replay")
    monkeypatch.setattr(f"{__name__}.is_mended", True)
    call_command("dlq", "replay", "--handler", name)
    assert [event.number for event in mended] == [2]
    assert dead_letters(handler=name) == []
