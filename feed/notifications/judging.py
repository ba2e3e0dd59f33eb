"""What a reader may see of lines: asked at each read, for blocks, mutes, audiences and moderation change.

    people      not gone or switched off, no block between the two, not muted
    posts       as `posts.visibility` says: of the line, and of quotes and reposts themselves
    comments    the same, and still there

Of a line the newest five are asked about, the next five only where none of them may be seen. Of a longer one it is
counted and not asked how many more there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from accounts.entities import ProfileCard
from accounts.selectors import profiles_by_ids
from config.entities import PostId, UserId
from feed.notifications.entities import Kind, Notice
from feed.notifications.groups import LATEST, Group, Row
from graph.mutes import hidden_among
from posts.comment_entities import Comment, CommentRef
from posts.entities import CommentId, Post
from posts.selectors import posts_by_ids
from posts.thread_selectors import comments_by_ref
from posts.visibility import visible_comments_under, visible_posts

LOOKED_AT: Final = 5
NAMED: Final = 3
SAID: Final = frozenset({Kind.COMMENT, Kind.REPLY, Kind.MENTION})
"""Whose rows may be comments."""
POSTED: Final = frozenset({Kind.REPOST, Kind.QUOTE, Kind.POST})
"""Whose rows are posts."""

OFTEN: Final = SAID | {Kind.QUOTE, Kind.POST}
"""What one person may do several times."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Of everything that some lines are about, what their reader may see."""

    people: dict[UserId, ProfileCard]
    posts: dict[PostId, Post]
    comments: dict[CommentRef, Comment]


def judged(reader_id: UserId, groups: Sequence[Group], *, read_id: int) -> list[Notice | None]:
    """Each line as its reader may see it, None where there is nothing.

    Cost: for the people on these lines 1 read unit each, their cards cached; posts as `visible_posts`; 2 RU a comment. In
        4 round trips, twice where a line shows nobody at first.
    """
    notices: list[Notice | None] = [None] * len(groups)
    for first in range(0, LATEST, LOOKED_AT):
        open_ = [n for n, notice in enumerate(notices) if notice is None and groups[n].latest[first:]]
        if not open_:
            break
        rows = {n: groups[n].latest[first : first + LOOKED_AT] for n in open_}
        seen = _seen(reader_id, [(groups[n], rows[n]) for n in open_])
        for n in open_:
            notices[n] = _notice(groups[n], rows[n], seen, skipped=first, read_id=read_id)
    return notices


def _seen(reader_id: UserId, asked: Sequence[tuple[Group, tuple[Row, ...]]]) -> Seen:
    posts = _visible_posts(reader_id, asked)
    comments = _visible_comments(reader_id, asked, posts)
    actors = {row.actor_id for _group, rows in asked for row in rows}
    cards = {user_id: card for user_id, card in profiles_by_ids(actors).items() if card.is_active}
    hidden = hidden_among(reader_id, cards)
    return Seen({user_id: card for user_id, card in cards.items() if user_id not in hidden}, posts, comments)


def _visible_posts(reader_id: UserId, asked: Sequence[tuple[Group, tuple[Row, ...]]]) -> dict[PostId, Post]:
    wanted = {group.post_id for group, _rows in asked if group.post_id is not None}
    wanted |= {PostId(row.source) for group, rows in asked if group.line.kind in POSTED for row in rows}
    found = posts_by_ids(wanted)
    return {post.id: post for post in visible_posts(reader_id, found.values())}


def _visible_comments(
    reader_id: UserId, asked: Sequence[tuple[Group, tuple[Row, ...]]], posts: dict[PostId, Post]
) -> dict[CommentRef, Comment]:
    wanted = {
        ref
        for group, rows in asked
        for row in rows
        if (ref := comment_of(group, row)) and ref.post_id in posts
    }
    found = [comment for comment in comments_by_ref(wanted).values() if not comment.gone]
    return {comment.ref: comment for comment in visible_comments_under(reader_id, posts, found)}


def comment_of(group: Group, row: Row) -> CommentRef | None:
    """The comment that a row is about: what was said in it, or what is liked."""
    kind, post_id = group.line.kind, group.post_id
    if post_id is None or (kind is Kind.MENTION and row.source == post_id):
        return None
    if kind in SAID:
        return _ref(post_id, row.source, row.root_id)
    return _ref(post_id, group.line.subject, row.root_id) if kind is Kind.COMMENT_LIKE else None


def _ref(post_id: PostId, comment_id: int, root_id: int | None) -> CommentRef:
    return CommentRef(post_id, CommentId(comment_id), None if root_id is None else CommentId(root_id))


def _is_seen(group: Group, row: Row, seen: Seen) -> bool:
    if row.actor_id not in seen.people or (group.post_id is not None and group.post_id not in seen.posts):
        return False
    if group.line.kind in POSTED and row.source not in seen.posts:
        return False
    ref = comment_of(group, row)
    return ref is None or ref in seen.comments


def _notice(group: Group, rows: Sequence[Row], seen: Seen, *, skipped: int, read_id: int) -> Notice | None:
    shown = [row for row in rows if _is_seen(group, row, seen)]
    if not shown:
        return None
    people = list(dict.fromkeys(row.actor_id for row in shown))
    post = seen.posts.get(group.post_id) if group.post_id is not None else None
    ref = comment_of(group, shown[0])
    return Notice(
        line=group.line,
        noted_id=group.newest_id,
        people=tuple(seen.people[user_id] for user_id in people[:NAMED]),
        others=len(people[NAMED:]) + _beyond(group, skipped + len(rows), people),
        is_more=group.is_full,
        is_unread=shown[0].noted_id > read_id,
        post=post,
        comment=seen.comments.get(ref) if ref else None,
        last=seen.posts.get(PostId(shown[0].source)) if group.line.kind in POSTED else None,
    )


def _beyond(group: Group, looked_at: int, people: Sequence[UserId]) -> int:
    """How many are in a line of whom was not asked. Who may do it often is counted once, as far as is known here."""
    if group.line.kind in OFTEN:
        return len({row.actor_id for row in group.latest[looked_at:]}.difference(people))
    return max(0, group.count - looked_at)


def unread(notices: Iterable[Notice | None]) -> int:
    """How many there are to be read."""
    return sum(1 for notice in notices if notice is not None and notice.is_unread)
