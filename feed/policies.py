"""Who is pushed and who is pulled. A policy is asked for each post; `feed.pulls` carries its answer out without a gap.

TODO(5): per edge, by cost; hysteresis; a choice by setting and by author.
"""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings


@dataclass(frozen=True, slots=True)
class AuthorFacts:
    """What is known of an author when a post is delivered."""

    followers: int


class DeliveryPolicy(Protocol):
    """Decides the way of an author's posts to their readers."""

    def should_pull(self, author: AuthorFacts) -> bool:
        """Readers fetch this author's posts when they read, instead of having them pushed."""


@dataclass(frozen=True, slots=True)
class FollowerThreshold:
    """The celebrities are pulled: a post by them is one write, whatever the audience.

    There is no way back in this policy: who was pulled once stays so, also below the threshold.
    """

    followers: int

    def should_pull(self, author: AuthorFacts) -> bool:
        """At the threshold or above it."""
        return author.followers >= self.followers


def current_policy() -> DeliveryPolicy:
    """The policy that the settings name."""
    return FollowerThreshold(settings.PULL_THRESHOLD)
