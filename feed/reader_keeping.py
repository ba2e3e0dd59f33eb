"""A reader's record and marks as JSON and back, for what is kept of the first page (`config.kept`)."""

from dataclasses import astuple
from typing import Any

from config.entities import PostId, UserId
from feed.activity_entities import ReaderState
from feed.entities import Pulls
from feed.fingerprints import SIZE
from feed.reader_entities import Followees, People, ReaderRecord
from posts.mark_entities import KnownMarks, Marks


def record_written(record: ReaderRecord) -> dict[str, Any]:
    """JSON all through."""
    pulls, followees = record.pulls, record.followees
    return {
        "pulls": [list(pulls.authors), pulls.version, list(pulls.pending), pulls.change],
        "state": list(astuple(record.state)) if record.state else None,
        "followees": b"".join(followees.marks).hex(),
        "about": [
            followees.built_at_ms,
            followees.asked_at_ms,
            followees.lacking_ms,
            followees.rebuilt_at_ms,
        ],
        "muted": b"".join(record.perhaps_muted.marks).hex(),
    }


def record_read(value: dict[str, Any]) -> ReaderRecord:
    """What `record_written` has made."""
    authors, version, pending, change = value["pulls"]
    return ReaderRecord(
        Pulls(_people(authors), version, _people(pending), change),
        ReaderState(*value["state"]) if value["state"] else None,
        Followees(_marks(value["followees"]), *value["about"]),
        People(_marks(value["muted"])),
    )


def known_written(known: KnownMarks) -> dict[str, Any]:
    """JSON all through."""
    marks = known.marks
    return {
        "asked": list(known.asked),
        "sets": [list(marks.liked), list(marks.saved), list(marks.reposted), list(marks.muted)],
        "apart": list(marks.counted_apart.items()),
    }


def known_read(value: dict[str, Any]) -> KnownMarks:
    """What `known_written` has made."""
    liked, saved, reposted, muted = (_posts(ids) for ids in value["sets"])
    apart = {PostId(post_id): at_ms for post_id, at_ms in value["apart"]}
    return KnownMarks(_posts(value["asked"]), Marks(liked, saved, reposted, muted, apart))


def _people(ids: list[int]) -> frozenset[UserId]:
    return frozenset(map(UserId, ids))


def _posts(ids: list[int]) -> frozenset[PostId]:
    return frozenset(map(PostId, ids))


def _marks(text: str) -> frozenset[bytes]:
    joined = bytes.fromhex(text)
    return frozenset(joined[at : at + SIZE] for at in range(0, len(joined), SIZE))
