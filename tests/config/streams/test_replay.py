"""A stream read once more: from a time, from a record, for one handler, past a handler that fails."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.dynamodb import put_item
from config.management.commands.replay_stream import since_of
from config.streams import Change, drain, start
from config.streams.dead_letters import dead_letter_drop, dead_letters
from config.streams.registry import Handlers, handlers
from config.streams.replay import Replayed, Since, replay
from config.streams.shards import Shard
from feed.consumers import __name__ as feed_consumers
from graph.tables import GRAPH
from tests.accounts.factory import a_user
from tests.config.streams.support import Listener, Written, a_name, write
from tests.config.streams.tables import NOTES, SONGS
from tests.graph.factory import follows


def replayed(listener: Listener, since: Since, *, dry_run: bool = False) -> Replayed:
    return replay(NOTES, listener.handlers.of(NOTES), since, dry_run=dry_run, report=lambda _: None)


def sequences_of(pk: str, *numbers: int) -> list[int]:
    """The sequence numbers of these items' records."""
    found: dict[int, int] = {}
    listening = Handlers()

    class Seen:
        @classmethod
        def from_change(cls, change: Change) -> None:
            if change.keys["pk"] == pk:
                found[change.keys["sk"]] = int(change.sequence)

    listening.on(NOTES, Seen)(lambda _: None)
    replay(NOTES, listening.of(NOTES), Since(), report=lambda _: None)
    return [found[number] for number in numbers]


def test_all_that_is_kept_is_heard_again_in_order_and_as_the_same_events() -> None:
    pk = a_name()
    write(NOTES, pk, *range(30))
    put_item(NOTES, {"pk": pk, "sk": 3, "changed": True})
    listener = Listener(pk).listen(NOTES)
    done = replayed(listener, Since())
    assert listener.heard == list(range(30))
    assert done.read >= done.included >= done.handled.total() >= 30
    again = Listener(pk).listen(NOTES)
    replayed(again, Since())
    assert again.event_ids == listener.event_ids


def test_from_a_record_on_that_one_included() -> None:
    pk = a_name()
    write(NOTES, pk, *range(10))
    listener = Listener(pk).listen(NOTES)
    (from_here,) = sequences_of(pk, 6)
    replayed(listener, Since(sequence=from_here))
    assert listener.heard == [6, 7, 8, 9]


def test_from_a_time_on_rather_twice_than_never() -> None:
    pk, now = a_name(), datetime.now(UTC)
    write(NOTES, pk, 1, 2)
    listener = Listener(pk).listen(NOTES)
    replayed(listener, Since(at_ms=int(now.timestamp() * 1000)))
    assert listener.heard == [1, 2]
    later = Listener(pk).listen(NOTES)
    done = replayed(later, Since(at_ms=int((now + timedelta(minutes=2)).timestamp() * 1000)))
    assert (later.heard, done.included) == ([], 0)
    assert done.read >= 2


def test_shards_that_ended_before_are_not_read() -> None:
    closed = Shard("arn", "a", None, is_closed=True, last_sequence="500")
    assert Since(sequence=500).may_include(closed)
    assert not Since(sequence=501).may_include(closed)
    assert Since(sequence=501).may_include(Shard("arn", "b", "a", is_closed=False))
    assert Since(at_ms=5).may_include(closed)


def test_a_dry_run_counts_and_calls_nobody() -> None:
    pk = a_name()
    write(NOTES, pk, 1, 2, 3)
    listener = Listener(pk).listen(NOTES)
    assert replayed(listener, Since(), dry_run=True).handled.total() >= 3
    assert listener.heard == []


def test_what_fails_is_put_aside_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    pk = a_name()
    write(NOTES, pk, 1, 2, 3)

    def fail(event: Written) -> None:
        if event.number == 2:
            raise ValueError("poison")

    listener = Listener(pk, fail=fail).listen(NOTES)
    monkeypatch.setattr("config.streams.delivery.ATTEMPTS", 2)
    done = replayed(listener, Since())
    assert (listener.heard, done.dead) == ([1, 3], 1)
    name = listener.handlers.of(NOTES)[0].name
    (letter,) = dead_letters(handler=name)
    assert letter.change.keys == {"pk": pk, "sk": 2}
    dead_letter_drop(letter.key)


def test_the_command_reads_times_sequences_and_words() -> None:
    assert since_of("start") == Since()
    assert since_of("2026-11-21T10:00") == Since(
        at_ms=int(datetime(2026, 11, 21, 10, tzinfo=UTC).timestamp() * 1000)
    )
    assert since_of("2026-11-21T10:00+02:00") == since_of("2026-11-21T08:00Z")
    assert since_of("000000000000000000012") == since_of("12") == Since(sequence=12)
    assert since_of("20261121") == since_of("2026-11-21")
    with pytest.raises(CommandError, match="no ISO"):
        since_of("yesterday")


@pytest.mark.django_db
def test_the_command_lets_handlers_hear_real_follows_again(settle: Callable[[], None]) -> None:
    ana, bob = a_user("ana"), a_user("bob")
    follows(ana, bob)
    settle()
    names = [handler.name for handler in handlers.of(GRAPH)]
    assert any(name.startswith(feed_consumers) for name in names)
    out = StringIO()
    call_command("replay_stream", "--table", "graph", "--from", "start", "--dry-run", stdout=out)
    assert all(f"{name} would hear" in out.getvalue() for name in names)
    counted = {line.split()[0]: int(line.split()[-1]) for line in out.getvalue().splitlines()[-len(names) :]}
    assert any(number >= 1 for number in counted.values())
    with pytest.raises(CommandError, match="No handler"):
        call_command("replay_stream", "--table", "graph", "--from", "start", "--handler", "nobody")
    with pytest.raises(CommandError, match="Nobody listens"):
        call_command("replay_stream", "--table", "leases", "--from", "start")


def test_consumers_are_not_disturbed() -> None:
    pk = a_name()
    start()
    write(SONGS, pk, 1)
    listener = Listener(pk).listen(SONGS)
    replay(SONGS, listener.handlers.of(SONGS), Since(), report=lambda _: None)
    assert listener.heard == [1]
    assert drain() >= 0
