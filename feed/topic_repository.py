"""Who posts about what, in DynamoDB: the topics of an author, and the most followed authors of a topic."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import structlog

from config.dynamodb import ConditionFailed, Item, attr, batch_get, delete_item, get_item, put_item
from config.entities import UserId
from feed.tables import TOPICS, author_topics_key, topic_authors_key

logger = structlog.get_logger()

KEPT_SECONDS: Final = 60 * 24 * 3600
"""What nobody has posted about for so long is forgotten."""
TRIES: Final = 10


@dataclass(frozen=True, slots=True)
class TopicAuthor:
    """One of a topic's authors. Units: `seen_at_ms` is when this was last looked at."""

    author_id: UserId
    followers: int
    seen_at_ms: int


Change = Callable[[list[TopicAuthor]], list[TopicAuthor]]


def author_topics_put(author_id: UserId, topics: dict[str, int]) -> None:
    """Store in how many posts an author uses each topic; nothing is kept of who uses none.

    Cost: 1 round trip, 1 write unit.
    Idempotent: by author.
    """
    key = author_topics_key(author_id)
    if topics:
        put_item(TOPICS, key | {"topics": topics, "ttl": _expiry()})
    else:
        delete_item(TOPICS, key)


def author_topics_by_ids(author_ids: Iterable[UserId]) -> dict[UserId, dict[str, int]]:
    """The topics of those of these authors who have any.

    Cost: 1 round trip a 100 authors, 0.5 read units each.
    Consistency: eventual.
    """
    ids = list(dict.fromkeys(author_ids))
    items = batch_get([(TOPICS, author_topics_key(author_id)) for author_id in ids]) if ids else []
    return {author_id: item["topics"] for author_id, item in zip(ids, items, strict=True) if item}


def topic_authors(topics: Iterable[str]) -> dict[str, list[TopicAuthor]]:
    """The authors of each of these topics, those with the most followers first.

    Cost: 1 round trip a 100 topics, 0.5 read units each.
    Consistency: eventual.
    """
    names = list(dict.fromkeys(topics))
    items = batch_get([(TOPICS, topic_authors_key(name)) for name in names]) if names else []
    return {name: _authors_of(item) for name, item in zip(names, items, strict=True)}


def topic_authors_change(topic: str, change: Change) -> bool:
    """Change the list of a topic's authors; False if it stayed as it was.

    Cost: 1 read unit; 1 round trip and 2 write units if it changed, again for each writer who came between.
    Consistency: by version: of two writers the later one sees what the first wrote. After ten tries it is left as it is,
        and said so in the log: the author's next post comes this way again.
    Idempotent: as `change` is.
    """
    item = get_item(TOPICS, topic_authors_key(topic), consistent=True)
    for _try in range(TRIES):
        before = _authors_of(item)
        after = change(before)
        if after == before:
            return False
        version = item["version"] if item else 0
        unmoved = attr("version") == version if item else attr("pk").missing()
        try:
            put_item(TOPICS, _item_of(topic, after, version + 1), condition=unmoved)
        except ConditionFailed as moved:
            item = moved.item
        else:
            return True
    logger.warning("topic_list_contended", topic=topic, tries=TRIES)
    return False


def _item_of(topic: str, authors: list[TopicAuthor], version: int) -> Item:
    rows = [[author.author_id, author.followers, author.seen_at_ms] for author in authors]
    return topic_authors_key(topic) | {"authors": rows, "version": version, "ttl": _expiry()}


def _authors_of(item: Item | None) -> list[TopicAuthor]:
    return [TopicAuthor(*row) for row in item["authors"]] if item else []


def _expiry() -> int:
    return int(time.time()) + KEPT_SECONDS
