"""The one client: pool, time limits, no retries of its own (`config.dynamodb.retry` owns them)."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, Literal

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials
from django.conf import settings

from config.dynamodb.direct import Direct
from config.dynamodb.wire import PlainParsers, PlainSerializer

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
POOL_SIZE = 64
ANYBODY = "roost"
"""A local engine checks no secret."""


def moment_of(seconds: float | str) -> datetime:
    """A time as DynamoDB's JSON has it."""
    return datetime.fromtimestamp(float(seconds), UTC)


def boto_client(service: Literal["dynamodb", "dynamodbstreams"]) -> Any:
    """A tuned low-level client. With an endpoint set, it is a local engine and any credentials will do.

    Cost: about 100 ms once (botocore loads its service model), then about 1 ms of CPU a call.
    Source: botocore.config.Config; validation is off because marshalling is typed here.
    """
    local: dict[str, Any] = {}
    if settings.DYNAMODB_ENDPOINT:
        local = {
            "endpoint_url": settings.DYNAMODB_ENDPOINT,
            "aws_access_key_id": ANYBODY,
            "aws_secret_access_key": ANYBODY,
        }
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=POOL_SIZE,
        retries={"total_max_attempts": 1, "mode": "standard"},
        parameter_validation=False,
        tcp_keepalive=True,
        disable_request_compression=True,
        user_agent="Roost",  # botocore's own is put together anew for each request, a tenth of all its work
    )
    session = botocore.session.Session()
    if service == "dynamodb":
        session.register_component("response_parser_factory", PlainParsers())
    else:
        # Streams tell a time a record; through the time zone of this machine each took longer than its record.
        session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=moment_of)
    credentials = session.get_credentials() if not local else Credentials(ANYBODY, ANYBODY)
    made: Any = boto3.session.Session(botocore_session=session).client(
        service, region_name=settings.DYNAMODB_REGION, config=config, **local
    )
    if service == "dynamodb":
        made._serializer = PlainSerializer()  # noqa: SLF001  # botocore lets parsers be chosen, but no serializers
    made.direct = Direct(
        made,
        credentials,
        connect_seconds=CONNECT_SECONDS,
        read_seconds=READ_SECONDS,
        authorities=session.get_config_variable("ca_bundle"),
    )
    made.close = partial(_close, made.direct, made.close)
    return made


def _close(direct: Direct, botocores: Callable[[], None]) -> None:
    direct.close()
    botocores()


@cache
def client() -> Any:
    """The DynamoDB client of this process; threads share it. `direct.send` is the short way of what is about items."""
    return boto_client("dynamodb")


# A forked worker must not write into its parent's sockets.
os.register_at_fork(after_in_child=client.cache_clear)
