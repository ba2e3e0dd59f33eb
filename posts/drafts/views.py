"""Pages of drafts and of what is scheduled. The composer's script saves through the API; all else is plain forms."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from config.entities import PostId, UserId
from config.errors import Conflict, Invalid
from config.pages import signed_in_id, signed_in_post, wants_piece
from config.rates import limited
from posts.detail_fields import NAMES as DETAILS
from posts.drafts import services
from posts.drafts.composing import draft_keep
from posts.drafts.entities import NEVER, Draft, DraftCard, DraftId
from posts.drafts.errors import DraftChanged
from posts.drafts.forms import TimeForm, VersionForm
from posts.drafts.publishing import draft_publish, problem_text
from posts.drafts.scheduling import UTC_ZONE, local_time
from posts.drafts.selectors import draft_cards, drafts_of, scheduled_drafts
from posts.entities import Post
from posts.errors import NotShareable, PostNotFound
from posts.forms import PostForm
from posts.media.addresses import files_of_medium
from posts.media.choosing import media_unused
from posts.media.errors import MediumNotFound, TooManyUploads
from posts.reposting import shareable_post

ZONE_COOKIE = "zone"
YEAR_SECONDS = 31_536_000


@login_required
@never_cache
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """What is begun, and not out yet."""
    author_id = signed_in_id(request)
    page = drafts_of(author_id, cursor=request.GET.get("cursor") or None)
    more = f"{request.path}?{urlencode({'cursor': page.next_cursor})}" if page.next_cursor else ""
    context = {"rows": [_row(card) for card in draft_cards(author_id, page.items)], "more_url": more}
    return render(request, "posts/drafts.html", context)


@login_required
@never_cache
@require_safe
def scheduled(request: HttpRequest) -> HttpResponse:
    """What publishes itself, the next first."""
    author_id = signed_in_id(request)
    rows = [_row(card) for card in draft_cards(author_id, scheduled_drafts(author_id))]
    return render(request, "posts/drafts.html", {"rows": rows, "is_scheduled": True})


@login_required
@never_cache
@require_safe
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """A draft in the composer."""
    author_id = signed_in_id(request)
    (card,) = draft_cards(author_id, [services.own_draft(author_id, DraftId(draft_id))])
    form = PostForm.of_draft(card, quoting=_quoted(author_id, card.draft.content.quote_of))
    return render(request, "posts/compose.html", {"form": form, "row": _row(card)})


def _quoted(author_id: UserId, post_id: PostId | None) -> Post | None:
    """What a draft quotes, as long as it may."""
    try:
        return shareable_post(author_id, post_id) if post_id else None
    except (PostNotFound, NotShareable):
        return None


@signed_in_post
@limited("draft")
def save(request: HttpRequest) -> HttpResponse:
    """Save what the composer holds; then a fresh composer, the list, or the page for a time."""
    form = PostForm(request.POST, request.FILES)
    kept = _kept(request, form)
    if kept is None:
        form.keep(media_unused(signed_in_id(request), form.kept_ids))
        form.show_quoted(_quoted(signed_in_id(request), form.quote_of))
        template = "posts/_created.html" if wants_piece(request) else "posts/compose.html"
        return render(request, template, {"form": form}, status=422)
    saved, is_beside = kept
    beside = _("Your draft was changed elsewhere. What you wrote here is kept as another one.")
    message = beside if is_beside else _("Your draft is saved.")
    if "time" in request.POST:
        address = reverse("posts:draft_time", args=[saved.id])
        return HttpResponseClientRedirect(address) if wants_piece(request) else redirect(address)
    if wants_piece(request):
        context = {"form": PostForm.blank_for(saved.author_id), "message": message}
        return render(request, "posts/_draft_saved.html", context)
    messages.success(request, message)
    return redirect("posts:drafts")


def _kept(request: HttpRequest, form: PostForm) -> tuple[Draft, bool] | None:
    if not form.is_valid():
        return None
    said = {name: form.cleaned_data[name] for name in ("text", "audience", *DETAILS)}
    said["quote_of"] = form.quote_of or PostId(0)
    try:
        return draft_keep(
            author_id=signed_in_id(request), shown=form.shown_draft, sources=form.photos, **said
        )
    except (Invalid, Conflict, MediumNotFound, TooManyUploads) as refusal:
        form.refuse(refusal)
        return None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def time(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Choose when a draft publishes itself."""
    author_id = signed_in_id(request)
    (card,) = draft_cards(author_id, [services.own_draft(author_id, DraftId(draft_id))])
    if request.method == "POST":
        return _set_time(request, card)
    form = TimeForm.of_draft(card.draft, zone=request.COOKIES.get(ZONE_COOKIE, ""))
    return render(request, "posts/draft_time.html", {"form": form, "row": _row(card)})


@limited("draft")
def _set_time(request: HttpRequest, card: DraftCard) -> HttpResponse:
    form = TimeForm(request.POST)
    try:
        if form.is_valid():
            timing, version = form.timing, form.cleaned_data["version"]
            services.draft_save(
                author_id=signed_in_id(request), draft_id=card.draft.id, version=version, timing=timing
            )
            when, zone = _shown(local_time(timing)), timing.zone
            messages.success(
                request, _("It will be posted at %(when)s (%(zone)s).") % {"when": when, "zone": zone}
            )
            answer = redirect("posts:scheduled")
            answer.set_cookie(
                ZONE_COOKIE, zone, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure()
            )
            return answer
    except (Invalid, DraftChanged) as refusal:
        form.add_error(None, str(refusal))
    return render(request, "posts/draft_time.html", {"form": form, "row": _row(card)}, status=422)


@signed_in_post
@limited("draft")
def cancel(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Not by itself any more."""
    version = _version(request)
    services.draft_save(
        author_id=signed_in_id(request), draft_id=DraftId(draft_id), version=version, timing=NEVER
    )
    messages.success(request, _("It is not scheduled any more. It is kept as a draft."))
    return redirect("posts:drafts")


@signed_in_post
@limited("post")
def publish(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Now; what can't be published stays, with the reason."""
    try:
        made = draft_publish(
            author_id=signed_in_id(request), draft_id=DraftId(draft_id), version=_version(request)
        )
    except (Invalid, Conflict, MediumNotFound, PostNotFound, NotShareable) as refusal:
        messages.error(request, str(refusal))
        return redirect("posts:draft", draft_id)
    messages.success(request, made.moderation.said_of_new)
    return redirect("posts:post", made.id)


@signed_in_post
def delete(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Away at once; the message has the way back."""
    services.draft_delete(author_id=signed_in_id(request), draft_id=DraftId(draft_id))
    messages.success(
        request, _("The draft is deleted."), extra_tags=reverse("posts:draft_restore", args=[draft_id])
    )
    return redirect("posts:drafts")


@signed_in_post
def restore(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Have it back."""
    services.draft_restore(author_id=signed_in_id(request), draft_id=DraftId(draft_id))
    messages.success(request, _("Your draft is back."))
    return redirect("posts:drafts")


def _version(request: HttpRequest) -> int:
    """Raises: DraftChanged, for a form that does not say which version it shows."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise DraftChanged
    version: int = form.cleaned_data["version"]
    return version


def _row(card: DraftCard) -> dict[str, Any]:
    """A draft as a list shows it: its time is that of the clocks where its author chose it."""
    first = card.media[0] if card.media else None
    files = files_of_medium(first.id, first.photo).get("webp", ()) if first else ()
    local = local_time(card.draft.timing)
    return {
        "card": card,
        "draft": card.draft,
        "medium": first,
        "thumbnail": files[0].url if files else "",
        "when": _shown(local),
        "zone": card.draft.timing.zone or UTC_ZONE,
        "problem": problem_text(card.draft),
    }


def _shown(local: datetime | None) -> str:
    """In the words of the page's language."""
    return date_format(local.replace(tzinfo=None), "DATETIME_FORMAT") if local else ""
