"""Who leaves for good has their edges back first, for only what is in the table is found and ended as any other follow."""

from accounts.departure_steps import PAGE, Progress, cleanup_step
from config.entities import UserId
from graph.archive_return import return_some

BEFORE_ALL_OTHERS = 1


@cleanup_step("graph.archive", order=BEFORE_ALL_OTHERS)
def archive_clear(user_id: UserId, cursor: str | None) -> Progress:  # noqa: ARG001  # the archive knows how far it is
    """Bring back some archived edges; the files go with the last.

    Cost: 1 read unit without an archive; 5 write units an edge. Idempotent: by edge.
    Raises: SegmentLost, ArchiveAway: then nothing of the person is cleared until it can be read again.
    """
    done = return_some(user_id=user_id, limit=PAGE)
    return Progress(None if done else "more", 0)
