"""What came out: the policies that are compared, their bills beside each other, as JSON and as a table."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from feed.policies import DeliveryPolicy, FollowerThreshold, PerEdge, PullAll, PushAll
from feed.simulation.bills import DAYS, Bill

OPTIMUM: Final = "per_edge"
"""PerEdge without a bound: no policy can be cheaper on the same rates."""

_DIGITS: Final = 6


def policies_compared(cap: int) -> dict[str, DeliveryPolicy]:
    """By the names that the table and the JSON use."""
    return {
        OPTIMUM: PerEdge(cap=None),
        f"per_edge_cap_{cap}": PerEdge(cap=cap),
        "threshold_10k": FollowerThreshold(10_000),
        "threshold_100k": FollowerThreshold(100_000),
        "push_all": PushAll(),
        "pull_all": PullAll(),
    }


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run."""

    network: dict[str, float | int | str]
    bills: dict[str, Bill]

    def over_optimum(self, name: str) -> float | None:
        """How many times the optimum this policy costs; None where the optimum costs nothing."""
        least = self.bills[OPTIMUM].usd
        return self.bills[name].usd / least if least else None

    def as_json(self) -> dict[str, Any]:
        """Everything, units and dollars a user and a month, items a reader after DAYS days."""
        return {"network": self.network, "policies": {name: self._entry(name) for name in self.bills}}

    def table(self) -> Iterator[str]:
        """Lines to read."""
        yield "  ".join(f"{name} {_short(value)}" for name, value in self.network.items())
        yield ""
        yield f"{'':17}{'a user and month':^42}{'':10}{'pulls a read':^20}{f'inbox, {DAYS} days':>20}"
        yield (
            f"{'':17}{'write units':>12}{'read units':>12}{'US dollars':>14}{'x optimum':>12}"
            f"{'pulled':>8}{'p50':>7}{'p95':>6}{'p99':>6}{'all':>10}{'smart TTL':>11}"
        )
        for name, bill in self.bills.items():
            over = self.over_optimum(name)
            yield (
                f"{name:17}{bill.write_units:12,.1f}{bill.read_units:12,.1f}{bill.usd:14.8f}"
                f"{'-' if over is None else f'{over:,.3f}':>12}{bill.pulled_share:8.1%}"
                f"{bill.pulls_p50:7,}{bill.pulls_p95:6,}{bill.pulls_p99:6,}"
                f"{bill.inbox_items:10,.1f}{bill.inbox_items_smart_ttl:11,.1f}"
            )

    def _entry(self, name: str) -> dict[str, float | int | None]:
        bill, over = asdict(self.bills[name]), self.over_optimum(name)
        return {
            "write_units_per_user_month": round(bill["write_units"], _DIGITS),
            "read_units_per_user_month": round(bill["read_units"], _DIGITS),
            "usd_per_user_month": round(bill["usd"], 2 * _DIGITS),
            "over_optimum": None if over is None else round(over, _DIGITS),
            "pulled_share": round(bill["pulled_share"], _DIGITS),
            "pulls_per_read_p50": bill["pulls_p50"],
            "pulls_per_read_p95": bill["pulls_p95"],
            "pulls_per_read_p99": bill["pulls_p99"],
            "inbox_items_30_days": round(bill["inbox_items"], _DIGITS),
            "inbox_items_30_days_smart_ttl": round(bill["inbox_items_smart_ttl"], _DIGITS),
        }


def _short(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
