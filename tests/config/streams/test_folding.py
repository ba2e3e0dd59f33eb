"""Events that were read at once, told together: all of them, each once, and apart where one of them is wrong."""

from collections.abc import Sequence

import kombu.exceptions
import pytest

from config.streams import folding
from config.streams.delivery import Delivery
from config.streams.netting import told
from config.streams.registry import Handlers
from tests.config.streams.support import Written
from tests.config.streams.tables import NOTES
from tests.config.streams.test_delivery import a_change, letters_of


class Many:
    """A handler of many: what it was told each time. `wrong`: the numbers that it can't digest."""

    def __init__(self, *wrong: int) -> None:
        self.heard: list[list[int]] = []
        self.wrong = wrong
        self.is_away = False
        self.handlers = Handlers()
        self.handlers.on_many(NOTES, Written)(self.hear)

    def hear(self, events: Sequence[Written]) -> None:
        if self.is_away:
            raise kombu.exceptions.OperationalError
        if any(event.number in self.wrong for event in events):
            raise ValueError
        self.heard.append([event.number for event in events])


def deliver(many: Many, numbers: Sequence[int]) -> list[int]:
    """Deliver what was read at once; which of it became dead letters."""
    dead = []
    for one in told([a_change("many", number) for number in numbers]):
        delivery = Delivery(one.change, many.handlers.of(NOTES), as_told=one)
        while delivery.attempt() is not None:
            many.is_away = False
        dead += [one.change.keys["sk"]] * len(letters_of(one.change))
    return dead


def test_what_is_read_at_once_is_told_together_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "MOST", 3)
    many = Many()
    assert deliver(many, range(7)) == []
    assert many.heard == [[0, 1, 2], [3, 4, 5], [6]]


def test_an_outage_is_waited_for_with_all_of_them() -> None:
    many = Many()
    many.is_away = True
    assert deliver(many, range(3)) == []
    assert many.heard == [[0, 1, 2]]


def test_what_fails_together_is_told_one_by_one_and_what_is_wrong_alone_is_put_aside() -> None:
    many = Many(1)
    assert deliver(many, range(3)) == [1]
    assert many.heard == [[0], [2]]


def test_a_change_by_itself_is_a_list_of_one() -> None:
    many = Many()
    change = a_change("many", 5)
    assert Delivery(change, many.handlers.of(NOTES)).attempt() is None
    many.handlers.of(NOTES)[0](change)
    assert many.heard == [[5], [5]]
