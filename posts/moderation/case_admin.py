"""Cases in the administration: what is held, rejected or covered, with why, and what moderators make of it.

Each decision is in the case's history, with who took it.
"""

from base64 import b64encode
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin_lists import BoundedPaginator
from accounts.models import User
from accounts.selectors import profiles_by_ids
from config.entities import UserId
from posts.media.files import photo_storage
from posts.moderation.cases import CaseMoved, case_decide, subject_of
from posts.moderation.models import REASON_MAX_LENGTH, Case
from posts.standing import Standing


class ReasonForm(ActionForm):
    """Beside the actions: what the author, or the reader of what is covered, is told."""

    reason = forms.CharField(label=_("Reason:"), required=False, max_length=REASON_MAX_LENGTH)


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """Made by scans, decided here, never changed by hand."""

    action_form = ReasonForm
    actions = ("approve", "cover", "reject")
    list_display = ("shown_text", "author", "outcome", "why", "decision", "opened_at")
    list_display_links = ("shown_text",)
    list_filter = ("state", "outcome", "kind")
    list_select_related = ("decided_by",)
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    ordering = ("-opened_at",)
    search_fields = ("=thing_id", "=author_id")
    search_help_text = _("The id of a post, a comment or an author.")
    fields = readonly_fields = (
        "way_to_decide",
        "kind",
        "link",
        "author",
        "version",
        "state",
        "outcome",
        "reason",
        "text",
        "photos",
        "why",
        "opened_at",
        "scanned_at",
        "ruling",
        "ruling_reason",
        "decided_by",
        "decided_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # Django's signature
        """Scans make them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:  # noqa: ARG002
        """Seen, and decided by the actions."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:  # noqa: ARG002
        """They go after a time, see `REPORT_DAYS`."""
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Who may change cases."""
        return request.user.has_perm("posts.change_case")

    @admin.display(description=_("text"))
    def shown_text(self, case: Case) -> str:
        """Its beginning."""
        return case.text[:80] or _now("Photo")

    @admin.display(description=_("author"))
    def author(self, case: Case) -> str | SafeString:
        """With the way to their page."""
        card = profiles_by_ids([UserId(case.author_id)]).get(UserId(case.author_id))
        name = f"@{card.handle}" if card else _now("gone")
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:accounts_user_change", args=[case.author_id]), name
        )

    @admin.display(description=_("where"))
    def link(self, case: Case) -> SafeString:
        """The post, for who may see it."""
        return format_html('<a href="{}">{}</a>', reverse("posts:post", args=[case.post_id]), case.post_id)

    @admin.display(description=_("found"))
    def why(self, case: Case) -> SafeString:
        """Which scanner found what, and how sure it is."""
        return format_html_join(SafeString("<br>"), "{}", ((_finding(one),) for one in case.findings))

    @admin.display(description=_("decision"))
    def decision(self, case: Case) -> str:
        """None yet, or which and whose."""
        if not case.ruling:
            return case.get_state_display()
        by = _now("by %(moderator)s") % {"moderator": case.decided_by} if case.decided_by else ""
        return f"{case.get_state_display()}: {case.ruling} {by}".rstrip()

    @admin.display(description=_("decide"))
    def way_to_decide(self, case: Case) -> SafeString:
        """The list with this case alone, where the actions are."""
        address = f"{reverse('admin:posts_case_changelist')}?q={case.thing_id}"
        return format_html('<a href="{}">{}</a>', address, _now("Approve, cover or reject it in the list"))

    @admin.display(description=_("photos"))
    def photos(self, case: Case) -> SafeString | str:
        """As they are now, small; sent with the page, for their addresses are for who may see the post."""
        subject = subject_of(case)
        names = (
            [photo.renditions[min(photo.renditions)] for photo in subject.content.photos] if subject else []
        )
        names = [name for name in names if photo_storage().exists(name)]  # a purged post's files go first
        return format_html_join(
            " ",
            '<img src="data:image/webp;base64,{}" alt="" height="160">',
            ((_encoded(name),) for name in names),
        )

    @admin.action(description=_("Approve: show it"), permissions=["decide"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Case]) -> None:
        """Whatever was found."""
        self._decide(request, queryset, Standing.SHOWN)

    @admin.action(description=_("Cover it, with the reason"), permissions=["decide"])
    def cover(self, request: HttpRequest, queryset: QuerySet[Case]) -> None:
        """Readers decide."""
        self._decide(request, queryset, Standing.COVERED)

    @admin.action(description=_("Reject it, with the reason"), permissions=["decide"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Case]) -> None:
        """Its author alone sees it, and the reason."""
        self._decide(request, queryset, Standing.REJECTED)

    def _decide(self, request: HttpRequest, cases: QuerySet[Case], ruling: Standing) -> None:
        reason = str(request.POST.get("reason", "")).strip()[:REASON_MAX_LENGTH]
        if ruling is Standing.REJECTED and not reason:
            self.message_user(request, _now("Say why: its author is told."), messages.ERROR)
            return
        assert isinstance(request.user, User)  # noqa: S101  # the administration is for who is signed in
        for case in cases:
            told = reason or (case.reason if ruling is Standing.COVERED else "")
            try:
                case_decide(case=case, moderator=request.user, ruling=ruling, reason=told)
            except CaseMoved as refusal:
                self.message_user(request, f"{case}: {refusal}", messages.ERROR)
            else:
                said = {"ruling": ruling.value, "reason": told, "version": case.version}
                self.log_change(request, case, _now("%(ruling)s, version %(version)d: %(reason)s") % said)
                self.message_user(request, f"{case}: {case.ruling}")


def _finding(one: dict[str, Any]) -> SafeString:
    """A rule by its page, any other scanner by what it calls its finding."""
    score = "" if one["score"] is None else one["score"]
    if one["scanner"] != "rules":
        return format_html("{} {}: {} {}", one["scanner"], one["rule"], one["outcome"], score)
    address = reverse("admin:posts_rule_change", args=[one["rule"]])
    name = _now("rule %(number)s") % {"number": one["rule"]}
    return format_html('<a href="{}">{}</a>: {}', address, name, one["outcome"])


def _encoded(name: str) -> str:
    with photo_storage().open(name) as file:
        return b64encode(file.read()).decode()
