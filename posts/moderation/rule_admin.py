"""Rules in the administration, and their dry run over what was posted lately."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.selectors import profiles_by_ids
from config.entities import PostId
from posts.moderation.models import Rule
from posts.moderation.rules import DRY_RUN_AT_MOST, DRY_RUN_PAGE, rule_try


class StepForm(forms.Form):
    """How far a dry run is: where it goes on, and how many posts it has looked at and hit so far."""

    before = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    looked_at = forms.IntegerField(min_value=0, max_value=DRY_RUN_AT_MOST, required=False)
    hit = forms.IntegerField(min_value=0, max_value=DRY_RUN_AT_MOST, required=False)


@admin.register(Rule)
class RuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """Changed here, and tried before they count."""

    list_display = ("name", "kind", "outcome", "is_enabled", "changed_at", "dry_run_link")
    list_filter = ("is_enabled", "kind", "outcome")
    ordering = ("name",)
    search_fields = ("name",)
    readonly_fields = ("dry_run_link", "changed_at")
    fields = (
        "name",
        "kind",
        "entries",
        "leetspeak",
        "outcome",
        "reason",
        "is_enabled",
        "dry_run_link",
        "changed_at",
    )

    def get_urls(self) -> list[URLPattern]:
        """With the dry run of each rule."""
        page = self.admin_site.admin_view(require_safe(self.dry_run))
        return [path("<int:rule_id>/dry-run/", page, name="posts_rule_dry_run"), *super().get_urls()]

    @admin.display(description=_("dry run"))
    def dry_run_link(self, rule: Rule) -> str | SafeString:
        """To be had once the rule is saved; it need not be enabled."""
        if rule.pk is None:
            return "-"
        address = reverse("admin:posts_rule_dry_run", args=[rule.pk])
        return format_html('<a href="{}">{}</a>', address, _("Dry run over recent posts"))

    def dry_run(self, request: HttpRequest, rule_id: int) -> HttpResponse:
        """One step: so many posts more, up to the limit. Nothing is changed.

        Raises: PermissionDenied, Http404.
        """
        rule = self.get_object(request, str(rule_id))
        if rule is None:
            raise Http404
        if not self.has_view_permission(request, rule):
            raise PermissionDenied
        step = StepForm(request.GET)
        done = step.cleaned_data if step.is_valid() else {}
        left = DRY_RUN_AT_MOST - (done.get("looked_at") or 0)
        before = PostId(done["before"]) if done.get("before") else None
        found = rule_try(rule, before=before, limit=max(1, min(DRY_RUN_PAGE, left)))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Dry run: %(rule)s") % {"rule": rule},
            "opts": self.opts,
            "rule": rule,
            "hits": _named(found.hit),
            "looked_at": (done.get("looked_at") or 0) + found.looked_at,
            "hit": (done.get("hit") or 0) + len(found.hit),
            "at_most": DRY_RUN_AT_MOST,
            "step": DRY_RUN_PAGE,
        }
        context["last"] = found.last if context["looked_at"] < DRY_RUN_AT_MOST else None
        return render(request, "admin/posts/rule/dry_run.html", context)


def _named(posts: Any) -> list[dict[str, Any]]:
    authors = profiles_by_ids({post.author_id for post in posts})
    return [{"post": post, "author": authors.get(post.author_id)} for post in posts]
