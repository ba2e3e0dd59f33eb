"""Reports in the administration: what people told, with the content as it was, and what moderators made of it."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin_lists import BoundedPaginator
from accounts.models import User
from posts.reports.models import Report
from posts.reports.services import report_decide


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """Made by people, decided here; the copy is kept for a time after that, see `REPORT_DAYS`."""

    actions = ("resolve", "dismiss")
    list_display = ("shown_text", "kind", "reason", "reporter", "state", "decided_by", "created_at")
    list_display_links = ("shown_text",)
    list_filter = ("state", "reason", "kind")
    list_select_related = ("reporter", "decided_by")
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    ordering = ("-created_at",)
    search_fields = ("=thing_id", "=subject_id")
    search_help_text = _("The id of a post, a comment or an account.")
    fields = readonly_fields = (
        "kind",
        "link",
        "subject",
        "reason",
        "note",
        "told_by",
        "state",
        "as_it_was",
        "created_at",
        "changed_at",
        "decided_by",
        "decided_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:  # Django's signature
        """People make them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        """Seen, and decided by the actions."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        """They go after a time."""
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Who may change reports."""
        return request.user.has_perm("posts.change_report")

    @admin.display(description=_("what"))
    def shown_text(self, report: Report) -> str:
        """The beginning of it, or whose it is."""
        words = report.snapshot.get("text") or report.snapshot.get("handle") or _now("Photo")
        return str(words)[:80]

    @admin.display(description=_("where"))
    def link(self, report: Report) -> SafeString:
        """The thing itself, for who may see it."""
        if report.kind == Report.Kind.ACCOUNT:
            address = reverse("feed:profile", args=[report.snapshot["handle"]])
        elif report.kind == Report.Kind.COMMENT:
            address = reverse("posts:thread", args=[report.post_id, report.snapshot["key"]])
        else:
            address = reverse("posts:post", args=[report.thing_id])
        return format_html('<a href="{}">{}</a>', address, address)

    @admin.display(description=_("whose"))
    def subject(self, report: Report) -> SafeString:
        """Of whom the report is, with what else the administration knows of them."""
        who = report.snapshot.get("handle") or report.snapshot.get("author", {}).get("handle", "")
        address = reverse("admin:accounts_user_change", args=[report.subject_id])
        return format_html('<a href="{}">@{}</a>', address, who)

    @admin.display(description=_("reporter"))
    def told_by(self, report: Report) -> SafeString | str:
        """With the way to their page, as long as there is one."""
        if report.reporter is None:
            return _now("Nobody: their account is gone.")
        address = reverse("admin:accounts_user_change", args=[report.reporter.pk])
        return format_html('<a href="{}">{}</a>', address, report.reporter)

    @admin.display(description=_("as it was"))
    def as_it_was(self, report: Report) -> SafeString:
        """The copy, line by line."""
        return format_html_join("", "<div><strong>{}</strong> {}</div>", _lines(report.snapshot))

    @admin.action(description=_("Resolve: it was against the rules"), permissions=["decide"])
    def resolve(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        """The reporter is told so on the report's page."""
        self._decide(request, queryset, Report.State.RESOLVED)

    @admin.action(description=_("Dismiss: it was not"), permissions=["decide"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        """As above."""
        self._decide(request, queryset, Report.State.DISMISSED)

    def _decide(self, request: HttpRequest, reports: QuerySet[Report], state: Report.State) -> None:
        assert isinstance(request.user, User)  # noqa: S101  # the administration is for who is signed in
        for report in reports:
            if report_decide(report=report, moderator=request.user, state=state):
                self.log_change(request, report, str(state.label))
        self.message_user(request, _now("Decided."))


def _shown(name: str, value: object) -> str:
    """Moments as dates, all else as it is."""
    if name.endswith("_at_ms") and isinstance(value, int):
        return date_format(localtime(datetime.fromtimestamp(value / 1000, UTC)), "DATETIME_FORMAT")
    return str(value)


def _lines(copy: dict[str, Any], before: str = "") -> list[tuple[str, str]]:
    """What the copy holds, its parts by their path."""
    lines: list[tuple[str, str]] = []
    for name, value in copy.items():
        if isinstance(value, dict):
            lines += _lines(value, f"{before}{name}.")
        elif isinstance(value, list):
            for number, part in enumerate(value, 1):
                lines += _lines(part, f"{before}{name}.{number}.")
        else:
            lines.append((f"{before}{name.removesuffix('_ms')}:", _shown(name, value)))
    return lines
