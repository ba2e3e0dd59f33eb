"""Push or pull, edge by edge: pure decisions, the same code for one edge and for fifty million in arrays.

    facts.py      what is known of a reader, an author and the edge between them; numbers or arrays of them
    prices.py     what a push, a pull and a change of mind cost
    rates.py      how often somebody reads or posts, of late
    per_edge.py   PerEdge: the cheaper way of each edge        caps.py        at most so many pulls a read
    threshold.py  FollowerThreshold: celebrities are pulled    constant.py    PushAll, PullAll
    lifetimes.py  how long a pushed item stays

Nothing here reads or writes: `feed.services` asks `current_policy` for each post, `feed.pulls` carries the answer out
without a gap, and `feed.simulation` asks the very same functions about whole networks.
"""

from django.conf import settings

from feed.policies.constant import PullAll, PushAll
from feed.policies.facts import AuthorFacts, DeliveryPolicy, Edge, ReaderFacts, Verdict, Way
from feed.policies.per_edge import PerEdge
from feed.policies.prices import ON_DEMAND, Prices
from feed.policies.threshold import FollowerThreshold

__all__ = [
    "ON_DEMAND",
    "AuthorFacts",
    "DeliveryPolicy",
    "Edge",
    "FollowerThreshold",
    "PerEdge",
    "Prices",
    "PullAll",
    "PushAll",
    "ReaderFacts",
    "Verdict",
    "Way",
    "current_policy",
]


def current_policy() -> FollowerThreshold:
    """The policy that serves: authors are pulled from `ROOST_PULL_THRESHOLD` followers on."""
    return FollowerThreshold(settings.PULL_THRESHOLD)
