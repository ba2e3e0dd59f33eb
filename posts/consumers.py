"""What the posts room does when it hears of its own changes."""

from config.streams import on
from posts import cache, comment_ranking, counters, promotion, ranking, tasks
from posts.comment_events import CommentDeleted, CommentLikesCounted
from posts.count_events import CountsChanged
from posts.events import (
    MediumRemoved,
    MediumWaiting,
    PostArchived,
    PostCreated,
    PostDeleted,
    PostEdited,
    PostLinked,
    PostReturned,
    PostTagged,
    PreviewAsked,
    PreviewExpired,
    VersionRemoved,
)
from posts.moderation import tasks as moderation_tasks
from posts.moderation.events import CommentToScan, PostJudged, PostToScan
from posts.rank_events import LikesCounted, PlaceChanged
from posts.saves.events import CollectionDeleted
from posts.tables import POSTS


@on(POSTS, CountsChanged)
def measure_change(event: CountsChanged) -> None:
    """A quiet post may become hot by it."""
    if not event.is_spread:
        promotion.change_measured(post_id=event.post_id, at_ms=event.at_ms, spread=tasks.spread_post.delay)


@on(POSTS, CountsChanged, net=True)
def keep_counts(event: CountsChanged) -> None:
    """The writer has the cache forget them at once, unless it ends before."""
    if not event.is_spread:
        cache.put_later_counts(event.post_id, event.counts)


@on(POSTS, CountsChanged, net=True)
def fold_after_change(event: CountsChanged) -> None:
    """A hot post's sum is brought up to date. Once for all changes of a shard that were read at once: `changes` only grows."""
    if event.in_shard:
        counters.fold_soon(post_id=event.post_id, fold=tasks.fold_counts_soon)


@on(POSTS, PostCreated)
def count_created(event: PostCreated) -> None:
    tasks.count_post.delay(event.event_id, event.author_id, 1)


@on(POSTS, PostDeleted)
def count_deleted(event: PostDeleted) -> None:
    tasks.count_post.delay(event.event_id, event.author_id, -1)


@on(POSTS, PostArchived)
def count_archived(event: PostArchived) -> None:
    tasks.count_post.delay(event.event_id, event.author_id, -1)


@on(POSTS, PostReturned)
def count_returned(event: PostReturned) -> None:
    tasks.count_post.delay(event.event_id, event.author_id, 1)


@on(POSTS, PostReturned)
def enter_tags_of_returned(event: PostReturned) -> None:
    tasks.enter_tags.delay(event.post_id)


@on(POSTS, PostReturned)
def forget_returned(event: PostReturned) -> None:
    """Once more, for a cache that was away when the post came back."""
    cache.mark_changed(event.post_id)


@on(POSTS, PostArchived)
def clear_archived(event: PostArchived) -> None:
    tasks.clear_deleted.delay(event.post_id)


@on(POSTS, PostDeleted)
def clear_deleted(event: PostDeleted) -> None:
    tasks.clear_deleted.delay(event.post_id)


@on(POSTS, PostTagged)
def enter_tags(event: PostTagged) -> None:
    tasks.enter_tags.delay(event.post_id)


@on(POSTS, PostToScan)
def scan_post(event: PostToScan) -> None:
    moderation_tasks.scan_post.delay(event.post_id)


@on(POSTS, CommentToScan)
def scan_comment(event: CommentToScan) -> None:
    moderation_tasks.scan_comment.delay(event.partition, event.sort_key)


@on(POSTS, PostJudged)
def forget_judged(event: PostJudged) -> None:
    """Once more, for a cache that was away when it was judged."""
    cache.mark_changed(event.post_id)


@on(POSTS, PostEdited)
def change_tags(event: PostEdited) -> None:
    if event.text != event.text_before:
        tasks.change_tags.delay(event.post_id, list(event.tags_before))


@on(POSTS, PostEdited)
def fetch_preview_of_edited(event: PostEdited) -> None:
    if event.text != event.text_before:
        tasks.fetch_preview.delay(event.post_id)


@on(POSTS, PostEdited)
def forget_edited(event: PostEdited) -> None:
    """Once more, for a cache that was away when the post was changed."""
    cache.hear_changed(event.post)


@on(POSTS, LikesCounted)
def rank_liked(event: LikesCounted) -> None:
    ranking.rank_soon(post_id=event.post_id, settle=tasks.rank_post_soon)


@on(POSTS, PlaceChanged)
def rank_moved(event: PlaceChanged) -> None:
    """What is deleted or archived leaves the ranking, and is in it again when it is back."""
    ranking.rank_soon(post_id=event.post_id, settle=tasks.rank_post_soon)


@on(POSTS, CommentLikesCounted)
def rank_liked_comment(event: CommentLikesCounted) -> None:
    comment_ranking.comment_rank_soon(ref=event.ref, settle=tasks.rank_comment_soon)


@on(POSTS, CommentDeleted)
def clear_comment_likes(event: CommentDeleted) -> None:
    if event.had_likes:
        tasks.clear_comment_likes.delay(event.comment_id)


@on(POSTS, PostLinked)
def fetch_preview(event: PostLinked) -> None:
    tasks.fetch_preview.delay(event.post_id)


@on(POSTS, PreviewAsked)
def fetch_preview_again(event: PreviewAsked) -> None:
    tasks.fetch_link.delay(event.url)


@on(POSTS, PreviewExpired)
def clear_preview(event: PreviewExpired) -> None:
    tasks.clear_preview.delay(event.picture)


@on(POSTS, MediumWaiting)
def render_medium(event: MediumWaiting) -> None:
    tasks.render_medium.delay(event.medium_id)


@on(POSTS, MediumRemoved)
def remove_medium_files(event: MediumRemoved) -> None:
    tasks.remove_medium_files.delay(event.folder)


@on(POSTS, CollectionDeleted)
def clear_collection(event: CollectionDeleted) -> None:
    tasks.clear_collection.delay(event.user_id, event.collection_id)


@on(POSTS, VersionRemoved)
def clear_version_photos(event: VersionRemoved) -> None:
    tasks.clear_version_photos.delay(event.post_id, list(event.medium_ids), list(event.folders))
