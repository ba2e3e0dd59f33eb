"""What people post about: the hashtags in posts that everybody may see, worked out anew from the author's latest posts.

    PostCreated, PostDeleted with a hashtag ---> note_topics(author), once in a while
        the author's latest 50 posts ---> the author's topics ---> each topic's list of its most followed authors

Nothing is added up, so a record that comes twice, late or out of order changes nothing. Private accounts and posts to
a smaller audience leave no trace here.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import log
from typing import Final

from accounts.selectors import profiles_by_ids
from config.entities import UserId
from feed import topic_repository
from feed.coalescing import queue_once, run_begins
from feed.topic_repository import TopicAuthor
from graph.selectors import counts
from graph.suggestion_entities import Candidate, Source
from posts.entities import Audience
from posts.selectors import posts_by_ids, recent_post_ids
from posts.text.parse import facets_of, tags_of

KIND: Final = "feed_topics"
NOTED_EVERY_SECONDS: Final = 20
CLAIM_SECONDS: Final = 300
POSTS_LOOKED_AT: Final = 50
TOPICS_OF_POST: Final = 10
TOPICS_OF_AUTHOR: Final = 10
AUTHORS_OF_TOPIC: Final = 50
TOPICS_OF_READER: Final = 5
OWN_TOPIC_COUNTS: Final = 3
"""What a reader posts about says as much as what three followees do."""
DAY_MS: Final = 24 * 3600 * 1000
AUTHOR_KEPT_MS: Final = 30 * DAY_MS


def author_topics_note_soon(*, author_id: UserId, text: str, note: Callable[[UserId], object]) -> None:
    """Queue a look at an author after a post that has topics came or went, unless one waits already.

    Raises: what `note` raises; the stream's record comes again.
    """
    if topics_in(text):
        queue_once(KIND, author_id, note, ttl_seconds=CLAIM_SECONDS)


def author_topics_note(*, author_id: UserId) -> None:
    """Bring the author's topics, and the lists of those topics, up to date.

    Cost: 2 read units and 1 for each of 50 posts that is not cached; 1 read unit a topic, at most 20, and 2 write units
        for those whose list changes.
    Idempotent: by author; the lists come first, so that work that was broken off is done when it comes again.
    """
    run_begins(KIND, author_id)
    before = topic_repository.author_topics_by_ids([author_id]).get(author_id, {})
    after = _topics_of(author_id)
    if not before and not after:
        return
    now_ms = time.time_ns() // 1_000_000
    seen = TopicAuthor(author_id, counts(author_id).followers, now_ms)
    for topic in after:
        topic_repository.topic_authors_change(topic, lambda authors: with_author(authors, seen))
    for topic in before.keys() - after.keys():
        topic_repository.topic_authors_change(topic, lambda authors: without_author(authors, author_id))
    if after != before:
        topic_repository.author_topics_put(author_id, after)


def with_author(authors: Sequence[TopicAuthor], seen: TopicAuthor) -> list[TopicAuthor]:
    """The list with this author as now seen, the most followed first, without those not seen for long.

    It stays as it was while that says nothing new: an author seen within a day whose followers are about as many.
    """
    known = next((author for author in authors if author.author_id == seen.author_id), None)
    if known is not None and seen.seen_at_ms - known.seen_at_ms < DAY_MS:
        about_as_many = abs(seen.followers - known.followers) * 10 <= known.followers
        if about_as_many:
            return list(authors)
    oldest = seen.seen_at_ms - AUTHOR_KEPT_MS
    others = [a for a in authors if a.author_id != seen.author_id and a.seen_at_ms > oldest]
    ranked = sorted([*others, seen], key=lambda author: (-author.followers, author.author_id))
    return ranked[:AUTHORS_OF_TOPIC]


def without_author(authors: Sequence[TopicAuthor], author_id: UserId) -> list[TopicAuthor]:
    """The list without this author."""
    return [author for author in authors if author.author_id != author_id]


def topics_of_reader(reader_id: UserId, followees: Sequence[UserId]) -> dict[str, float]:
    """What a reader and those followed post about most, each with its share: 1 is everybody.

    Cost: 1 round trip a 100 people, 0.5 read units each. Consistency: eventual.
    """
    found = topic_repository.author_topics_by_ids([reader_id, *followees])
    return shares(found, reader_id, people=1 + len(followees))


def shares(topics: dict[UserId, dict[str, int]], reader_id: UserId, *, people: int) -> dict[str, float]:
    """The most common topics and their share of these people, each counted once, the reader for three."""
    tally: Counter[str] = Counter()
    for user_id, used in topics.items():
        for topic in used:
            tally[topic] += OWN_TOPIC_COUNTS if user_id == reader_id else 1
    ranked = sorted(tally.items(), key=lambda row: (-row[1], row[0]))[:TOPICS_OF_READER]
    return {topic: count / (people + OWN_TOPIC_COUNTS - 1) for topic, count in ranked}


def topical(shares_by_topic: dict[str, float], authors: dict[str, list[TopicAuthor]]) -> list[Candidate]:
    """Authors of these topics, the best first, each under the topic that says most.

    weight = sum over topics of share x ln(1 + followers)
    """
    weights: Counter[UserId] = Counter()
    named: dict[UserId, str] = {}
    for topic in sorted(shares_by_topic, key=lambda topic: (-shares_by_topic[topic], topic)):
        for author in authors.get(topic, []):
            weights[author.author_id] += shares_by_topic[topic] * log(1 + author.followers)  # type: ignore[assignment]  # a Counter of floats
            named.setdefault(author.author_id, topic)
    candidates = [
        Candidate(user_id, Source.TOPIC, weight=round(weight, 4), topic=named[user_id])
        for user_id, weight in weights.items()
    ]
    return sorted(candidates, key=lambda candidate: (-candidate.weight, candidate.user_id))


def popular_in(shares_by_topic: dict[str, float]) -> list[Candidate]:
    """The authors of these topics as candidates.

    Cost: 1 round trip, 0.5 read units a topic. Consistency: eventual.
    """
    return topical(shares_by_topic, topic_repository.topic_authors(shares_by_topic))


def _topics_of(author_id: UserId) -> dict[str, int]:
    card = profiles_by_ids([author_id]).get(author_id)
    if card is None or not card.is_active or card.is_private:
        return {}
    found = posts_by_ids(recent_post_ids(author_id, limit=POSTS_LOOKED_AT))
    return tallied(post.text for post in found.values() if post.audience is Audience.EVERYONE)


def topics_in(text: str) -> list[str]:
    """The hashtags of a text, each once, at most ten: who uses more says nothing with them."""
    return tags_of(facets_of(text))[:TOPICS_OF_POST]


def tallied(texts: Iterable[str]) -> dict[str, int]:
    """In how many of these texts each topic is, the most used ones only."""
    tally: Counter[str] = Counter(topic for text in texts for topic in topics_in(text))
    ranked = sorted(tally.items(), key=lambda row: (-row[1], row[0]))
    return dict(ranked[:TOPICS_OF_AUTHOR])
