"""From the streams to those who are told. Each handler hands on ids; a broker that is away makes the record come again."""

from collections.abc import Iterable, Sequence
from typing import Final

from config.streams import on, on_many
from feed.notifications import happenings, tasks
from feed.notifications.entities import Happening
from feed.notifications.services import is_long_ago, is_old
from graph.events import FollowCreated, FollowDeleted, RequestCreated, RequestDeleted
from graph.tables import GRAPH
from posts.comment_events import CommentCreated, CommentDeleted, CommentLiked, CommentUnliked
from posts.entities import Audience
from posts.events import PostCreated
from posts.like_events import LikeCreated, LikeDeleted
from posts.naming_events import NamingChanged
from posts.selectors import posts_by_ids
from posts.tables import POSTS

AT_ONCE: Final = 33
"""So many are looked up in one request."""


def _note(told: Iterable[Happening]) -> None:
    for happening in told:
        if not is_long_ago(happening):
            tasks.note.delay(*tasks.arguments_of(happening))


def _note_some(told: Iterable[Happening]) -> None:
    news = [tasks.arguments_of(happening) for happening in told if not is_long_ago(happening)]
    for start in range(0, len(news), AT_ONCE):
        tasks.note_some.delay(news[start : start + AT_ONCE])


def _take_back(told: Iterable[Happening]) -> None:
    for happening in told:
        tasks.take_back.delay(*tasks.arguments_of(happening))


@on_many(GRAPH, FollowCreated)
def tell_of_follow(events: Sequence[FollowCreated]) -> None:
    """The followee; who has approved a request knows, and the one who asked is told instead."""
    _note_some(
        happenings.of_approved(event) if event.asked else happenings.of_followed(event) for event in events
    )


@on(GRAPH, FollowDeleted)
def take_back_follow(event: FollowDeleted) -> None:
    """However it began."""
    _take_back([happenings.of_followed(event), happenings.of_approved(event)])


@on(GRAPH, FollowDeleted)
def take_back_posts(event: FollowDeleted) -> None:
    """What the follower was told of the followee's posts; else it would lie there after an account is gone."""
    tasks.forget_author.delay(event.follower_id, event.followee_id)


@on(GRAPH, RequestCreated)
def tell_of_request(event: RequestCreated) -> None:
    """Who is asked."""
    _note([happenings.of_asked(event)])


@on(GRAPH, RequestDeleted)
def take_back_request(event: RequestDeleted) -> None:
    """Answered or withdrawn, there is nothing left to do."""
    _take_back([happenings.of_asked(event)])


@on_many(POSTS, LikeCreated)
def tell_of_like(events: Sequence[LikeCreated]) -> None:
    """The post's author."""
    _note_some(told for event in events for told in happenings.of_like(event))


@on(POSTS, LikeDeleted)
def take_back_like(event: LikeDeleted) -> None:
    """Unliked, or gone with its post or person."""
    _take_back(happenings.of_like(event))


@on(POSTS, CommentLiked)
def tell_of_comment_like(event: CommentLiked) -> None:
    """The comment's author."""
    _note(happenings.of_comment_like(event))


@on(POSTS, CommentUnliked)
def take_back_comment_like(event: CommentUnliked) -> None:
    """Unliked, or gone with its comment."""
    _take_back(happenings.of_comment_like(event))


@on(POSTS, CommentCreated)
def tell_of_comment(event: CommentCreated) -> None:
    """Whom it answers and mentions, and the post's author."""
    post = posts_by_ids([event.post_id]).get(event.post_id)
    if post is not None:
        _note(happenings.of_comment(event, post.author_id))


@on(POSTS, CommentDeleted)
def take_back_comment(event: CommentDeleted) -> None:
    """The same people; of a post that is gone nothing is shown."""
    post = posts_by_ids([event.post_id]).get(event.post_id)
    _take_back(happenings.of_comment(event, None if post is None else post.author_id))


@on(POSTS, NamingChanged)
def tell_of_naming(event: NamingChanged) -> None:
    """Mentions, quotes and reposts, as posts come, change, go and come back."""
    told, over = happenings.of_naming(event)
    _note(told)
    _take_back(over)


@on(POSTS, PostCreated)
def tell_listeners(event: PostCreated) -> None:
    """Those followers who switched notifications of the author on; what is brought in from elsewhere is no news."""
    if event.audience is not Audience.ONLY_ME and not is_old(event.post_id):
        tasks.tell_listeners.delay(event.post_id, event.author_id)
