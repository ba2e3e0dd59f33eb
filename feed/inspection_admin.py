"""The feed inspector: why somebody sees a post at home or does not, in the administration."""

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

from accounts.admin_lists import BoundedPaginator, HandleSearch
from config.entities import PostId, UserId
from feed.inspection import NOT_FOUND, ON_ITS_WAY, inspection_of
from feed.models import Reader

REASONS = {
    NOT_FOUND: _("There is no such post, or it is deleted."),
    ON_ITS_WAY: _("It is for this reader and has not come yet: its fan-out goes on, or waits."),
    "deleted": _("The post was deleted just now."),
    "author_not_followed": _("The reader does not follow the author."),
    "author_muted": _("The reader has muted the author, or whom the author reposts."),
    "not_visible": _(
        "The post is not for this reader: audience, privacy, a block, the archive or moderation."
    ),
}


class PostForm(forms.Form):
    """Which post."""

    post = forms.RegexField(
        r"(?:.*/)?(?P<id>[1-9]\d{0,18})/?$",
        label=_("Post"),
        help_text=_("Its id, or the address of its page."),
        error_messages={"invalid": _("This is neither an id nor the address of a post.")},
    )

    def clean_post(self) -> PostId:
        """The id."""
        return PostId(int(self.cleaned_data["post"].rstrip("/").rsplit("/", 1)[-1]))


@admin.register(Reader)
class ReaderAdmin(HandleSearch):
    """Readers are found by handle or id; nothing can be changed here."""

    list_display = ("username", "why")
    list_display_links = None
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    ordering = ("-id",)
    search_fields = ("username__startswith", "=id")
    search_help_text = _("The beginning of a reader's handle, or an id.")

    def has_add_permission(self, request: HttpRequest) -> bool:  # Django's signature  # noqa: ARG002
        """Readers are users."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Reader | None = None) -> bool:  # noqa: ARG002
        """It is for looking."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Reader | None = None) -> bool:  # noqa: ARG002
        """See `accounts.admin`."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Says what is to be done here."""
        return super().changelist_view(request, {"title": _("Whose feed?"), **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        """With the inspector of each reader."""
        page = self.admin_site.admin_view(require_safe(self.inspect))
        return [path("<int:reader_id>/why/", page, name="feed_reader_why"), *super().get_urls()]

    @admin.display(description=_("why is a post there, or not"))
    def why(self, reader: Reader) -> SafeString:
        """To the inspector."""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:feed_reader_why", args=[reader.pk]), _("Inspect")
        )

    def inspect(self, request: HttpRequest, reader_id: int) -> HttpResponse:
        """One reader and one post.

        Raises: PermissionDenied, Http404.
        """
        reader = self.get_object(request, str(reader_id))
        if reader is None:
            raise Http404
        if not self.has_view_permission(request, reader):
            raise PermissionDenied
        form = PostForm(request.GET or None)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Why does %(reader)s see a post, or not?") % {"reader": f"@{reader.username}"},
            "opts": self.opts,
            "reader": reader,
            "form": form,
        }
        if form.is_valid():
            found = inspection_of(reader_id=UserId(reader.pk), post_id=form.cleaned_data["post"])
            context |= {
                "found": found,
                "reason": REASONS.get(found.removed_by, found.removed_by),
            }
        return render(request, "admin/feed/reader/why.html", context)
