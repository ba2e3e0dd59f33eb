"""Posts by hashtag: entered under their tags by a worker, shown to whoever may see them.

The entries know nothing of audiences, blocks or deletions: every page asks `posts.visibility`, so an entry that is too
many shows nothing, and a privacy switch needs no rewrite. Where the entries of a tag lie `posts.tag_heat` knows, how they
are ranked `posts.ranking`; a page of the most liked is one of `posts.top`.
"""

from collections.abc import Iterable, Sequence

from config.cursors import decode, encode
from config.entities import Page, PostId, UserId
from posts import tag_heat
from posts.entities import Post
from posts.filling import filled
from posts.marks_beside import MarksBeside
from posts.ranking import entries_tell
from posts.repository import posts, ranks
from posts.repository import tags as repository
from posts.repository.ranks import NOWHERE
from posts.text.parse import tags_of
from posts.text.tags import normalised

CURSOR = "posts.tag"


def tags_enter(*, post_id: PostId) -> None:
    """Enter a new post, or one that is back, under its tags.

        worker      reads it: live ... enters ................. reads it again: deleted, takes its entries out
        author                            deletes
        clear-up                                takes out

    Idempotent: by the post. Cost: 2 RU a 4 KB + 1 RU, 1 WU a tag; of a post that is liked 3 WU a tag besides.
    """
    tags_change(post_id=post_id, before=())


def tags_change(*, post_id: PostId, before: Sequence[str]) -> None:
    """Enter an edited post under the tags that it has now, and take it out from under those that it had `before`.

    Edits may be heard in any order: it is the post that counts, and it is read again until it has not moved.
    Idempotent: by the post. Cost: as `tags_enter`, and 1 WU a tag that it had.
    """
    post = posts.get_post(post_id)
    gone = set(before)
    while post is not None and post.is_listed:
        tags = tags_of(post.shown_facets)
        _take_out(post_id, gone - set(tags))
        _enter(post, tags)
        again, standing = ranks.get_standing(post_id)
        if again is not None and again.is_listed and again.version == post.version:
            if standing != NOWHERE:
                entries_tell(post, standing)
            return
        gone |= set(tags)
        post = again
    _take_out(post_id, gone)


def tags_leave(post: Post) -> None:
    """Take a deleted post out from under its tags.

    Idempotent: by the post. Cost: `tag_heat.places`, 1 WU a tag; 2 WU where it is spread.
    """
    _take_out(post.id, tags_of(post.shown_facets))


def _enter(post: Post, tags: Sequence[str]) -> None:
    repository.put_entries(post, [(tag, tag_heat.shard_to_write(tag, post.id)) for tag in tags])
    for tag in tags:
        tag_heat.entered(tag)


def _take_out(post_id: PostId, tags: Iterable[str]) -> None:
    """Out of wherever the entries may be."""
    if places := tag_heat.places(sorted(tags), post_id):
        repository.delete_entries(post_id, places)


def visible_posts_of_tag(
    viewer_id: UserId | None,
    tag: str,
    *,
    cursor: str | None = None,
    limit: int = 20,
    marks: MarksBeside | None = None,
) -> Page[Post]:
    """A full page of posts with the tag as the viewer may see them, newest first: what is hidden is filled up.

    Cost: as `filled`, with 1 round, 0.5 RU a 40 ids and list of the tag.
    """
    tag = normalised(tag)
    kind = f"{CURSOR}.{tag}"
    before = None if cursor is None else int(decode(kind, cursor))
    if not tag:
        return Page([], None)
    lists = tag_heat.shards_to_read(tag)

    def read(after: int | None, most: int) -> list[int]:
        position = None if after is None else PostId(after)
        return list[int](repository.query_tag(tag, before=position, limit=most, lists=lists))

    shown, last = filled(viewer_id, read, after=before, limit=limit, marks=marks)
    return Page(shown, None if last is None else encode(kind, last))
