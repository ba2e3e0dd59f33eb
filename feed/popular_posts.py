"""What there is to see for whom Following is empty: new posts of the most followed people, said to be just that."""

import time
from typing import Final

from config.entities import UserId
from feed.popular import popular_candidates
from feed.ranking.candidates import FROM_THE_TOP, FeedQuery
from feed.ranking.sources import lists_below, newest_of
from graph.mutes import muted_among
from posts.entities import Audience, PostCard
from posts.selectors import post_cards, posts_by_ids
from posts.visibility import visible_posts

AUTHORS: Final = 20
POSTS_OF_EACH: Final = 3
POSTS: Final = 10


def popular_posts(reader_id: UserId) -> list[PostCard]:
    """The newest posts of popular people, a few of each, of what is for everyone; nobody whom the reader has muted.

    Cost: the cache; of authors of whom it knows nothing 0.5 read units each, at most 10; 0.5 an author for mutes and
        0.5 for blocks, and `post_cards`.
    """
    authors = [candidate.user_id for candidate in popular_candidates() if candidate.user_id != reader_id][
        :AUTHORS
    ]
    muted = muted_among(reader_id, authors) if authors else set()
    query = FeedQuery(reader_id, FROM_THE_TOP, POSTS_OF_EACH, time.time_ns() // 1_000_000)
    lists = lists_below([author for author in authors if author not in muted], query)
    ids = [candidate.post_id for candidate in newest_of(lists, 2 * POSTS, "popular").candidates]
    found = posts_by_ids(ids)
    for_everyone = [found[i] for i in ids if i in found and found[i].audience is Audience.EVERYONE]
    shown = visible_posts(reader_id, for_everyone)
    return post_cards(reader_id, shown[:POSTS])
