"""Every limit of actions, in one place. Signing in, signing up and mail have limits of their own, in allauth.

    bucket       whose         meant for
    burst        the account   a script that runs, a finger that hurries
    day          the account   a campaign
    address      the address   many accounts of one machine

A bucket holds `size` tokens and fills from empty to full in `seconds`; an action takes one. So an account that was away
may do a burst at once and then goes on at the pace at which the bucket fills: `day` is a pace, not a calendar's day.
"""

from dataclasses import dataclass
from typing import Final, Literal, get_args

DAY: Final = 86_400
NEW_ACCOUNT_SECONDS: Final = 3 * DAY
"""Until then an account has the smaller buckets: most that is made for abuse is used at once."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """So many tokens, filled in so many seconds."""

    size: int
    seconds: int

    def scaled(self, factor: float) -> "Bucket":
        """More or fewer tokens in the same time, at least one."""
        return Bucket(max(1, round(self.size * factor)), self.seconds)


@dataclass(frozen=True, slots=True)
class Limit:
    """The buckets of one action. An address has one: many people may sit behind it."""

    burst: Bucket
    day: Bucket
    new_burst: Bucket
    new_day: Bucket
    address: Bucket

    def of_account(self, *, is_new: bool) -> dict[str, Bucket]:
        """An account's buckets by name."""
        return (
            {"new-burst": self.new_burst, "new-day": self.new_day}
            if is_new
            else {"burst": self.burst, "day": self.day}
        )


Action = Literal[
    "follow",
    "follow_slowed",
    "unfollow",
    "request",
    "answer",
    "remove",
    "block",
    "mark",
    "post",
    "edit",
    "draft",
    "upload",
    "comment",
    "like",
    "report",
    "read",
]


def _limit(burst: int, day: int, *, new_burst: int, new_day: int, address: int, seconds: int = 60) -> Limit:
    return Limit(
        burst=Bucket(burst, seconds),
        day=Bucket(day, DAY),
        new_burst=Bucket(new_burst, seconds),
        new_day=Bucket(new_day, DAY),
        address=Bucket(address, seconds),
    )


LIMITS: Final[dict[Action, Limit]] = {
    "follow": _limit(30, 400, new_burst=15, new_day=100, address=120),
    # Who follows and leaves people in a circle: a trickle for a day, see `graph.churn`.
    "follow_slowed": _limit(1, 12, new_burst=1, new_day=6, address=120, seconds=900),
    "unfollow": _limit(30, 400, new_burst=15, new_day=100, address=120),
    "request": _limit(15, 150, new_burst=8, new_day=40, address=60),
    # Approving and declining: who is asked by many has many to answer.
    "answer": _limit(60, 2_000, new_burst=30, new_day=500, address=240),
    "remove": _limit(30, 400, new_burst=15, new_day=100, address=120),
    # As many for new accounts as one who is beset needs.
    "block": _limit(30, 400, new_burst=20, new_day=200, address=120),
    # What one notes for oneself: mutes, close friends, whom to be notified of.
    "mark": _limit(30, 500, new_burst=20, new_day=200, address=120),
    "post": _limit(10, 200, new_burst=5, new_day=40, address=40),
    # Changing what is out already: a slip of the pen is mended at once, and again.
    "edit": _limit(20, 400, new_burst=10, new_day=100, address=80),
    # A composer saves what is being written every few seconds.
    "draft": _limit(60, 5_000, new_burst=40, new_day=2_000, address=240),
    "upload": _limit(40, 600, new_burst=25, new_day=200, address=160),
    "comment": _limit(20, 500, new_burst=8, new_day=100, address=80),
    "like": _limit(60, 2_000, new_burst=30, new_day=500, address=240),
    # Moderators read each: enough for who is beset by many.
    "report": _limit(10, 100, new_burst=5, new_day=30, address=40),
    # Noting how far one has read: a page does it by itself, as often as there is something new.
    "read": _limit(60, 5_000, new_burst=60, new_day=4_000, address=240),
}

if missing := set(get_args(Action)) ^ set(LIMITS):
    message = f"actions and their limits differ: {missing}"
    raise ValueError(message)
