"""Posts by hashtag: entered under their tags by a worker, shown to whoever may see them.

The entries know nothing of audiences, blocks or deletions: every page asks `posts.visibility`, so an entry that is too
many shows nothing, and a privacy switch needs no rewrite.
TODO(issue 4): spread the entries of a tag in use by many over shards by its rate, as accounts are; top posts of a tag.
"""

from collections.abc import Sequence

from config.cursors import decode, encode
from config.entities import Page, PostId, UserId
from posts.entities import Post
from posts.repository import posts
from posts.repository import tags as repository
from posts.selectors import posts_by_ids
from posts.text.parse import tags_of
from posts.text.tags import normalised
from posts.visibility import visible_posts

CURSOR = "posts.tag"
SCANNED_AT_MOST = 500  # posts looked at for one page


def tags_enter(*, post_id: PostId) -> None:
    """Enter a new post under its tags.

        worker      reads it: live ... enters ................. reads it again: deleted, takes its entries out
        author                            deletes
        clear-up                                takes out

    Idempotent: by the post. Cost: 2 RU a 4 KB, 1 WU a tag.
    """
    post = posts.get_post(post_id)
    if post is None or not post.is_listed:
        return
    repository.put_entries(post, tags_of(post.shown_facets))
    again = posts.get_post(post_id)
    if again is None or not again.is_listed:
        tags_leave(post)


def tags_change(*, post_id: PostId, before: Sequence[str]) -> None:
    """Enter an edited post under the tags that it has now, and take it out from under those that it had `before`.

    Edits may be heard in any order: it is the post that counts, and it is read again until it has not moved.
    Idempotent: by the post. Cost: 2 RU a 4 KB, 1 WU a tag.
    """
    post = posts.get_post(post_id)
    gone = set(before)
    while post is not None and post.is_listed:
        tags = tags_of(post.shown_facets)
        repository.delete_entries(post_id, sorted(gone - set(tags)))
        repository.put_entries(post, tags)
        again = posts.get_post(post_id)
        if again is not None and again.is_listed and again.version == post.version:
            return
        gone |= set(tags)
        post = again
    repository.delete_entries(post_id, sorted(gone))


def tags_leave(post: Post) -> None:
    """Take a deleted post out from under its tags.

    Idempotent: by the post. Cost: 1 WU a tag.
    """
    if tags := tags_of(post.shown_facets):
        repository.delete_entries(post.id, tags)


def visible_posts_of_tag(
    viewer_id: UserId | None, tag: str, *, cursor: str | None = None, limit: int = 20
) -> Page[Post]:
    """A full page of posts with the tag as the viewer may see them, newest first: what is hidden is filled up.

    Cost: 1 Query, `posts_by_ids` and `visible_posts` a round, 1 round unless posts are hidden, at most 500 looked at.
    """
    tag = normalised(tag)
    kind = f"{CURSOR}.{tag}"
    before = None if cursor is None else PostId(decode(kind, cursor))
    shown: list[Post] = []
    if not tag:
        return Page(shown, None)
    for _round in range(0, SCANNED_AT_MOST, limit):
        ids = repository.query_tag(tag, before=before, limit=limit + 1)
        more = len(ids) > limit
        found = posts_by_ids(ids[:limit])
        shown += visible_posts(viewer_id, [found[post_id] for post_id in ids[:limit] if post_id in found])
        if len(shown) > limit or (len(shown) == limit and more):
            return Page(shown[:limit], encode(kind, shown[limit - 1].id))
        if not more:
            return Page(shown, None)
        before = ids[limit - 1]
    return Page(shown, encode(kind, before) if before else None)
