"""Who may see what: the one answer for pages, fragments, the API, lists and feeds, given at each read.

    audience     owner   follower   signed in   anonymous     author's account
    everyone     yes     yes        yes         yes           public
    everyone     yes     yes        no          no            private
    followers    yes     yes        no          no            either
    close ones   yes     on list    on list     no            either
    only me      yes     no         no          no            either
    any          no      no         no          no            switched off
    archived     yes     no         no          no            either
    held back    yes     no         no          no            either: waiting for a scan, held, rejected
    any          -       no         no          -             a block between the two, of either

A repost is seen by who may see both it and the post that it repeats. A quote is seen by who may see the quote; what it
quotes is shown to those alone who may see that too.

Mutes hide nothing here: they keep posts out of the home feed alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from accounts.entities import ProfileCard
from accounts.selectors import profiles_by_ids
from config.cursors import decode
from config.entities import Page, PostId, UserId
from graph.blocks import blocked_among, followed_and_blocked
from graph.close_friends import close_friend_owners_among
from posts.comment_entities import Comment, CommentRef
from posts.entities import Audience, Post, PostRef
from posts.errors import CommentNotFound, PostNotFound
from posts.selectors import AUTHOR_CURSOR, author_cursor, post_by_id, posts_by_ids, recent_post_ids
from posts.thread_selectors import comments_by_ref

SCANNED_AT_MOST = 500  # posts looked at for one page of an author's list


@dataclass(frozen=True, slots=True)
class _Trust:
    """What a caller knows of authors; see `visible_posts`."""

    followed: AbstractSet[UserId]
    believed: AbstractSet[UserId]


def can_view(viewer_id: UserId | None, post: Post) -> bool:
    """Whether the viewer (None: anonymous) may see the post.

    Cost: as `visible_posts` of one.
    """
    return bool(visible_posts(viewer_id, [post]))


def visible_posts(
    viewer_id: UserId | None,
    posts: Iterable[Post],
    *,
    followed: AbstractSet[UserId] = frozenset(),
    believed: AbstractSet[UserId] = frozenset(),
) -> list[Post]:
    """Those of the posts that the viewer may see, in their order. `followed`: authors known to be followed by now.

    `believed` are authors of whom it is kept that they are followed, and no block stands: enough for what everybody may
    see; for what is for followers they are asked about all the same.

    Reposts and quotes come with their `target`, if the viewer may see it; without theirs, reposts are left out.

    Cost: the authors' cards (cached); for a signed-in viewer 1 batch at 0.5 RU an author who is in neither:
        one key tells a follow from a block, and where there is a follow there is no block. Another batch, as dear, for
        authors of posts to close friends. With reposts among them `posts_by_ids` and the same for their targets; with
        quotes once more.
    """
    trust = _Trust(followed, believed)
    posts = _seen_alone(viewer_id, posts, trust)
    repeated = _targets(viewer_id, (post.repost_of for post in posts), trust)
    posts = [
        replace(post, target=repeated.get(post.repost_of.post_id)) if post.repost_of else post
        for post in posts
        if post.repost_of is None or post.repost_of.post_id in repeated
    ]
    quoted = _targets(viewer_id, (post.shown.quote_of for post in posts), trust)
    return [_with_quoted(post, quoted) for post in posts]


def _with_quoted(post: Post, quoted: dict[PostId, Post]) -> Post:
    if post.repost_of is not None and post.target is not None:
        return replace(post, target=_with_quoted(post.target, quoted))
    return replace(post, target=quoted.get(post.quote_of.post_id)) if post.quote_of else post


def _targets(viewer_id: UserId | None, refs: Iterable[PostRef | None], trust: _Trust) -> dict[PostId, Post]:
    """What is repeated or quoted, as far as the viewer may see it."""
    wanted = {ref.post_id for ref in refs if ref is not None}
    found = posts_by_ids(wanted).values() if wanted else ()
    return {post.id: post for post in _seen_alone(viewer_id, found, trust)} if found else {}


def _seen_alone(viewer_id: UserId | None, posts: Iterable[Post], trust: _Trust) -> list[Post]:
    """Those of the posts that the viewer may see, whatever they repeat or quote."""
    posts = list(posts)
    authors = {post.author_id for post in posts}
    profiles = profiles_by_ids(authors)
    of_few = {post.author_id for post in posts if _only_followers(post, profiles)}
    found, blocked = followed_and_blocked(viewer_id, authors - trust.followed - (trust.believed - of_few))
    to_close_friends = {post.author_id for post in posts if post.audience is Audience.CLOSE_FRIENDS}
    befriended = close_friend_owners_among(viewer_id, to_close_friends - {viewer_id}) if viewer_id else set()
    let_in = {Audience.CLOSE_FRIENDS: befriended, Audience.FOLLOWERS: trust.followed | found}
    return [
        post
        for post in posts
        if post.author_id not in blocked and _may_see(viewer_id, post, profiles, let_in)
    ]


def seen_by_few(posts: Iterable[Post]) -> int:
    """How many of these posts are not for everybody: of a list's stretch so many may be hidden from who asks.

    Cost: the authors' cards (cached).
    """
    posts = list(posts)
    profiles = profiles_by_ids({post.author_id for post in posts})
    return sum(post.audience is not Audience.EVERYONE or _only_followers(post, profiles) for post in posts)


def visible_comments(viewer_id: UserId | None, post: Post, comments: Sequence[Comment]) -> list[Comment]:
    """Those of a visible post's comments that are for the viewer, in their order.

        a block between the two     neither sees the other's comments, nor is told that a reply answers them
        hidden by the post's author its author and the post's see it
        held back by moderation     its author sees it
        gone                        whoever sees the post sees that something was there

    Cost: for a signed-in viewer 1 batch at 0.5 RU an author.
    """
    return visible_comments_under(viewer_id, {post.id: post}, comments)


def visible_comments_under(
    viewer_id: UserId | None, posts: Mapping[PostId, Post], comments: Sequence[Comment]
) -> list[Comment]:
    """The same of comments under several visible posts.

    Cost: for a signed-in viewer 1 batch at 0.5 RU an author.
    """
    people = {comment.author_id for comment in comments if not comment.gone}
    people |= {comment.parent_author_id for comment in comments if comment.parent_author_id is not None}
    blocked = blocked_among(viewer_id, people)
    return [
        replace(comment, parent_author_id=None) if comment.parent_author_id in blocked else comment
        for comment in comments
        if comment.author_id not in blocked and _may_see_comment(viewer_id, posts[comment.post_id], comment)
    ]


def _may_see_comment(viewer_id: UserId | None, post: Post, comment: Comment) -> bool:
    if comment.moderation.is_hidden and viewer_id != comment.author_id:
        return False
    return not comment.hidden or (viewer_id is not None and viewer_id in {comment.author_id, post.author_id})


def visible_thread(viewer_id: UserId | None, post: Post, ref: CommentRef) -> tuple[Comment, Comment]:
    """A comment under a visible post, and the one that its thread begins with: for who may see both.

    Cost: 1 batch, 2 RU, of a reply 4 RU, and `visible_comments`. Consistency: strong.
    Raises: CommentNotFound, the same for hidden and missing.
    """
    ref = replace(ref, post_id=post.id)  # it may have been asked for by a repost
    wanted = [ref.root, ref]
    found = comments_by_ref(wanted)
    shown = {comment.ref: comment for comment in visible_comments(viewer_id, post, list(found.values()))}
    if not all(part in shown for part in wanted):
        raise CommentNotFound
    return shown[ref], shown[ref.root]


def visible_said(viewer_id: UserId | None, post: Post, ref: CommentRef) -> tuple[Comment, Comment]:
    """As `visible_thread`, of a comment that still says something: what is gone, or whose author is, can't be acted upon.

    Cost: as `visible_thread`; the author's card is cached. Raises: CommentNotFound.
    """
    comment, root = visible_thread(viewer_id, post, ref)
    author = None if comment.gone else profiles_by_ids([comment.author_id]).get(comment.author_id)
    if author is None or not author.is_active:
        raise CommentNotFound
    return comment, root


def _only_followers(post: Post, profiles: dict[UserId, ProfileCard]) -> bool:
    author = profiles.get(post.author_id)
    private = author is not None and author.is_private
    return post.audience is Audience.FOLLOWERS or (private and post.audience is Audience.EVERYONE)


def _may_see(
    viewer_id: UserId | None,
    post: Post,
    profiles: dict[UserId, ProfileCard],
    let_in: dict[Audience, AbstractSet[UserId]],
) -> bool:
    author = profiles.get(post.author_id)
    if post.deleted or author is None or not author.is_active:
        return False
    if viewer_id == post.author_id:
        return True
    if post.moderation.is_hidden:
        return False
    if post.audience is Audience.ONLY_ME or post.archived_at_ms is not None:
        return False
    if post.audience is Audience.CLOSE_FRIENDS:
        return post.author_id in let_in[Audience.CLOSE_FRIENDS]
    return not _only_followers(post, profiles) or post.author_id in let_in[Audience.FOLLOWERS]


def visible_post(viewer_id: UserId | None, post_id: PostId) -> Post:
    """The post, if the viewer may see it; by the id of a repost, the post that it repeats, for all is said and done there.

    Raises: PostNotFound, the same for hidden and missing.
    """
    seen = visible_posts(viewer_id, [post_by_id(post_id)])
    if not seen:
        raise PostNotFound
    return seen[0].shown


def visible_posts_of_author(
    viewer_id: UserId | None,
    author_id: UserId,
    *,
    cursor: str | None = None,
    limit: int = 20,
    followed: AbstractSet[UserId] = frozenset(),
    believed: AbstractSet[UserId] = frozenset(),
) -> Page[Post]:
    """A full page of an author's posts as the viewer may see them, newest first: what is hidden is filled up.

    `followed`, `believed`: as of `visible_posts`.

    Cost: 1 Query and `posts_by_ids` a round, 1 round unless posts are hidden, at most 500 posts looked at.
    """
    before = None if cursor is None else PostId(decode(f"{AUTHOR_CURSOR}.{author_id}", cursor))
    shown: list[Post] = []
    for _round in range(0, SCANNED_AT_MOST, limit):
        ids = recent_post_ids(author_id, limit=limit + 1, before=before)
        more = len(ids) > limit
        found = posts_by_ids(ids[:limit])
        posts = [found[post_id] for post_id in ids[:limit] if post_id in found]
        shown += visible_posts(viewer_id, posts, followed=followed, believed=believed)
        if len(shown) > limit or (len(shown) == limit and more):
            shown = shown[:limit]
            return Page(shown, author_cursor(author_id, shown[-1].id))
        if not more:
            return Page(shown, None)
        before = ids[limit - 1]
    return Page(shown, author_cursor(author_id, before) if before else None)
