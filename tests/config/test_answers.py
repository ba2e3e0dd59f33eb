"""Kept answers: believed as long as nothing they were made from has changed, and never when that is not known."""

from collections.abc import Mapping, Sequence

import pytest
from django.core.cache import cache
from django_redis import get_redis_connection
from pytest_django import Settings

from config import answers, shared_log, stamps
from config.answers import Answer, Answers
from config.kept import forget
from config.metrics import CACHE_BYTES, CACHE_EVICTIONS
from config.shared_log import SharedLog
from config.stamps import Stamped, Watch, watching

pytestmark = pytest.mark.usefixtures("empty_cache")
NOW_MS = 1_800_000_000_000


def _concerns(about: Mapping[str, frozenset[bytes]], texts: Sequence[str]) -> bool:
    return any(text.encode() in about["people"] for text in texts)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Answers:
    monkeypatch.setattr(answers, "_now_ms", lambda: NOW_MS)
    return a_process()


def a_process() -> Answers:
    """Its own memory, and its own copy of the log; Redis is everybody's."""
    return Answers(
        "test_answer", log=SharedLog("test"), concerns=_concerns, counter="test_uses", counter_seconds=60
    )


def made(kept: Answers, *names: str, loose: Sequence[str] = (), written: str = "") -> Watch:
    """An answer made from these names; `written`: somebody writes there meanwhile."""
    with watching(Watch()) as watch:
        stamps.see(names, loose)
        position = kept.log.end()
    assert position is not None
    stamps.forget([written] if written else ())
    about = {"people": frozenset({b"ana"})}
    kept.keep("one", Answer((b"body",), watch, about, position, NOW_MS + 60_000, NOW_MS))
    return watch


def body(kept: Answers, also: Watch | None = None) -> bytes | None:
    found = kept.get("one", who=1, also=also)
    return None if found is None else b"".join(found.parts)


def test_an_answer_is_believed_until_somebody_writes_to_one_of_its_names(kept: Answers) -> None:
    made(kept, "A#1", "B#2")
    other = a_process()
    assert body(kept) == body(other) == b"body"
    stamps.forget(["C#3"])
    assert body(kept) == body(other) == b"body"
    forget(["B#2"])  # as the door to DynamoDB does
    assert body(kept) is body(other) is None
    made(kept, "A#1", "B#2")
    assert body(kept) == body(other) == b"body"


def test_what_was_written_while_it_was_made_is_noticed(kept: Answers) -> None:
    made(kept, "A#1", written="A#1")
    assert body(kept) is body(a_process()) is None
    first, second = made(kept, "A#1"), made(kept, "A#1")
    assert first.stamps == second.stamps, "two who make it share the stamp"


def test_a_redis_that_has_lost_its_stamps_makes_nothing_right(kept: Answers) -> None:
    made(kept, "A#1")
    cache.clear()
    assert body(kept) is None
    made(kept, "A#1")
    assert body(kept) == b"body", "with stamps anew"


def test_on_aws_nothing_is_kept_of_what_was_just_written(kept: Answers, settings: Settings) -> None:
    made(kept, "A#1")
    settings.DYNAMODB_ENDPOINT = None
    stamps.forget(["A#1"])
    assert body(kept) is None
    assert not made(kept, "A#1").is_sound, "a read may lag behind"


def test_what_is_loose_may_be_some_seconds_old(kept: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    made(kept, "A#1", loose=["COUNTS#1"])
    stamps.forget(["COUNTS#1"])
    assert body(kept) == b"body"
    monkeypatch.setattr(answers, "_now_ms", lambda: NOW_MS + answers.LOOSE_SECONDS * 1000)
    assert body(kept) is None


def test_the_log_tells_of_those_whom_it_concerns(kept: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    made(kept, "A#1")
    late = a_process()
    for name in ("bob", "eve"):
        kept.log.append(name)
    assert body(kept) == body(late) == b"body"
    kept.log.append("ana")
    assert body(kept) is body(late) is body(a_process()) is None
    made(kept, "A#1")
    assert body(kept) == body(late) == b"body", "it came before this one was made"
    monkeypatch.setattr(answers, "AT_ONCE", 3)
    monkeypatch.setattr(shared_log, "AT_ONCE", 3)
    for _ in range(3):
        kept.log.append("bob")
    assert body(kept) is None, "too much at once to look at"


def test_each_use_is_counted_once(kept: Answers) -> None:
    made(kept, "A#1")
    body(kept)
    kept.log.append("bob")
    body(kept)
    body(a_process())
    kept.log.append("ana")
    assert body(kept) is None
    assert get_redis_connection("default").get(kept._counter(1)) == b"3"


def test_something_else_can_be_asked_in_the_same_round(kept: Answers) -> None:
    made(kept, "A#1")
    also = Watch()
    also.see(["session:x"])
    assert body(kept, also) == b"body"
    stamps.forget(["session:x"])
    assert body(kept, also) is None
    assert body(kept) == b"body"


@pytest.mark.usefixtures("redis_stopped")
def test_without_redis_nothing_is_believed_and_nothing_kept(kept: Answers) -> None:
    watch = Watch()
    watch.see(["A#1"])
    assert not watch.is_sound
    assert kept.log.end() is None
    kept.keep("one", Answer((b"body",), watch, {"people": frozenset()}, 0, NOW_MS + 1_000, NOW_MS))
    assert body(kept) is None


def test_a_write_names_whom_its_keys_concern() -> None:
    rules = [Stamped("USER#", "FOLLOWING#", "EDGES#{pk}"), Stamped("USER#", "CLOSE#", "CLOSE#{sk}")]
    keys = [("USER#1", "FOLLOWING#2"), ("USER#3", "CLOSE#4"), ("USER#5", "FOLLOWER#a#6"), ("POST#7", "META")]
    wires = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in keys]
    transaction = {"TransactItems": [{"Put": {"Item": wires[0]}}, {"Delete": {"Key": wires[1]}}]}
    batch = {"RequestItems": {"t": [{"PutRequest": {"Item": wire}} for wire in wires]}}
    for parameters in (transaction, batch):
        assert stamps.names_written(parameters, rules) == {"EDGES#1", "CLOSE#4"}
    assert stamps.names_written({"Key": wires[0]}, rules) == {"EDGES#1"}


def test_what_is_held_and_put_out_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "PROCESS_BYTES", 5_000)  # of two such answers, less than three
    kept = a_process()
    for key in ("one", "two", "three", "three"):
        watch = Watch()
        kept.keep(key, Answer((b"body",), watch, {}, 0, NOW_MS + 60_000, NOW_MS))
    assert CACHE_EVICTIONS.labels("local", "test_answer")._value.get() == 1
    assert CACHE_BYTES.labels("local", "test_answer")._value.get() == 2 * 2_004
