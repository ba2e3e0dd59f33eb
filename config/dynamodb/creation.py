"""Making the declared tables."""

from collections.abc import Callable
from typing import Any

import structlog
from botocore.exceptions import ClientError, WaiterError

from config.dynamodb.changes import mark_new_tables
from config.dynamodb.client import client
from config.dynamodb.errors import DatabaseUnavailable, error_code
from config.dynamodb.tables import Table, creation_request, key_schema, registry

logger = structlog.get_logger()
# Engines without point-in-time recovery answer one of these.
UNSUPPORTED_CODES = {"UnknownOperationException", "UnknownOperation", "NotImplemented", "InvalidAction"}


def create_tables(progress: Callable[[str], None] = logger.debug) -> None:
    """Create what is missing; switch TTL and recovery on. Safe to run again, and by several processes at once.

    A table that is there keeps its shape: `manage.py table_changes` brings it to its declaration.

    Raises: ValueError when a table is there with other keys, which no command can mend.
    """
    new = []
    for table in registry.values():
        created = _create(table)
        description = _wait_until_active(table)
        _check_keys(table, description)
        _enable_ttl(table)
        _enable_recovery(table)
        new += [table] if created else []
        progress(f"{table.physical_name}: {'created' if created else 'there'}")
    mark_new_tables(new)


def _create(table: Table) -> bool:
    try:
        client().create_table(**creation_request(table))
    except ClientError as error:
        if error_code(error) != "ResourceInUseException":
            raise
        return False
    return True


def _wait_until_active(table: Table) -> dict[str, Any]:
    waiter = client().get_waiter("table_exists")
    try:
        waiter.wait(TableName=table.physical_name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    except WaiterError as error:
        message = f"The table {table.physical_name} did not become active within a minute."
        raise DatabaseUnavailable(message) from error
    description: dict[str, Any] = client().describe_table(TableName=table.physical_name)["Table"]
    return description


def _check_keys(table: Table, description: dict[str, Any]) -> None:
    if description["KeySchema"] != key_schema(table.partition_key, table.sort_key):
        message = f"The table {table.physical_name} has other keys than its declaration. Use another ROOST_TABLE_PREFIX."
        raise ValueError(message)


def _enable_ttl(table: Table) -> None:
    if table.ttl_attribute is None:
        return
    if _ttl_is_off(table):
        specification = {"Enabled": True, "AttributeName": table.ttl_attribute}
        try:
            client().update_time_to_live(TableName=table.physical_name, TimeToLiveSpecification=specification)
        except ClientError:
            if _ttl_is_off(table):
                raise
            # Another process was here between the question and the answer.


def _ttl_is_off(table: Table) -> bool:
    found = client().describe_time_to_live(TableName=table.physical_name)["TimeToLiveDescription"]
    return found["TimeToLiveStatus"] in {"DISABLED", "DISABLING"}


def _enable_recovery(table: Table) -> None:
    specification = {"PointInTimeRecoveryEnabled": True}
    try:
        client().update_continuous_backups(
            TableName=table.physical_name, PointInTimeRecoverySpecification=specification
        )
    except ClientError as error:
        if error_code(error) not in UNSUPPORTED_CODES:
            raise
        logger.debug("point_in_time_recovery_unsupported", table=table.name)
