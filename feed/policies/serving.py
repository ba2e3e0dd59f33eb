"""The policies that serve, by name: who is pulled by everybody, and how the edges of all others go.

    name                 pulled by everybody                      edges of the others
    per_edge             celebrities (FollowerThreshold)          the cheaper way of each (PerEdge)
    follower_threshold   celebrities (FollowerThreshold)          pushed
    push_all             nobody                                   pushed
    pull_all             everybody                                pushed, until their author posts

The site has one of them, and staff may choose another for an author (`feed.delivery_admin`).
"""

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Protocol

from django.conf import settings

from feed.policies.constant import PullAll, PushAll
from feed.policies.facts import AuthorFacts, DeliveryPolicy, Verdict
from feed.policies.per_edge import PerEdge
from feed.policies.threshold import FollowerThreshold


class Delivery(StrEnum):
    """The policies' names, in settings and in the administration."""

    PER_EDGE = "per_edge"
    FOLLOWER_THRESHOLD = "follower_threshold"
    PUSH_ALL = "push_all"
    PULL_ALL = "pull_all"


class AuthorPolicy(Protocol):
    """Decides whether an author is pulled by everybody."""

    def should_pull(self, author: AuthorFacts) -> Verdict:
        """Of one author, or of many in arrays."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What serves one author: first `authors` is asked, and for who is not pulled by everybody `edges`."""

    authors: AuthorPolicy
    edges: DeliveryPolicy


def celebrities() -> FollowerThreshold:
    """Who is one, by `ROOST_PULL_THRESHOLD` and `ROOST_PULL_REACTIONS`."""
    return FollowerThreshold(settings.PULL_THRESHOLD, float(settings.PULL_REACTIONS or inf))


def serving_policy(chosen: Delivery | None = None) -> Serving:
    """What serves an author for whom this was chosen; by default as `ROOST_DELIVERY_POLICY` says."""
    match chosen or Delivery(settings.DELIVERY_POLICY):
        case Delivery.PER_EDGE:
            return Serving(celebrities(), PerEdge())
        case Delivery.FOLLOWER_THRESHOLD:
            return Serving(celebrities(), PushAll())
        case Delivery.PUSH_ALL:
            return Serving(PushAll(), PushAll())
        case Delivery.PULL_ALL:
            return Serving(PullAll(), PushAll())
