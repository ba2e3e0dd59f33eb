"""The parts of an export that tell what a person has put on posts and comments: saves, shares, likes of comments, silence."""

from django.utils.translation import gettext_lazy as _

from accounts.export_parts import PAGE, ExportPage, Record, export_part, iso_of_ms
from config.entities import PostId, UserId
from config.ids import id_time_ms
from posts.entities import CommentId
from posts.export_authors import authors_seen
from posts.mark_entities import MarkKind
from posts.repository import keys, shares
from posts.repository.comment_likes import query_comment_likes_of
from posts.repository.mutes import query_mutes_of
from posts.saves import repository as saves


@export_part(
    "saved",
    order=44,
    title=_("Saved posts"),
    about=_("Posts that you keep, the oldest post first, and in which of your collections they are."),
    labels={"post_id": _("Post"), "post_by": _("Post by"), "collections": _("Collections")},
)
def saved(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: 1 Query, 1 RU for some 20 marks; 1 RU for some 25 collections; `visible_posts`."""
    after = str(keys.mark(user_id, PostId(int(cursor)), MarkKind.SAVED)["sk"]) if cursor else None
    kept = saves.query_marks_of(user_id, after=after, limit=PAGE)
    names = {it.id: it.name for it in saves.query_collections(user_id)}
    authors = authors_seen(user_id, [save.post_id for save in kept])
    records: list[Record] = [
        {
            "post_id": str(save.post_id),
            "post_by": authors.get(save.post_id),
            "collections": [names[it] for it in save.collections if it in names],
            "created_at": iso_of_ms(id_time_ms(save.id)),
        }
        for save in kept
    ]
    return ExportPage(records, cursor=str(kept[-1].post_id) if len(kept) == PAGE else None)


@export_part(
    "collections",
    order=45,
    title=_("Collections"),
    about=_("Your collections of saved posts, empty ones too."),
    labels={"name": _("Name"), "posts": _("Posts")},
)
def collections(user_id: UserId, cursor: str | None) -> ExportPage:  # noqa: ARG001  # at most 200: one page
    """Cost: 1 Query, 1 RU for some 25."""
    return ExportPage(
        [
            {
                "id": str(it.id),
                "name": it.name,
                "posts": it.posts,
                "created_at": iso_of_ms(id_time_ms(it.id)),
            }
            for it in saves.query_collections(user_id)
        ]
    )


@export_part(
    "shares",
    order=46,
    title=_("Shares"),
    about=_("Posts that you shared by link, the oldest post first."),
    labels={"post_id": _("Post"), "post_by": _("Post by")},
)
def shared(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: 1 Query, 1 RU for some 50; `visible_posts`."""
    ids = shares.query_shares_of(user_id, after=PostId(int(cursor)) if cursor else None, limit=PAGE)
    authors = authors_seen(user_id, ids)
    records: list[Record] = [{"post_id": str(it), "post_by": authors.get(it)} for it in ids]
    return ExportPage(records, cursor=str(ids[-1]) if len(ids) == PAGE else None)


@export_part(
    "comment_likes",
    order=43,
    title=_("Likes on comments"),
    about=_("Comments that you like, the oldest first."),
    labels={"comment_id": _("Comment"), "post_id": _("Post"), "post_by": _("Post by")},
)
def comment_likes(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: 1 Query, 1 RU for some 20; `visible_posts`."""
    given = query_comment_likes_of(user_id, after=CommentId(int(cursor)) if cursor else None, limit=PAGE)
    authors = authors_seen(user_id, [ref.post_id for ref, _at in given])
    records: list[Record] = [
        {
            "comment_id": str(ref.id),
            "post_id": str(ref.post_id),
            "post_by": authors.get(ref.post_id),
            "created_at": iso_of_ms(at_ms),
        }
        for ref, at_ms in given
    ]
    return ExportPage(records, cursor=str(given[-1][0].id) if len(given) == PAGE else None)


@export_part(
    "posts_muted",
    order=47,
    title=_("Posts without notifications"),
    about=_("Posts of which you turned notifications off, the oldest post first."),
    labels={"post_id": _("Post"), "post_by": _("Post by")},
)
def posts_muted(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: 1 Query, 1 RU for some 20 marks; `visible_posts`."""
    muted = query_mutes_of(user_id, after=PostId(int(cursor)) if cursor else None, limit=PAGE)
    authors = authors_seen(user_id, [post_id for post_id, _at in muted])
    records: list[Record] = [
        {"post_id": str(post_id), "post_by": authors.get(post_id), "created_at": iso_of_ms(at_ms)}
        for post_id, at_ms in muted
    ]
    return ExportPage(records, cursor=str(muted[-1][0]) if len(muted) == PAGE else None)
