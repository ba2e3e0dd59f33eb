"""The stack of the tests: the same processes as in production, on the test's database, beside Redis one may kill."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connections
from django_redis import get_redis_connection
from redis import Redis, RedisError

from config import streams
from config.dynamodb import Table, batch_write, put_item
from config.ids import next_id
from config.streams.consumer import GROUP
from config.streams.leases import lease_open, leases_of
from config.streams.shards import FINISHED, LATEST, Shard, shards_of, stream_arn
from config.streams.tables import LEASES
from config.streams.tail import ShardTail
from deploy.local.engines import Running
from deploy.local.processes import Process, give_way
from deploy.local.programs import NICENESS, Program
from deploy.local.stack import Stack, eventually
from tests import nursery
from tests.engines import FOLDER, REDIS

__all__ = ["Stack", "TestStack", "begin_here", "cache_is_back", "eventually"]


def database_url() -> str:
    """The test database as other processes reach it."""
    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    user = quote(database["USER"])
    return f"postgres://{user}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


def begin_here() -> None:
    """Have the next processes hear only of what happens from now on; none may be running.

    What earlier tests did is thousands of records by the end of a run, minutes of work that shows nothing; what their
    workers had in hand when they were ended would be delivered again.
    """
    with Redis.from_url(settings.CELERY_BROKER_URL) as broker:
        broker.flushall()
    for table in streams.handlers.tables:
        arn = stream_arn(table)
        assert arn is not None, table
        batch_write(deletes=[(LEASES, {"pk": lease.pk, "sk": lease.sk}) for lease in leases_of(GROUP, table)])
        for shard, position in _ends(table, shards_of(arn)):
            lease_open(GROUP, table, shard, checkpoint=position)


def _ends(table: Table, shards: list[Shard]) -> list[tuple[Shard, str]]:
    """Where each shard ends. A position is a record's number, so one is written that no handler knows."""
    found = [(shard, FINISHED) for shard in shards if shard.is_closed]
    tails = [
        (shard, ShardTail(table, shard.stream_arn, shard.id, LATEST))
        for shard in shards
        if not shard.is_closed
    ]
    for _shard, tail in tails:
        tail.seek()
    put_item(table, {"pk": f"MARK#{next_id()}", "sk": "MARK"})
    eventually(lambda: any(tail.read() for _shard, tail in tails))
    return found + [(shard, tail.position) for shard, tail in tails if tail.position != LATEST]


def cache_is_back() -> bool:
    """This process asks its cache again, to be waited for: another thread of it may be about to find out."""
    try:
        return bool(get_redis_connection("default").ping())
    except RedisError:
        return False


class TestStack(Stack):
    """`redis["redis-broker"]` and `redis["redis-cache"]` have `kill()` and `restart()` too."""

    __test__ = False

    def __init__(self, *, web_workers: int = 1, worker_gives_way: bool = False) -> None:
        env = {**os.environ, "DATABASE_URL": database_url()}
        super().__init__(FOLDER, env, web_workers=web_workers, worker_gives_way=worker_gives_way)
        self.redis: dict[str, Running] = REDIS

    def _begun(self, program: Program, log: Path, env: Mapping[str, str]) -> Process:
        with log.open("ab") as output:
            child = nursery.start(program.plain, env=env, stdout=output.fileno(), stderr=output.fileno())
        if program.gives_way:
            eventually(lambda: os.getsid(child.pid) == child.pid)  # else the nursery would give way
            give_way(child, NICENESS)
        return child
