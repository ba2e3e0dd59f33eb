"""Background work of the posts room. Each task calls one function and may run any number of times."""

from celery import shared_task

from config.entities import PostId, UserId
from posts import services


@shared_task(name="posts.count_post")
def count_post(event_id: str, author_id: int, delta: int) -> None:
    services.author_posts_count(event_id=event_id, author_id=UserId(author_id), delta=delta)


@shared_task(name="posts.clear_deleted")
def clear_deleted(post_id: int) -> None:
    services.post_clear_deleted(post_id=PostId(post_id))
