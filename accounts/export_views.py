"""The page "Your data": ask for an export, see it being made, download it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from accounts import export_selectors, export_services
from accounts.errors import ExportTooSoon
from accounts.export_download import download_of
from accounts.export_models import Export, ExportState
from accounts.export_parts import export_parts
from accounts.export_tasks import export_begin
from config.entities import UserId
from config.pages import signed_in_id, signed_in_post, viewer_of, wants_piece
from config.rates.errors import waiting_time


@login_required
@never_cache
@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """The latest export and older ones; while one is being made, htmx asks for its card again and again."""
    found = export_selectors.exports_of_user(signed_in_id(request))
    latest = found[0] if found else None
    context = _card(latest) | {"older": found[1:], "section": "data", "parts": export_parts()}
    template = "accounts/_export.html" if wants_piece(request) else "accounts/exports.html"
    return render(request, template, context)


@signed_in_post
def export_ask(request: HttpRequest) -> HttpResponse:
    """Ask for one."""
    try:
        export_services.export_ask(
            user_id=signed_in_id(request),
            language=get_language() or "en",
            page_url=request.build_absolute_uri(reverse("accounts:exports")),
            begin=export_begin,
        )
    except ExportTooSoon as refusal:
        messages.warning(request, str(refusal))
    return redirect("accounts:exports")


@signed_in_post
def export_retry(request: HttpRequest, export_id: int) -> HttpResponse:
    """Go on with one that failed."""
    export_services.export_retry(user_id=signed_in_id(request), export_id=export_id, begin=export_begin)
    return redirect("accounts:exports")


@signed_in_post
def export_delete(request: HttpRequest, export_id: int) -> HttpResponse:
    """Stop it, or remove its file."""
    export_services.export_delete(user_id=signed_in_id(request), export_id=export_id)
    messages.success(request, _("The copy is removed."))
    return redirect("accounts:exports")


@require_safe
def export_download(request: HttpRequest, export_id: int) -> HttpResponse:
    """The file, for its owner; for anybody else there is nothing here, signed in or not."""
    viewer_id: UserId | None = viewer_of(request)
    if viewer_id is None:
        raise Http404
    return download_of(viewer_id, export_id)  # type: ignore[return-value]  # a streamed one is a response as well


def _card(export: Export | None) -> dict[str, object]:
    wait = export_services.wait_seconds(export)
    return {
        "export": export,
        "progress": export_selectors.progress_of(export) if export and export.is_open else [],
        "share": export_selectors.share_of(export) if export else 0,
        "is_ready": export is not None and export.state == ExportState.READY,
        "is_failed": export is not None and export.state == ExportState.FAILED,
        "may_ask": not wait and not (export and export.is_open),
        "wait": waiting_time(wait) if wait else "",
    }
