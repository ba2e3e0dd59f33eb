"""What delivery costs under each policy, over what it could cost at least: the simulator, on a made-up network.

100,000 users when quick, else a million with 50 million follows. Nothing is timed or asked of an engine, so the figures
are the same on every machine; the policies are those that serve (`feed.policies`), about each edge.

    per_edge_cap100_over_optimum     PerEdge with at most 100 pulls a read, over PerEdge without a bound
    threshold_10k_over_optimum       authors with 10,000 followers or more are pulled; threshold_100k the same
    push_all_over_optimum, pull_all_over_optimum
    per_edge_cap100_usd              US dollars a user and month
    pulls_p99                        pulls of a read, PerEdge with the bound
    inbox_push_all                   items of an inbox after 30 days if all is pushed and nothing expires
    inbox_push_all_smart_ttl         the same with smart TTL
    inbox_per_edge_smart_ttl         with PerEdge (bounded) and smart TTL
    busy_inbox_*                     the same three among 100,000 users who follow 110 on the mean: 10,000 items if
                                     nothing expires
"""

from benchmarks.harness import Options, progress, run
from feed.simulation.outcome import Outcome
from feed.simulation.run import Plan, simulate

USERS, QUICK_USERS = 1_000_000, 100_000
BUSY_FOLLOWS = 110.0
CAPPED = "per_edge_cap_100"


def measured(outcome: Outcome) -> dict[str, float]:
    """The figures of one network."""
    bills = outcome.bills
    ratios = {
        "per_edge_cap100_over_optimum": CAPPED,
        "threshold_10k_over_optimum": "threshold_10k",
        "threshold_100k_over_optimum": "threshold_100k",
        "push_all_over_optimum": "push_all",
        "pull_all_over_optimum": "pull_all",
    }
    return {key: round(outcome.over_optimum(name) or 0.0, 4) for key, name in ratios.items()} | {
        "per_edge_cap100_usd": bills[CAPPED].usd,
        "pulls_p99": bills[CAPPED].pulls_p99,
    }


def inboxes(outcome: Outcome, prefix: str) -> dict[str, float]:
    """Items of an inbox after 30 days."""
    bills = outcome.bills
    return {
        f"{prefix}_push_all": round(bills["push_all"].inbox_items, 1),
        f"{prefix}_push_all_smart_ttl": round(bills["push_all"].inbox_items_smart_ttl, 1),
        f"{prefix}_per_edge_smart_ttl": round(bills[CAPPED].inbox_items_smart_ttl, 1),
    }


def main(options: Options) -> dict[str, float]:
    """One network for the bills, one more for the inboxes of a busy place."""
    users = QUICK_USERS if options.quick else USERS
    progress(f"{users:,} users who follow 50 others on the mean")
    outcome = simulate(Plan(users=users, cap=100))
    network = {key: float(outcome.network[key]) for key in ("users", "edges", "peak_mb")}
    progress(f"{QUICK_USERS:,} users who follow {BUSY_FOLLOWS:.0f}")
    busy = simulate(Plan(users=QUICK_USERS, follows=BUSY_FOLLOWS, cap=100))
    return network | measured(outcome) | inboxes(outcome, "inbox") | inboxes(busy, "busy_inbox")


if __name__ == "__main__":
    run(main)
