"""Reads of the feed: pages of cards, what is new, a profile's head and posts, people to follow."""

import time
from collections.abc import Collection

from accounts.entities import ProfileCard
from config.cursors import decode, encode
from config.entities import Page, PostId, UserId
from feed import hints, pulls, repository
from feed.entities import ProfileHeader, horizon_at
from feed.ranking.candidates import FROM_THE_TOP, Candidate, FeedQuery
from feed.ranking.following import FOLLOWING
from graph.selectors import counts, relationships
from posts.entities import Post, PostCard
from posts.selectors import author_post_counts, post_cards
from posts.shelving import pinned_posts
from posts.top import visible_top_posts_of_author
from posts.visibility import visible_posts_of_author

HOME_CURSOR = "feed.home"
PAGE_SIZE = 20
NEW_AT_MOST = 20
PHOTO_PAGES_AT_MOST = 5


def home_page(reader_id: UserId, *, cursor: str | None = None, limit: int = PAGE_SIZE) -> Page[PostCard]:
    """A page of the Following feed, newest first, full unless it is the last one.

    Cost: with posts and profiles cached 5 round trips: the inbox, what is pulled, the reader's own posts, who is
        followed, what is liked; 0.5 read units for each pulled author more.
    Consistency: eventual; what was pushed is there a stream hop after it was accepted, own posts at once.
    Raises: InvalidCursor.
    """
    before = PostId(decode(HOME_CURSOR, cursor)) if cursor else FROM_THE_TOP
    slate = FOLLOWING.page(_query(reader_id, before, limit))
    posts = [candidate.post for candidate in slate.shown if candidate.post is not None]
    next_cursor = encode(HOME_CURSOR, slate.last) if slate.last is not None else None
    return Page(post_cards(reader_id, posts), next_cursor)


def new_posts_count(reader_id: UserId, *, since: PostId) -> int:
    """How many posts of others wait above the one seen last, at most NEW_AT_MOST: those only that home would show.

    Of pulled authors it is a hint: each counts once, by the last post that was not for close friends alone.

    Cost: 1 Query, 0.5 read units; with posts cached 1 round trip and 1 read unit an author more for what is found, another
        one where there are posts to close friends. When that is nothing 1 read unit and the cache, which knows of pulled
        authors. Without the cache only pushed posts are told of.
    """
    pushed = repository.inbox_above(reader_id, since=since, limit=NEW_AT_MOST)
    found = [Candidate(item.post_id, item.author_id, "inbox") for item in pushed]
    if shown := FOLLOWING.judged(reader_id, found).kept:
        return len(shown)
    newer = hints.last_posts_above(since, pulls.pulled_by(reader_id))
    hinted = [Candidate(post_id, author_id, "hint") for author_id, post_id in newer.items()]
    return min(len(FOLLOWING.judged(reader_id, hinted).kept), NEW_AT_MOST)


def profile_header(viewer_id: UserId | None, profile: ProfileCard) -> ProfileHeader:
    """The head of a profile's page.

    Cost: 3 requests, 2.5 read units; 2 for a stranger.
    """
    is_self = viewer_id == profile.id
    known = relationships(viewer_id, [profile.id]) if viewer_id is not None and not is_self else {}
    relationship = known.get(profile.id)
    return ProfileHeader(
        profile=profile,
        counts=counts(profile.id),
        post_count=author_post_counts([profile.id])[profile.id],
        relationship=relationship,
        is_self=is_self,
        posts_hidden=profile.is_private and not is_self and not (relationship and relationship.following),
    )


def profile_page(
    viewer_id: UserId | None,
    author_id: UserId,
    *,
    cursor: str | None = None,
    photos_only: bool = False,
    without: Collection[PostId] = (),
) -> Page[PostCard]:
    """An author's posts as the viewer may see them, newest first; `without` those that are shown above them.

    Of a post and its author's repost of it a page has the newer alone. A page of photos is made of up to 5 pages of posts, so that it is seldom empty; it may be short.

    Cost: as `visible_posts_of_author`, and `post_cards`.
    """
    shown, on_page = list[Post](), set(without)
    for _page in range(PHOTO_PAGES_AT_MOST if photos_only else 1):
        page = visible_posts_of_author(viewer_id, author_id, cursor=cursor, limit=PAGE_SIZE)
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
    viewer_id: UserId | None, author_id: UserId, *, cursor: str | None = None, photos_only: bool = False
) -> tuple[list[PostCard], Page[PostCard]]:
    """What is pinned, which the first page of posts begins with, and a page of the others.

    Cost: as `profile_page`; but for photos `pinned_posts` too, and `post_cards` of these.
    """
    pinned = [] if photos_only else pinned_posts(viewer_id, author_id)
    without = {post.id for post in pinned}
    page = profile_page(viewer_id, author_id, cursor=cursor, photos_only=photos_only, without=without)
    return post_cards(viewer_id, pinned) if pinned and not cursor else [], page


def _query(reader_id: UserId, before: PostId, limit: int) -> FeedQuery:
    now_ms = time.time_ns() // 1_000_000
    return FeedQuery(reader_id, before, limit, now_ms // 1000, horizon_at(now_ms))
