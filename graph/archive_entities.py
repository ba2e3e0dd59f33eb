"""The words of the archive: a segment is a file of archived edges, an archive is what is away of one account.

Of an account's edges only its own halves go. What stays is the mirror, the other half in somebody else's partition: it
is the truth about whether the edge still is, so nobody else notices that the account is archived.
"""

from dataclasses import dataclass
from typing import Final

from accounts.entities import ArchiveState
from config.entities import UserId

ARCHIVED_BY: Final = "archived"
"""On an out-edge that is about to be taken away: the run that does it. The stream's events pass over such a removal."""
RESTORED_BY: Final = "restored"
"""On an edge that has been put back: of which run. No event tells of it, and this run does not take it away again."""
FROM_MIRROR: Final = "from_mirror"
"""On an out-edge that was made again from its mirror: what its owner had chosen for it is still in the segment."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What is away of an account. `stage` and `after`: how far its edges have been written into segments.

        stage   0 the out-edges, n the in-edges of shard n - 1

    Units: `rows` and `bytes` of all segments; `back` of these rows have been seen to on the way back. `flagged_at_ms` is
    when all processes could begin to know of it. `lost` names segments that could not be read.
    """

    user_id: UserId
    run: int
    state: ArchiveState = ArchiveState.ARCHIVING
    flagged_at_ms: int | None = None
    stage: int = 0
    after: str | None = None
    segments: int = 0
    rows: int = 0
    bytes: int = 0
    back: int = 0
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of edges. `moved`: its rows have left the table. `back`: so many of its rows, in its order, are seen to."""

    number: int
    name: str
    sha256: str
    rows: int
    bytes: int
    moved: bool = False
    back: int = 0


@dataclass(frozen=True, slots=True)
class Fetching:
    """How far a return is; `lost`: some of it can't be read, and an operator has to see to it."""

    back: int
    rows: int
    lost: bool = False
