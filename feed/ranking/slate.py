"""The order of a page."""

from collections.abc import Iterable
from heapq import nlargest

from config.entities import PostId
from feed.ranking.candidates import Candidate, Scan


def newest_first(scans: Iterable[Scan], limit: int) -> tuple[list[Candidate], PostId | None]:
    """Up to `limit` candidates that may be shown now, without repeats, and the position to go on below.

    Only what lies above every source's floor is certain to have nothing missing between. The position is that of the
    last candidate, or of the floor if all above it are taken; None when every source has come to its end.
    """
    scans = list(scans)
    floor = max((scan.floor for scan in scans), default=0)
    # The first source wins: what was pushed and is pulled too counts as pushed.
    unique: dict[PostId, Candidate] = {}
    for scan in scans:
        for candidate in scan.candidates:
            if candidate.post_id >= floor:
                unique.setdefault(candidate.post_id, candidate)
    chosen = nlargest(limit, unique.values(), key=lambda candidate: candidate.post_id)
    if len(unique) > limit:
        return chosen, chosen[-1].post_id
    return chosen, PostId(floor) if floor else None
