"""What can be asked of posts. Plural means bulk. Nothing here asks who is looking: `visibility.py` does.

Bodies and counts come through the cache (`posts/cache.py`); deleted posts are never given out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from accounts.entities import ProfileCard
from accounts.selectors import profiles_by_ids
from config.cursors import decode, encode
from config.dynamodb import is_done
from config.entities import Page, PostId, UserId
from config.images import blur_data_uri
from posts.commenting import open_to
from posts.entities import (
    Audience,
    Photo,
    PhotoCard,
    Post,
    PostCard,
    PostCounts,
    QuotedCard,
    RepostLine,
)
from posts.errors import PostNotFound
from posts.mark_entities import UNMARKED, KnownMarks, Marks
from posts.media.addresses import files_of_post
from posts.old_likes import old_liked_among
from posts.posts_read import posts_together
from posts.previews.selectors import cards_of_links
from posts.repository import authors, counts, marks
from posts.spread import with_own_like
from posts.table_changes import LIKES_WITH_PERSON
from posts.text.parse import first_link
from posts.timelines import newest_post_ids

AUTHOR_CURSOR = "posts.author"


def post_by_id(post_id: PostId) -> Post:
    """One post with its counts.

    Raises: PostNotFound. Cost: as `posts_by_ids` of one.
    """
    found = posts_by_ids([post_id])
    if post_id not in found:
        raise PostNotFound
    return found[post_id]


def shown_id(post_id: PostId) -> PostId:
    """By the id of a repost, that of the post that it repeats; any other id as it is, whether there is a post or not.

    For taking back what was put on a post, which stays open to who can't see the post any more.

    Cost: as `posts_by_ids` of one.
    """
    found = posts_by_ids([post_id]).get(post_id)
    return post_id if found is None or found.repost_of is None else found.repost_of.post_id


def posts_by_ids(post_ids: Iterable[PostId]) -> dict[PostId, Post]:
    """The live ones of these posts with their counts; missing and deleted ones are absent.

    Who asks for the same at the same time is answered by one read, which begins after they have asked.

    Cost: 1 round trip to the cache; what is not there, in 1 batch at 0.5 RU a 4 KB + 0.5 RU for the counts, twice that if
        one of them was changed a moment ago, and 2 round trips more.
    """
    return posts_together(list(dict.fromkeys(post_ids)))


def posts_of_author(author_id: UserId, *, cursor: str | None = None, limit: int = 20) -> Page[Post]:
    """An author's posts, newest first; `visibility.visible_posts_of_author` is what a viewer gets.

    Cost: 1 Query, 0.5 RU, and `posts_by_ids`. A page may be short by posts deleted a moment ago.
    """
    before = None if cursor is None else PostId(decode(f"{AUTHOR_CURSOR}.{author_id}", cursor))
    ids = recent_post_ids(author_id, before=before, limit=limit + 1)
    page = ids[:limit]
    found = posts_by_ids(page)
    return Page(
        [found[post_id] for post_id in page if post_id in found],
        author_cursor(author_id, page[-1]) if len(ids) > limit else None,
    )


def author_cursor(author_id: UserId, last: PostId) -> str:
    """The cursor of an author's list that goes on after `last`."""
    return encode(f"{AUTHOR_CURSOR}.{author_id}", last)


def recent_post_ids(author_id: UserId, *, limit: int, before: PostId | None = None) -> list[PostId]:
    """Ids of an author's live posts, newest first, of any audience: filter what you show.

    Cost, Consistency: as `timelines.newest_post_ids` of one.
    """
    return newest_post_ids([author_id], limit=limit, before=before)[0]


def post_counts(post_id: PostId, *, shard: int | None = None) -> PostCounts:
    """A post's counts as they are now; of a hot one, what was changed in that shard, the rest as of a second ago.

    Cost: 1 request, 1 RU; 2 with a shard. Consistency: strong, so that who has just liked sees it counted.
    """
    return counts.get_counts(post_id, shard=shard)


def liked_among(viewer_id: UserId | None, post_ids: Iterable[PostId]) -> set[PostId]:
    """Those of the posts that the viewer likes.

    Cost: as `marks_among`.
    """
    return set(marks_among(viewer_id, post_ids).liked)


def marks_among(viewer_id: UserId | None, post_ids: Iterable[PostId]) -> Marks:
    """What the viewer has put on these posts, of every kind.

    Cost: as `marks.get_marks`; nothing for an anonymous viewer. Until old likes are moved 0.5 RU a post besides.
    """
    if viewer_id is None:
        return UNMARKED
    wanted = list(post_ids)
    found = marks.get_marks(viewer_id, wanted)
    if is_done(LIKES_WITH_PERSON):
        return found
    return replace(found, liked=found.liked | old_liked_among(viewer_id, wanted))


def author_post_counts(author_ids: Iterable[UserId]) -> dict[UserId, int]:
    """How many live posts each author has, as far as the stream has been counted.

    Cost: 1 batch, 0.5 RU an author.
    """
    return authors.get_post_counts(dict.fromkeys(author_ids))


def post_cards(
    viewer_id: UserId | None, posts_seen: Sequence[Post], *, known: KnownMarks | None = None
) -> list[PostCard]:
    """Posts made ready to be shown, in their order; those whose author is gone are left out.

    Of reposts and quotes only what `visible_posts` has put into `target` is shown.

    Cost: `profiles_by_ids` and `marks_among`, if it is not `known` of all these posts; with links among them `cards_of_links`; with
        comments for followers alone `open_to`.
    """
    posts_shown = [post.shown for post in posts_seen]
    authors_shown = profiles_by_ids(_people_on(posts_seen))
    ids = [post.id for post in posts_shown]
    marked = known.marks if known and known.asked.issuperset(ids) else marks_among(viewer_id, ids)
    links = {post.id: link for post in posts_shown if (link := first_link(post.shown_facets))}
    previews = cards_of_links(links)
    commentable = open_to(viewer_id, posts_shown)
    return [
        PostCard(
            post=with_own_like(post, marked.counted_apart.get(post.id)),
            author=authors_shown[post.author_id],
            liked=post.id in marked.liked,
            photos=tuple(photo_card(post.id, photo) for photo in post.photos),
            can_delete=viewer_id == post.author_id,
            preview=previews.get(links.get(post.id, "")),
            can_comment=post.id in commentable,
            saved=post.id in marked.saved,
            reposted=post.id in marked.reposted,
            muted=post.id in marked.muted,
            repost=_repost_line(seen, authors_shown),
            quoted=_quoted_card(post.target, authors_shown),
            can_repost=can_repost(viewer_id, post, authors_shown[post.author_id]),
        )
        for seen, post in zip(posts_seen, posts_shown, strict=True)
        if post.author_id in authors_shown and (seen.repost_of is None or seen.target is not None)
    ]


def _people_on(posts_seen: Sequence[Post]) -> set[UserId]:
    """The authors of all that is on the cards."""
    layers = [posts_seen, [post.shown for post in posts_seen]]
    layers.append([post.target for post in layers[-1] if post.target is not None])
    return {post.author_id for layer in layers for post in layer}


def _repost_line(post: Post, people: Mapping[UserId, ProfileCard]) -> RepostLine | None:
    if post.repost_of is None or post.author_id not in people:
        return None
    return RepostLine(post.id, people[post.author_id], post.created_at_ms)


def _quoted_card(quoted: Post | None, people: Mapping[UserId, ProfileCard]) -> QuotedCard | None:
    if quoted is None or quoted.author_id not in people:
        return None
    photo = photo_card(quoted.id, quoted.photo) if quoted.photo else None
    return QuotedCard(quoted, people[quoted.author_id], photo)


def quoted_card(post: Post) -> QuotedCard | None:
    """A visible post as it will be inside the one that quotes it; None if its author is gone.

    Cost: `profiles_by_ids`.
    """
    return _quoted_card(post, profiles_by_ids([post.author_id]))


def can_repost(viewer_id: UserId | None, post: Post, author: ProfileCard) -> bool:
    """Whether a viewer who sees the post may repost and quote it: one's own, or what is for everyone."""
    if viewer_id is None or post.archived_at_ms is not None:
        return False
    if viewer_id == post.author_id:
        return post.audience is not Audience.ONLY_ME
    return post.audience is Audience.EVERYONE and not author.is_private


def photo_card(post_id: PostId, photo: Photo) -> PhotoCard:
    """One photo made ready to be shown: signed addresses, and what is shown until it has come."""
    return PhotoCard(photo, files_of_post(post_id, photo), blur_data_uri(photo.blurhash))
