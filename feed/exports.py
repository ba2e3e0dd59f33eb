"""The feed's parts of an export: what one was told of others, as one may see it now, and of what one wants to be told."""

from django.utils.translation import gettext_lazy as _

from accounts.export_parts import PAGE, ExportPage, Record, export_part, iso_of_ms
from config.entities import UserId
from feed.notifications.entities import Kind, Notice
from feed.notifications.selectors import notices_page, wanted_kinds
from feed.notifications.sentences import text_of


@export_part(
    "notification_choices",
    order=70,
    title=_("What you are told of"),
    about=_("What you switched on and off in your settings of notifications."),
    labels={"kind": _("Kind"), "wanted": _("Wanted")},
)
def notification_choices(user_id: UserId, cursor: str | None) -> ExportPage:  # noqa: ARG001  # a switch a kind: one page
    """Cost: 0.5 read units."""
    wanted = wanted_kinds(user_id)
    return ExportPage([{"kind": kind.value, "wanted": kind in wanted} for kind in Kind])


@export_part(
    "notifications",
    order=72,
    title=_("Notifications"),
    about=_("What others did, as your notifications show it, the last first."),
    labels={"post_id": _("Post"), "comment_id": _("Comment"), "read": _("Read")},
)
def notifications(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: as `notices_page`."""
    page = notices_page(user_id, cursor=cursor, limit=PAGE)
    return ExportPage([_record(notice) for notice in page.items], cursor=page.next_cursor)


def _record(notice: Notice) -> Record:
    post = notice.last or notice.post
    return {
        "id": str(notice.noted_id),
        "created_at": iso_of_ms(notice.at_ms),
        "kind": notice.line.kind.value,
        "text": text_of(notice),
        "people": [person.handle for person in notice.people],
        "others": notice.others,
        "post_id": str(post.id) if post else None,
        "comment_id": str(notice.comment.id) if notice.comment else None,
        "read": not notice.is_unread,
    }
