"""From what happened to who is told what: pure. Nobody is told of what they did themselves, and of one thing only once."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from config.entities import PostId, UserId
from feed.notifications.entities import Happening, Kind
from graph.events import OutgoingEvent
from posts.comment_events import CommentCreated, CommentDeleted, CommentLikeEvent
from posts.entities import Post
from posts.like_events import LikeCreated, LikeDeleted
from posts.naming_events import Naming, NamingChanged


def of_followed(event: OutgoingEvent) -> Happening:
    """Somebody follows the reader."""
    return _of_edge(event, Kind.FOLLOW, reader_id=event.followee_id, actor_id=event.follower_id)


def of_asked(event: OutgoingEvent) -> Happening:
    """Somebody asks to follow the reader."""
    return _of_edge(event, Kind.REQUEST, reader_id=event.followee_id, actor_id=event.follower_id)


def of_approved(event: OutgoingEvent) -> Happening:
    """Somebody whom the reader asked to follow has approved it."""
    return _of_edge(event, Kind.APPROVED, reader_id=event.follower_id, actor_id=event.followee_id)


def _of_edge(event: OutgoingEvent, kind: Kind, *, reader_id: UserId, actor_id: UserId) -> Happening:
    return Happening(reader_id, kind, 0, actor_id, actor_id, stamp=event.edge_id, made_id=event.edge_id)


def of_like(event: LikeCreated | LikeDeleted) -> list[Happening]:
    """Somebody likes a post of the reader."""
    told = Happening(
        event.author_id,
        Kind.LIKE,
        event.post_id,
        event.user_id,
        event.user_id,
        stamp=event.like_id,
        made_id=event.like_id,
        post_id=event.post_id,
    )
    return told_to_others([told])


def of_comment_like(event: CommentLikeEvent) -> list[Happening]:
    """Somebody likes a comment of the reader."""
    told = Happening(
        event.author_id,
        Kind.COMMENT_LIKE,
        event.comment_id,
        event.user_id,
        event.user_id,
        stamp=event.like_id,
        made_id=event.like_id,
        post_id=event.post_id,
        root_id=event.root_id,
    )
    return told_to_others([told])


def of_comment(event: CommentCreated | CommentDeleted, post_author_id: UserId | None) -> list[Happening]:
    """Whom a comment answers, whom it mentions, and whose post it is under; each in the first way that fits."""
    said = Happening(
        UserId(0),
        Kind.COMMENT,
        event.post_id,
        event.comment_id,
        event.author_id,
        stamp=event.comment_id,
        made_id=event.comment_id,
        post_id=event.post_id,
        root_id=event.root_id,
    )
    told = []
    if event.parent_author_id is not None and event.parent_id is not None:
        told.append(replace(said, reader_id=event.parent_author_id, kind=Kind.REPLY, subject=event.parent_id))
    told += [
        replace(said, reader_id=user_id, kind=Kind.MENTION, subject=event.comment_id)
        for user_id in event.mentioned
    ]
    if post_author_id is not None:
        told.append(replace(said, reader_id=post_author_id))
    return told_to_others(told)


def of_post(post: Post, reader_id: UserId) -> Happening:
    """Somebody posted of whose posts the reader wants to hear."""
    return Happening(
        reader_id,
        Kind.POST,
        post.author_id,
        post.id,
        post.author_id,
        stamp=post.created_at_ms,
        made_id=post.id,
    )


def of_naming(event: NamingChanged) -> tuple[list[Happening], list[Happening]]:
    """What a post tells from now on, and what it tells no longer."""
    before, after = list(_named(event, event.before)), list(_named(event, event.after))
    return (
        told_to_others(each for each in after if each not in before),
        told_to_others(each for each in before if each not in after),
    )


def _named(event: NamingChanged, naming: Naming) -> Iterator[Happening]:
    said = Happening(
        UserId(0),
        Kind.MENTION,
        event.post_id,
        event.post_id,
        event.author_id,
        stamp=event.at_ms,
        made_id=event.post_id,
        post_id=event.post_id,
    )
    seen = set[UserId]()
    for kind, ref in ((Kind.REPOST, naming.repost_of), (Kind.QUOTE, naming.quote_of)):
        if ref is not None:
            seen.add(ref.author_id)
            yield replace(
                said, reader_id=ref.author_id, kind=kind, subject=ref.post_id, post_id=PostId(ref.post_id)
            )
    for user_id in sorted(naming.mentioned - seen):
        yield replace(said, reader_id=user_id)


def told_to_others(happenings: Iterable[Happening]) -> list[Happening]:
    """Without what somebody would be told of themselves, and without a second one for the same reader."""
    first: dict[UserId, Happening] = {}
    for happening in happenings:
        if happening.reader_id != happening.actor_id:
            first.setdefault(happening.reader_id, happening)
    return list(first.values())
