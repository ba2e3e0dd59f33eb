"""Who listens."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.streams.registry import Handlers
from config.streams.tables import LEASES
from tests.config.streams.support import Written
from tests.config.streams.tables import NOTES, SONGS


def shout(event: Written) -> None:
    raise AssertionError(event)


def whisper(event: Written) -> None:
    raise AssertionError(event)


def test_several_handlers_hear_of_one_event_in_their_order() -> None:
    handlers = Handlers()
    handlers.on(NOTES, Written)(shout)
    handlers.on(NOTES, Written)(whisper)
    names = [handler.name for handler in handlers.of(NOTES)]
    assert names == [f"{__name__}.shout", f"{__name__}.whisper"]
    assert handlers.tables == [NOTES]
    assert handlers.of(SONGS) == []
    found = handlers.named(f"{__name__}.shout")
    assert found is not None
    assert found.function is shout


def test_names_are_unique_for_dead_letters_go_by_them() -> None:
    handlers = Handlers()
    handlers.on(NOTES, Written)(shout)
    with pytest.raises(ImproperlyConfigured, match="shout"):
        handlers.on(SONGS, Written)(shout)


def test_a_table_without_a_stream_cannot_be_listened_to() -> None:
    with pytest.raises(ImproperlyConfigured, match="leases"):
        Handlers().on(LEASES, Written)
