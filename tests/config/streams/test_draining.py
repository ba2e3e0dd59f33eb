"""Handling in process."""

import pytest

from config.dynamodb import put_item
from config.streams.draining import Drain
from tests.config.streams.support import Listener, Written, a_name, write
from tests.config.streams.tables import NOTES, SONGS


def test_it_handles_what_came_since_the_start_and_since_the_last_time() -> None:
    pk = a_name()
    listener = Listener(pk).listen(NOTES, SONGS)
    drain = Drain(listener.handlers)
    write(NOTES, pk, 1)
    drain.start()
    assert drain.drain() == 0
    write(NOTES, pk, 2, 3)
    write(SONGS, pk, 4)
    assert drain.drain() == 3
    assert sorted(listener.heard) == [2, 3, 4]
    assert drain.drain() == 0


def test_it_goes_on_until_what_handlers_wrote_is_handled_too() -> None:
    pk = a_name()
    listener = Listener(pk).listen(NOTES, SONGS)

    def answer(event: Written) -> None:
        if event.number < 5:
            put_item(SONGS if event.number % 2 else NOTES, {"pk": pk, "sk": event.number + 1})

    listener.fail = answer
    drain = Drain(listener.handlers)
    drain.start()
    write(NOTES, pk, 1)
    assert drain.drain() == 5
    assert listener.heard == [1, 2, 3, 4, 5]


def test_what_a_handler_raises_is_raised_and_the_rest_is_kept() -> None:
    pk = a_name()
    listener = Listener(pk).listen(NOTES)

    def choke(event: Written) -> None:
        if event.number == 1:
            raise ValueError("bad one")

    listener.fail = choke
    drain = Drain(listener.handlers)
    drain.start()
    write(NOTES, pk, 1, 2)
    with pytest.raises(ValueError, match="bad one"):
        drain.drain()
    assert drain.drain() == 1
    assert listener.heard == [2]
