"""What the feed keeps of an author: whether everybody pulls them, how often they post, and how their posts are received."""

from dataclasses import dataclass
from enum import StrEnum

from config.entities import PostId, UserId
from feed.policies.facts import AuthorFacts
from feed.policies.rates import POST_HALF_LIFE_DAYS, REACTION_HALF_LIFE_DAYS, Rate, rate_at
from feed.policies.serving import Delivery, Serving, serving_policy

NEVER = Rate(0.0, 0)
NO_POST = PostId(0)


class Reason(StrEnum):
    """Why an author came to be pulled by everybody."""

    POLICY = "policy"
    PRESSURE = "pressure"
    """Fan-outs could not keep up."""


@dataclass(frozen=True, slots=True)
class Registration:
    """An author is pulled by everybody, since `at_ms`; `version` is that of the registry's line.

    `demotion`: the run that ends this, so that from now on followers are pushed to again while all still pull; 0 if none.
    `cursor` and `moved_at_ms`: how far it has come, and when.
    """

    author_id: UserId
    version: int
    at_ms: int = 0
    reason: Reason = Reason.POLICY
    demotion: int = 0
    cursor: str = ""
    moved_at_ms: int = 0


@dataclass(frozen=True, slots=True)
class AuthorRates:
    """How often an author posts and is reacted to; `chosen`: the policy that staff chose for them."""

    posts: Rate = NEVER
    reactions: Rate = NEVER
    last_post_id: PostId = NO_POST
    chosen: Delivery | None = None

    @property
    def serving(self) -> Serving:
        """The policy that serves them."""
        return serving_policy(self.chosen)

    def posts_per_day(self, now_ms: int) -> float:
        """As of now."""
        return float(rate_at(self.posts, now_ms, half_life_days=POST_HALF_LIFE_DAYS).per_day)

    def facts(self, now_ms: int, *, followers: int = 0, is_pulled: bool = False) -> AuthorFacts:
        """What a policy may know of them."""
        reactions = rate_at(self.reactions, now_ms, half_life_days=REACTION_HALF_LIFE_DAYS).per_day
        return AuthorFacts(followers, self.posts_per_day(now_ms), reactions, is_pulled)


UNKNOWN = AuthorRates()


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """All of it. `registration` is None for nearly everybody."""

    rates: AuthorRates = UNKNOWN
    registration: Registration | None = None

    @property
    def is_pulled(self) -> bool:
        """Whether their posts are pushed to no followers but those who are kept; not while a demotion goes on."""
        return self.registration is not None and not self.registration.demotion
