"""What is kept of an author, in DynamoDB: the RATE item, and together with it whether everybody pulls them."""

from collections.abc import Iterable
from contextlib import suppress

from config.dynamodb import ConditionFailed, Item, Update, attr, batch_get, update_item
from config.entities import PostId, UserId
from feed.author_entities import UNKNOWN, AuthorRates, AuthorRecord
from feed.policies.rates import Rate
from feed.policies.serving import Delivery
from feed.registry_repository import registration_of
from feed.tables import FEED, pulled_key, rate_key


def author_record(author_id: UserId) -> AuthorRecord:
    """All that is kept of an author.

    Cost: 1 round trip, 2 read units. Consistency: strong.
    """
    rate, mark = batch_get([(FEED, rate_key(author_id)), (FEED, pulled_key(author_id))], consistent=True)
    return AuthorRecord(_rates_of(rate), registration_of(author_id, mark))


def rates_by_ids(author_ids: Iterable[UserId]) -> dict[UserId, AuthorRates]:
    """How often these authors post; an author of whom nothing is known yet included.

    Cost: 1 round trip a 100 authors, 0.5 read units each. Consistency: eventual.
    """
    ids = list(dict.fromkeys(author_ids))
    found = batch_get([(FEED, rate_key(author_id)) for author_id in ids]) if ids else []
    return {author_id: _rates_of(item) for author_id, item in zip(ids, found, strict=True)}


def post_rate_set(author_id: UserId, posts: Rate, *, post_id: PostId) -> None:
    """How often an author posts, counted up to this post. What has been counted to it or a newer one stays.

    Cost: 1 round trip, 1 write unit. Idempotent: by post. Of two posts at once one may go uncounted.
    """
    counted = Update(set={"posts_per_day": posts.per_day, "at_ms": posts.at_ms, "last_post_id": post_id})
    not_yet = attr("last_post_id").missing() | (attr("last_post_id") < post_id)
    with suppress(ConditionFailed):
        update_item(FEED, rate_key(author_id), counted, condition=not_yet)


def reaction_rate_set(author_id: UserId, reactions: Rate) -> None:
    """How often an author is reacted to. Of two at once one may go uncounted.

    Cost: 1 round trip, 1 write unit.
    """
    counted = Update(set={"reactions_per_day": reactions.per_day, "reactions_at_ms": reactions.at_ms})
    update_item(FEED, rate_key(author_id), counted)


def chosen_set(author_id: UserId, chosen: Delivery | None) -> None:
    """The policy that staff chose for an author; None: the site's.

    Cost: 1 round trip, 1 write unit. Idempotent.
    """
    change = Update(set={"policy": str(chosen)}) if chosen else Update(remove=("policy",))
    update_item(FEED, rate_key(author_id), change)


def _rates_of(item: Item | None) -> AuthorRates:
    if item is None:
        return UNKNOWN
    return AuthorRates(
        Rate(float(item.get("posts_per_day", 0.0)), item.get("at_ms", 0)),
        Rate(float(item.get("reactions_per_day", 0.0)), item.get("reactions_at_ms", 0)),
        PostId(item.get("last_post_id", 0)),
        Delivery(item["policy"]) if "policy" in item else None,
    )
