"""Reads of the feed: pages of cards, what is new, a profile's head and posts, people to follow."""

import time
from collections.abc import Collection
from collections.abc import Set as AbstractSet

from config.cursors import decode, encode
from config.entities import Page, PostId, UserId
from feed import repository
from feed.entities import ProfileHeader
from feed.news import heard_above, pulled_lately
from feed.ranking.candidates import FROM_THE_TOP, Candidate, FeedQuery, Slate
from feed.ranking.following import FOLLOWING
from graph.entities import Relationship
from graph.person_seen import person_seen_by_handle
from posts.entities import Post, PostCard
from posts.selectors import post_cards
from posts.shelving import pinned_among, pinned_posts, pins_and_count
from posts.top import visible_top_posts_of_author
from posts.visibility import visible_posts_of_author

HOME_CURSOR = "feed.home"
PAGE_SIZE = 20
NEW_AT_MOST = 20
PHOTO_PAGES_AT_MOST = 5


def home_page(reader_id: UserId, *, cursor: str | None = None, limit: int = PAGE_SIZE) -> Page[PostCard]:
    """A page of the Following feed, newest first, full unless it is the last one.

    Cost: at most 3 rounds (`feed.ranking.reading`), one more for posts that are not for everyone, and to refill. With
        what is shared cached 2 rounds and 2.5 read units, 5 for who follows 5,000; nothing for who looks again.
    Consistency: eventual; what was posted is there a stream hop after it was accepted, own posts at once.
    Raises: InvalidCursor.
    """
    before = PostId(decode(HOME_CURSOR, cursor)) if cursor else FROM_THE_TOP
    return page_of_slate(reader_id, FOLLOWING.page(query_of(reader_id, before, limit)))


def page_of_slate(reader_id: UserId, slate: Slate) -> Page[PostCard]:
    """The cards of a page of home. Cost: as `post_cards`."""
    posts = [candidate.post for candidate in slate.shown if candidate.post is not None]
    next_cursor = encode(HOME_CURSOR, slate.last) if slate.last is not None else None
    return Page(post_cards(reader_id, posts, known=slate.marks), next_cursor)


def new_posts_count(reader_id: UserId, *, since: PostId) -> int:
    """How many posts of others wait above the one seen last, at most NEW_AT_MOST: those only that home would show.

    Cost: 1 Query, 0.5 read units; with posts cached 1 round trip and 1 read unit an author more for what is found, another
        one where there are posts to close friends. When that is nothing the cache, which knows of pulled authors; once a
        minute 1 read unit, for who they are. Without the cache only pushed posts are told of.
    """
    query = query_of(reader_id, FROM_THE_TOP, NEW_AT_MOST)
    pushed = repository.inbox_above(reader_id, since=since, limit=NEW_AT_MOST)
    found = [Candidate(item.post_id, item.author_id, "inbox") for item in pushed]
    if shown := FOLLOWING.judged(query, found).kept:
        return len(shown)
    heard = [
        Candidate(post_id, author_id, "heard")
        for author_id, ids in heard_above(since, pulled_lately(reader_id)).items()
        for post_id in ids
    ]
    return min(len(FOLLOWING.judged(query, heard[:NEW_AT_MOST]).kept), NEW_AT_MOST)


def profile_header(viewer_id: UserId | None, handle: str) -> ProfileHeader:
    """The head of a profile's page, for whom no block hides it from.

    Cost: `person_seen_by_handle`, and 1 request, 1 read unit.
    Raises: ProfileNotFound.
    """
    seen = person_seen_by_handle(viewer_id, handle)
    pinned_ids, post_count = pins_and_count(seen.profile.id)
    is_self = viewer_id == seen.profile.id
    follows = seen.relationship is not None and seen.relationship.following
    return ProfileHeader(
        seen=seen,
        post_count=post_count,
        pinned_ids=pinned_ids,
        is_self=is_self,
        posts_hidden=seen.profile.is_private and not is_self and not follows,
    )


def profile_page(
    viewer_id: UserId | None,
    author_id: UserId,
    *,
    cursor: str | None = None,
    photos_only: bool = False,
    without: Collection[PostId] = (),
    stands: Relationship | None = None,
) -> Page[PostCard]:
    """An author's posts as the viewer may see them, newest first; `without` those that are shown above them.

    `stands`: how the viewer stands to the author, if that has just been read, and no block is between them.

    Of a post and its author's repost of it a page has the newer alone. A page of photos is made of up to 5 pages of posts, so that it is seldom empty; it may be short.

    Cost: as `visible_posts_of_author`, and `post_cards`.
    """
    shown, on_page = list[Post](), set(without)
    trusted = _trusted(author_id, stands)
    for _page in range(PHOTO_PAGES_AT_MOST if photos_only else 1):
        page = visible_posts_of_author(viewer_id, author_id, cursor=cursor, limit=PAGE_SIZE, **trusted)
        for post in page.items:
            if (post.photo or not photos_only) and post.shown.id not in on_page:
                shown.append(post)
                on_page.add(post.shown.id)
        cursor = page.next_cursor
        if cursor is None or len(shown) >= PAGE_SIZE:
            break
    return Page(post_cards(viewer_id, shown), cursor)


def profile_top(viewer_id: UserId | None, author_id: UserId, *, cursor: str | None = None) -> Page[PostCard]:
    """A page of an author's posts that are liked, as the viewer may see them, the most liked first.

    Cost: as `visible_top_posts_of_author`, and `post_cards`.
    """
    page = visible_top_posts_of_author(viewer_id, author_id, cursor=cursor, limit=PAGE_SIZE)
    return Page(post_cards(viewer_id, page.items), page.next_cursor)


def profile_posts(
    viewer_id: UserId | None,
    author_id: UserId,
    *,
    cursor: str | None = None,
    photos_only: bool = False,
    header: ProfileHeader | None = None,
) -> tuple[list[PostCard], Page[PostCard]]:
    """What is pinned, which the first page of posts begins with, and a page of the others.

    Cost: as `profile_page`; but for photos `pinned_among` too, and `post_cards` of these. Without a `header` as `pinned_posts`.
    """
    stands = header.seen.relationship if header else None
    pinned = list[Post]()
    if not photos_only and header is None:
        pinned = pinned_posts(viewer_id, author_id)
    elif not photos_only and header is not None:
        pinned = pinned_among(viewer_id, header.pinned_ids, **_trusted(author_id, stands))
    page = profile_page(
        viewer_id,
        author_id,
        cursor=cursor,
        photos_only=photos_only,
        without={post.id for post in pinned},
        stands=stands,
    )
    return post_cards(viewer_id, pinned) if pinned and not cursor else [], page


def _trusted(author_id: UserId, stands: Relationship | None) -> dict[str, AbstractSet[UserId]]:
    """What `visible_posts` need not ask of the author again."""
    if stands is None:
        return {}
    return {"followed" if stands.following else "believed": {author_id}}


def query_of(reader_id: UserId, before: PostId, limit: int) -> FeedQuery:
    """A question asked now."""
    return FeedQuery(reader_id, before, limit, time.time_ns() // 1_000_000)
