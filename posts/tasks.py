"""Background work of the posts room. Each task calls one function and may run any number of times."""

from typing import Any, Final

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from config.entities import PostId, UserId
from config.errors import Unavailable
from posts import comment_ranking, counters, photo_edits, promotion, ranking, removal, services, tags, threads
from posts.author_counts import author_posts_count
from posts.comment_entities import CommentRef
from posts.drafts import publishing
from posts.drafts.entities import DraftId
from posts.entities import CommentId, MediumId
from posts.media import services as media
from posts.media.sweeping import media_sweep
from posts.previews import services as previews
from posts.saves import services as saves
from posts.saves.entities import CollectionId


@shared_task(name="posts.count_post")
def count_post(event_id: str, author_id: int, delta: int) -> None:
    author_posts_count(event_id=event_id, author_id=UserId(author_id), delta=delta)


@shared_task(name="posts.fold_counts")
def fold_counts(post_id: int) -> None:
    counters.counts_fold(post_id=PostId(post_id))


def fold_counts_soon(post_id: PostId) -> None:
    """In a second: what comes meanwhile is folded along."""
    fold_counts.apply_async((post_id,), countdown=counters.FOLD_EVERY_SECONDS)


@shared_task(name="posts.fold_spread")
def spread_post(post_id: int) -> None:
    promotion.post_spread(post_id=PostId(post_id))


@shared_task(name="posts.clear_deleted")
def clear_deleted(post_id: int) -> None:
    services.post_clear_deleted(post_id=PostId(post_id))


@shared_task(name="posts.enter_tags")
def enter_tags(post_id: int) -> None:
    tags.tags_enter(post_id=PostId(post_id))


@shared_task(name="posts.change_tags")
def change_tags(post_id: int, before: list[str]) -> None:
    tags.tags_change(post_id=PostId(post_id), before=before)


@shared_task(name="posts.rank_post")
def rank_post(post_id: int) -> None:
    ranking.rank_settle(post_id=PostId(post_id))


def rank_post_soon(post_id: int) -> None:
    """Likes come in bursts: what comes within a moment is one look."""
    rank_post.apply_async((post_id,), countdown=ranking.SETTLE_EVERY_SECONDS)


@shared_task(name="posts.rank_comment")
def rank_comment(post_id: int, comment_id: int) -> None:
    comment_ranking.comment_rank_settle(ref=CommentRef(PostId(post_id), CommentId(comment_id)))


def rank_comment_soon(ref: CommentRef) -> None:
    """As `rank_post_soon`."""
    rank_comment.apply_async((ref.post_id, ref.id), countdown=ranking.SETTLE_EVERY_SECONDS)


@shared_task(name="posts.clear_comment_likes")
def clear_comment_likes(comment_id: int) -> None:
    threads.comment_likes_clear(comment_id=CommentId(comment_id))


@shared_task(name="posts.fetch_preview")
def fetch_preview(post_id: int) -> None:
    previews.preview_fetch(post_id=PostId(post_id))


@shared_task(name="posts.fetch_link")
def fetch_link(url: str) -> None:
    previews.link_fetch(url=url)


@shared_task(name="posts.clear_preview")
def clear_preview(name: str) -> None:
    previews.preview_clear(picture_name=name)


PUBLISH_EXPIRES_SECONDS: Final = 60

# What an engine or a busy machine refused is tried again for an hour; a post is waiting for it.
_AGAIN: Final[dict[str, Any]] = {
    "autoretry_for": (Unavailable, OSError, SoftTimeLimitExceeded),
    "retry_backoff": 2,
    "retry_backoff_max": 300,
    "max_retries": 18,
}


@shared_task(name="posts.render_medium", **_AGAIN)
def render_medium(medium_id: int) -> None:
    media.medium_render(medium_id=MediumId(medium_id))


@shared_task(name="posts.remove_medium_files", **_AGAIN)
def remove_medium_files(folder: str) -> None:
    media.medium_files_remove(folder=folder)


@shared_task(name="posts.clear_collection")
def clear_collection(user_id: int, collection_id: int) -> None:
    saves.collection_clear(user_id=UserId(user_id), collection_id=CollectionId(collection_id))


@shared_task(name="posts.sweep_deleted")
def sweep_deleted() -> None:
    removal.deleted_sweep()


@shared_task(name="posts.sweep_media")
def sweep_media() -> None:
    media_sweep()


@shared_task(name="posts.publish_due")
def publish_due() -> None:
    for author_id, draft_id, due_at_ms in publishing.due_drafts():
        # What waits longer is due still, and sent again.
        publish_draft.apply_async((author_id, draft_id, due_at_ms), expires=PUBLISH_EXPIRES_SECONDS)


@shared_task(name="posts.publish_draft")
def publish_draft(author_id: int, draft_id: int, due_at_ms: int) -> None:
    publishing.due_publish(author_id=UserId(author_id), draft_id=DraftId(draft_id), due_at_ms=due_at_ms)


@shared_task(name="posts.clear_version_photos", **_AGAIN)
def clear_version_photos(post_id: int, medium_ids: list[int], folders: list[str]) -> None:
    photo_edits.version_photos_clear(post_id=PostId(post_id), medium_ids=medium_ids, folders=folders)
