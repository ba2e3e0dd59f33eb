"""The order of shards, on descriptions made up; finding them, on the engine."""

from config.streams.shards import Shard, readable, shards_of, stream_arn
from tests.config.streams.tables import NOTES


def a_shard(name: str, parent: str | None = None, *, closed: bool = False) -> Shard:
    return Shard("arn", name, parent, closed)


def ids_of(shards: list[Shard]) -> list[str]:
    return [shard.id for shard in shards]


FAMILY = [
    a_shard("parent", closed=True),
    a_shard("left", "parent", closed=True),
    a_shard("right", "parent"),
    a_shard("grandchild", "left"),
]


def test_a_child_waits_for_its_parent() -> None:
    assert ids_of(readable(FAMILY, finished=set())) == ["parent"]
    assert ids_of(readable(FAMILY, finished={"parent"})) == ["left", "right"]
    assert ids_of(readable(FAMILY, finished={"parent", "left"})) == ["right", "grandchild"]


def test_a_child_does_not_wait_for_a_parent_that_the_stream_no_longer_keeps() -> None:
    assert ids_of(readable(FAMILY[1:], finished=set())) == ["left", "right"]


def test_finished_shards_are_not_read_again() -> None:
    assert readable([FAMILY[0]], finished={"parent"}) == []


def test_the_engine_lists_the_shards_of_a_table() -> None:
    arn = stream_arn(NOTES)
    assert arn is not None
    shards = shards_of(arn)
    assert shards
    assert all(shard.stream_arn == arn for shard in shards)
    assert not all(shard.is_closed for shard in shards)


def test_a_table_that_is_not_there_has_no_stream(settings) -> None:
    settings.TABLE_PREFIX = "nowhere-"
    assert stream_arn(NOTES) is None
