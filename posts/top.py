"""What is liked most: of an author, with a hashtag.

A list is in the order of rungs (`posts.ranks`), a page of it in that of the counts themselves. Its cursor is a rank, which may
move between two pages, and the name of the list as it was on the first one (`posts.ranked_snapshots`).
"""

from functools import partial
from typing import Final

from config.cursors import decode, encode
from config.dynamodb import is_done
from config.entities import Page, PostId, UserId
from config.errors import Unavailable
from posts import tag_heat
from posts.entities import Post
from posts.filling import Read, filled
from posts.marks_beside import MarksBeside
from posts.ranked_snapshots import Snapshot
from posts.ranks import id_of, rank_on, rung_of
from posts.repository import keys
from posts.repository.ranks import query_top
from posts.table_changes import BY_RANK
from posts.text.tags import normalised

AUTHOR_CURSOR: Final = "posts.top.author.2"
TAG_CURSOR: Final = "posts.top.tag.2"  # the second form: with the name of the list


def visible_top_posts_of_author(
    viewer_id: UserId | None, author_id: UserId, *, cursor: str | None = None, limit: int = 20
) -> Page[Post]:
    """A full page of an author's liked posts as the viewer may see them, the most liked first.

    Cost: as `filled`, with 1 Query, 0.5 RU a 40 up to 120, on the first page, and mostly none on the next five; 1 round trip to
        Redis with more than a page. Consistency: a rank follows its likes within some seconds; later pages are of the list as it was.
    Raises: Unavailable until the table has its index.
    """
    read = partial(_ranks_below, keys.top_of_author(author_id))
    return _page(viewer_id, read, f"{AUTHOR_CURSOR}.{author_id}", cursor, limit)


def visible_top_posts_of_tag(
    viewer_id: UserId | None,
    tag: str,
    *,
    cursor: str | None = None,
    limit: int = 20,
    marks: MarksBeside | None = None,
) -> Page[Post]:
    """A full page of liked posts with the tag as the viewer may see them, the most liked first.

    Cost, Consistency, Raises: as `visible_top_posts_of_author`; twice the read units where the tag is spread.
    """
    tag = normalised(tag)
    if not tag:
        return Page([], None)
    # An edit may have entered a post in two places, which stand side by side.
    copies = 2 if tag_heat.shards_to_read(tag) > 1 else 1
    read = partial(_ranks_below, keys.top_of_tag(tag), copies=copies)
    return _page(viewer_id, read, f"{TAG_CURSOR}.{tag}", cursor, limit, marks=marks)


def _ranks_below(partition: str, below: int | None, limit: int, *, copies: int = 1) -> list[int]:
    """Ranks, each post's once."""
    rows = query_top(partition, below=below, limit=limit * copies)
    return list({id_of(rank): rank for rank in reversed(rows)}.values())[::-1][:limit]


def _page(
    viewer_id: UserId | None,
    read: Read,
    kind: str,
    cursor: str | None,
    limit: int,
    *,
    marks: MarksBeside | None = None,
) -> Page[Post]:
    if not is_done(BY_RANK):
        raise Unavailable
    after, name, pinned = _position(read, kind, cursor)
    shown, last = filled(
        viewer_id,
        pinned.below,
        after=after,
        limit=limit,
        post_of=lambda rank: PostId(id_of(rank)),
        marks=marks,
    )
    shown.sort(key=lambda post: (post.like_count, post.id), reverse=True)
    if last is None:
        return Page(shown, None)
    return Page(shown, encode(kind, [rung_of(last), id_of(last), name or pinned.keep()]))


def _position(read: Read, kind: str, cursor: str | None) -> tuple[int | None, str, Snapshot]:
    """The rank to go on below, and the list that it is of: its name, if it has one yet."""
    if cursor is None:
        return None, "", Snapshot.taken(read)
    rung, an_id, name = decode(kind, cursor)  # a rank is too large for a number in JSON
    return rank_on(rung, an_id), name, Snapshot.kept(read, name)
