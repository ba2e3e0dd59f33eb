"""Home by pull and by push, and the post that is pushed."""

from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from benchmarks.orm_feed.models import Follow, Inbox, Mark, Post
from benchmarks.orm_feed.serializers import PostSerializer, by_hand

PAGE: Final = 20
ROWS_A_STATEMENT: Final = 1_000


def pulled(reader_id: int) -> list[Post]:
    """The newest posts of everybody whom the reader follows, and the reader's own: 2 queries."""
    followees = Follow.objects.filter(follower_id=reader_id).values_list("followee_id", flat=True)
    newest: QuerySet[Post] = Post.objects.filter(
        author_id__in=[*followees, reader_id], is_deleted=False, is_archived=False
    )
    return list(newest.select_related("author").order_by("-id")[:PAGE])


def pushed(reader_id: int) -> list[Post]:
    """The newest of the inbox, which has the reader's own too: 1 query."""
    rows = Inbox.objects.filter(reader_id=reader_id, post__is_deleted=False, post__is_archived=False)
    return [row.post for row in rows.select_related("post__author").order_by("-post_id")[:PAGE]]


def marks_of(reader_id: int, posts: list[Post]) -> set[tuple[int, str]]:
    """What the reader has put on these: 1 query."""
    rows = Mark.objects.filter(reader_id=reader_id, post_id__in=[post.pk for post in posts])
    return set(rows.values_list("post_id", "kind"))


def page(reader_id: int, way: str) -> dict[str, Any]:
    """A page of home, ready to be rendered. `way`: push, pull or push_by_hand."""
    posts = pulled(reader_id) if way == "pull" else pushed(reader_id)
    marks = marks_of(reader_id, posts)
    following = str(posts[-1].pk) if len(posts) == PAGE else None
    if way == "push_by_hand":
        return {"items": [by_hand(post, reader_id, marks) for post in posts], "next": following}
    written = PostSerializer(posts, many=True, context={"reader_id": reader_id, "marks": marks})
    return {"items": written.data, "next": following}


def post_push(post: Post) -> None:
    """Store a post and push it to every follower and to its author, in one transaction."""
    with transaction.atomic():
        post.save(force_insert=True)
        readers = Follow.objects.filter(followee_id=post.author_id).values_list("follower_id", flat=True)
        rows = [Inbox(reader_id=reader_id, post_id=post.pk) for reader_id in [*readers, post.author_id]]
        Inbox.objects.bulk_create(rows, batch_size=ROWS_A_STATEMENT)
