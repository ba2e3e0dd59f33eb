"""Push or pull, edge by edge: pure decisions, the same code for one edge and for fifty million in arrays.

    facts.py      what is known of a reader, an author and the edge between them; numbers or arrays of them
    prices.py     what a push, a pull and a change of mind cost
    rates.py      how often somebody reads or posts, of late
    per_edge.py   PerEdge: the cheaper way of each edge        caps.py        at most so many pulls a read
    threshold.py  FollowerThreshold: celebrities are pulled    constant.py    PushAll, PullAll
    serving.py    which of them serves                         lifetimes.py   how long a pushed item stays

Nothing here reads or writes. `feed.author_delivery` asks about an author at each post, `feed.edge_delivery` about an edge
when it is made, `feed.reader_decisions` about all edges of a reader now and then; `feed.pulls` carries the answers out
without a gap, and `feed.simulation` asks the very same functions about whole networks.
"""

from feed.policies.constant import PullAll, PushAll
from feed.policies.facts import AuthorFacts, DeliveryPolicy, Edge, ReaderFacts, Verdict, Way
from feed.policies.per_edge import PerEdge
from feed.policies.prices import ON_DEMAND, Prices
from feed.policies.serving import Delivery, Serving, serving_policy
from feed.policies.threshold import FollowerThreshold

__all__ = [
    "ON_DEMAND",
    "AuthorFacts",
    "Delivery",
    "DeliveryPolicy",
    "Edge",
    "FollowerThreshold",
    "PerEdge",
    "Prices",
    "PullAll",
    "PushAll",
    "ReaderFacts",
    "Serving",
    "Verdict",
    "Way",
    "serving_policy",
]
