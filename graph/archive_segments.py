"""Segments: edges as Parquet files in the storage "archive", a folder or a bucket.

    edges/<user>/<run>-<number>-<first digits of the checksum>.parquet     rows by edge id, compressed by zstd

    column      what
    edge_id     when the edge was made, and which it is
    side        FOLLOWING (out-edge) or FOLLOWER (in-edge)
    other_id    the other person
    item        the item as JSON: all that it takes to put it back

The name holds the content's checksum, so a segment that is written again is the same file.
"""

from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from typing import Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from config.dynamodb import Item
from config.entities import UserId
from graph.archive_entities import ARCHIVED_BY, FROM_MIRROR, RESTORED_BY, Archive, Segment
from graph.errors import ArchiveAway, SegmentLost
from graph.keys import DELIVERY
from graph.list_repository import other_id_of

SCHEMA: Final = pa.schema(
    [
        ("edge_id", pa.int64()),
        ("side", pa.dictionary(pa.int8(), pa.string())),
        ("other_id", pa.int64()),
        ("item", pa.string()),
    ]
)
NOT_KEPT: Final = (ARCHIVED_BY, RESTORED_BY, FROM_MIRROR, DELIVERY)
"""What is ours, and how an edge was delivered: that may change meanwhile, and a follower who is pushed to misses nothing."""


def encoded(items: Sequence[Item]) -> bytes:
    """Edges as a Parquet file, in the order of their ids."""
    rows = sorted(items, key=lambda item: (item["gsk"], item["pk"], item["sk"]))
    kept = [{name: value for name, value in row.items() if name not in NOT_KEPT} for row in rows]
    columns = {
        "edge_id": [row["gsk"] for row in rows],
        "side": [row["sk"].partition("#")[0] for row in rows],
        "other_id": [other_id_of(row) for row in rows],
        "item": [orjson.dumps(row, option=orjson.OPT_SORT_KEYS).decode() for row in kept],
    }
    sink = BytesIO()
    pq.write_table(pa.table(columns, schema=SCHEMA), sink, compression="zstd")
    return sink.getvalue()


def decoded(content: bytes) -> list[Item]:
    """What `encoded` was given, in its order."""
    table = pq.read_table(BytesIO(content), columns=["item"])
    return [orjson.loads(text) for text in table.column("item").to_pylist()]


def segment_write(archive: Archive, items: Sequence[Item]) -> Segment:
    """Store edges as the next segment, and read it back: what can't be read must not be trusted with anything.

    Idempotent: by content.
    Raises: ArchiveAway, SegmentLost.
    """
    content = encoded(items)
    digest = sha256(content).hexdigest()
    number = archive.segments + 1
    name = f"{_folder(archive.user_id)}/{archive.run}-{number:06}-{digest[:16]}.parquet"
    try:
        stored = _storage().save(name, ContentFile(content))
    except (OSError, BotoCoreError, ClientError) as away:
        raise ArchiveAway from away
    segment = Segment(number, stored, digest, len(items), len(content))
    segment_read(segment)
    return segment


def segment_read(segment: Segment) -> list[Item]:
    """The edges of a segment, by id.

    Raises: SegmentLost if it is not there or not what was written, ArchiveAway if the storage does not answer.
    """
    try:
        with _storage().open(segment.name) as file:
            content = file.read()
    except FileNotFoundError as lost:
        raise SegmentLost(segment=segment.name, reason="it is not there") from lost
    except (OSError, BotoCoreError, ClientError) as away:
        raise ArchiveAway from away
    if sha256(content).hexdigest() != segment.sha256:
        raise SegmentLost(segment=segment.name, reason="it is not what was written")
    return decoded(content)


def segments_purge(user_id: UserId) -> None:
    """Delete all files of an account, also those that no archive knows of: left by a kill between file and record.

    Idempotent.
    Raises: ArchiveAway.
    """
    folder = _folder(user_id)
    try:
        _folders, files = _storage().listdir(folder)
        for file in files:
            _storage().delete(f"{folder}/{file}")
    except FileNotFoundError:
        return  # nothing was ever stored
    except (OSError, BotoCoreError, ClientError) as away:
        raise ArchiveAway from away


def _storage() -> Storage:
    return storages["archive"]


def _folder(user_id: UserId) -> str:
    return f"edges/{user_id}"
