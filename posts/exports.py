"""The posts room's parts of an export: posts and drafts with their photos, comments written, likes given.

Others' posts are named by their id; their authors only where one may see the post now, so that an export tells no more
than the site does.
"""

from django.utils.translation import gettext_lazy as _

from accounts.export_parts import PAGE, ExportPage, Record, export_part, iso_of_ms
from config.dynamodb import is_done
from config.entities import PostId, UserId
from config.errors import Unavailable
from posts import mark_exports  # noqa: F401  # parts of its own
from posts.details import details_to_item
from posts.drafts.entities import DraftCard
from posts.drafts.selectors import draft_cards, drafts_of
from posts.entities import CommentId, Photo, Post
from posts.export_authors import authors_seen
from posts.reports import exports as reports_exports  # noqa: F401  # a part of its own
from posts.repository import marks, traces
from posts.repository.comments import get_comments
from posts.selectors import author_post_counts, posts_by_ids, recent_post_ids
from posts.table_changes import BY_PERSON, LIKES_WITH_PERSON

DRAFTS_A_PAGE = 20


def _posts_total(user_id: UserId) -> int:
    return author_post_counts([user_id])[user_id]


POST_LABELS = {
    "audience": _("Audience"),
    "likes": _("Likes"),
    "comments": _("Comments"),
    "repost_of": _("Repost of"),
    "quote_of": _("Quote of"),
}


@export_part(
    "posts",
    order=30,
    title=_("Posts"),
    about=_("What you posted, newest first, with its photos."),
    labels=POST_LABELS,
    total=_posts_total,
)
def posts(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: 1 Query, 0.5 RU a 40, and `posts_by_ids`. Raises: Unavailable while photos are being made."""
    before = PostId(int(cursor)) if cursor else None
    return _posts_page(recent_post_ids(user_id, limit=PAGE, before=before))


@export_part(
    "archived_posts",
    order=32,
    title=_("Archived posts"),
    about=_("What you put away, oldest first, with its photos."),
    labels=POST_LABELS,
)
def archived_posts(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: as `posts`. Raises: Unavailable while photos are being made."""
    ids = traces.query_archived_of(user_id, after=PostId(int(cursor)) if cursor else None, limit=PAGE)
    return _posts_page(ids)


@export_part(
    "drafts",
    order=34,
    title=_("Drafts"),
    about=_("What you have begun and not posted yet, the last begun first, with its photos."),
    labels={"audience": _("Audience"), "publish_at": _("To be published")},
)
def drafts(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: 1 Query, 1 RU a 4 KB, and `draft_cards`. Raises: Unavailable while photos are being made."""
    page = drafts_of(user_id, cursor=cursor, limit=DRAFTS_A_PAGE)
    cards = draft_cards(user_id, page.items)
    if any(medium.photo.is_waiting for card in cards for medium in card.media):
        raise Unavailable  # a worker is at it, and the page is read again
    files = [
        (f"photos/draft-{medium.id}.webp", _largest(medium.photo), "photos")
        for card in cards
        for medium in card.media
        if medium.photo.renditions
    ]
    return ExportPage([_draft_record(card) for card in cards], files, page.next_cursor)


def _draft_record(card: DraftCard) -> Record:
    draft, content = card.draft, card.draft.content
    record: Record = {
        "id": str(draft.id),
        "text": content.text,
        "saved_at": iso_of_ms(draft.saved_at_ms),
        "audience": content.audience.value,
        **details_to_item(content.details),
    }
    if content.quote_of is not None:
        record["quote_of"] = str(content.quote_of)
    if draft.due_at_ms is not None:
        record |= {"publish_at": iso_of_ms(draft.due_at_ms), "zone": draft.timing.zone}
    shown = [
        {"file": f"photos/draft-{medium.id}.webp", "alt": medium.alt, **_shape(medium.photo)}
        for medium in card.media
        if medium.photo.renditions
    ]
    return record | ({"photos": shown} if shown else {})


def _posts_page(ids: list[PostId]) -> ExportPage:
    found = posts_by_ids(ids)
    own = [found[post_id] for post_id in ids if post_id in found]
    if any(photo.is_waiting for post in own for photo in post.photos):
        raise Unavailable  # a worker is at it, and the page is read again
    files = [
        (_photo_name(post, place), _largest(photo), "photos")
        for post in own
        for place, photo in enumerate(post.photos)
        if photo.renditions
    ]
    return ExportPage([_post_record(post) for post in own], files, str(ids[-1]) if len(ids) == PAGE else None)


@export_part(
    "comments",
    order=40,
    title=_("Comments"),
    about=_("What you wrote under posts, oldest first."),
    labels={"post_id": _("Post"), "post_by": _("Post by"), "reply_to": _("Reply to")},
)
def comments(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: 1 Query, 0.5 RU a 40; 1 RU a comment of up to 4 KB; `visible_posts`. Raises: Unavailable."""
    _require_index()
    after = CommentId(int(cursor)) if cursor else None
    refs = traces.query_comments_of(user_id, after=after, limit=PAGE)
    found = get_comments(refs, consistent=False)
    written = [found[ref] for ref in refs if ref in found and not found[ref].gone]
    authors = authors_seen(user_id, [comment.post_id for comment in written])
    records: list[Record] = [
        {
            "id": str(comment.id),
            "post_id": str(comment.post_id),
            "post_by": authors.get(comment.post_id),
            "reply_to": None if comment.parent_id is None else str(comment.parent_id),
            "text": comment.text,
            "created_at": iso_of_ms(comment.created_at_ms),
        }
        for comment in written
    ]
    return ExportPage(records, cursor=str(refs[-1].id) if len(refs) == PAGE else None)


@export_part(
    "likes",
    order=42,
    title=_("Likes"),
    about=_("Posts that you like, the oldest post first."),
    labels={"post_id": _("Post"), "post_by": _("Post by")},
)
def likes(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: 1 Query, 1 RU for some 20; `visible_posts`. Raises: Unavailable until old likes are moved."""
    if not is_done(LIKES_WITH_PERSON):
        raise Unavailable
    given = marks.query_likes_of(user_id, after=PostId(int(cursor)) if cursor else None, limit=PAGE)
    authors = authors_seen(user_id, [post_id for post_id, _at in given])
    records: list[Record] = [
        {"post_id": str(post_id), "post_by": authors.get(post_id), "created_at": iso_of_ms(at_ms)}
        for post_id, at_ms in given
    ]
    return ExportPage(records, cursor=str(given[-1][0]) if len(given) == PAGE else None)


def _require_index() -> None:
    """What was written before the table change would be missing: rather no export than half of one.

    Raises: Unavailable.
    """
    if not is_done(BY_PERSON):
        raise Unavailable


def _post_record(post: Post) -> Record:
    record: Record = {
        "id": str(post.id),
        "text": post.text,
        "created_at": iso_of_ms(post.created_at_ms),
        "audience": post.audience.value,
        "likes": post.like_count,
        "comments": post.comment_count,
        **details_to_item(post.details),
    }
    if post.repost_of is not None:
        record["repost_of"] = str(post.repost_of.post_id)
    if post.quote_of is not None:
        record["quote_of"] = str(post.quote_of.post_id)
    shown = [_photo_record(post, place) for place, photo in enumerate(post.photos) if photo.renditions]
    if shown:
        record["photo"] = shown[0]
        record["photos"] = shown
    return record


def _photo_record(post: Post, place: int) -> Record:
    photo = post.photos[place]
    return {
        "file": _photo_name(post, place),
        "alt": photo.alt,
        **_shape(photo),
    }


def _shape(photo: Photo) -> dict[str, int]:
    return {"width": photo.width, "height": photo.height}


def _photo_name(post: Post, place: int) -> str:
    return f"photos/{post.id}-{place + 1}.webp" if place else f"photos/{post.id}.webp"


def _largest(photo: Photo) -> str:
    return photo.renditions[max(photo.renditions)]
