"""The stack of the tests: the same processes as in production, on the test's database, beside Redis one may kill."""

import os
from urllib.parse import quote

from django.db import connections

from deploy.local.engines import Running
from deploy.local.stack import Stack, eventually
from tests.engines import FOLDER, REDIS

__all__ = ["TestStack", "eventually"]


def database_url() -> str:
    """The test database as other processes reach it."""
    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    user = quote(database["USER"])
    return f"postgres://{user}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


class TestStack(Stack):
    """`redis["redis-broker"]` and `redis["redis-cache"]` have `kill()` and `restart()` too."""

    __test__ = False

    def __init__(self) -> None:
        super().__init__(FOLDER, {**os.environ, "DATABASE_URL": database_url()})
        self.redis: dict[str, Running] = REDIS
