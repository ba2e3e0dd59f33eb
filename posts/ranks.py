"""The place of something liked among its like: a number made of how often it is liked, roughly, and of its id.

    likes   0  1  2 ... 10  11-12  13-14  15-16  17-18  19-20  21-23 ... 963-1,059 ...
    rung    0  1  2 ... 10  11     12     13     14     15     16    ... 54 ...

Each rung above ten takes a tenth more likes than the one below. A stored rank is written anew only when its rung changes,
upwards at once, downwards after two rungs, so that a like that comes and goes on an edge writes nothing. Two things on
one rung stand in the order of time; a page that knows their exact counts puts them right.

Cost of n likes, one after the other: at most `rung(n)` writes, which is 54 for a thousand and 126 for a million. Of any n
likes and unlikes in a row: at most two a tenth of all likes that come or go.
"""

from bisect import bisect_right
from typing import Final

SINGLE: Final = 10
"""Up to here every like is a rung of its own."""
GROWTH: Final = (11, 10)
BEYOND: Final = 10**12
"""More likes than this are all one rung."""
ID_SPACE: Final = 10**19
"""More than the largest id, and both together stay within the 38 digits of a number in DynamoDB."""


def _first_likes() -> tuple[int, ...]:
    """The number of likes with which each rung begins, in whole numbers so that every machine agrees."""
    firsts = list(range(SINGLE + 1))
    while firsts[-1] < BEYOND:
        more, less = GROWTH
        firsts.append(-(-firsts[-1] * more // less))
    return tuple(firsts)


FIRST_LIKES: Final = _first_likes()


def rung(likes: int) -> int:
    """How high so many likes stand; a count that is below zero for a moment stands as none."""
    return max(0, bisect_right(FIRST_LIKES, likes) - 1)


def rank(likes: int, an_id: int) -> int:
    """The sort key of something with that id: by rung, then by time. See `rank_on` for a rung that is known."""
    return rank_on(rung(likes), an_id)


def rank_on(a_rung: int, an_id: int) -> int:
    """The sort key of something with that id on that rung."""
    return a_rung * ID_SPACE + an_id


def rung_of(a_rank: int) -> int:
    """The rung that a rank was made with."""
    return a_rank // ID_SPACE


def id_of(a_rank: int) -> int:
    """The id that a rank was made with."""
    return a_rank % ID_SPACE


def settled(stored: int, likes: int) -> int:
    """The rung to be stored after `stored`: the same, unless the likes have left it upwards or by two downwards."""
    now = rung(likes)
    return now if now > stored or now <= stored - 2 else stored
