"""Pages of the accounts room beside allauth's: settings, the theme, drawn avatars."""

from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import avatars, selectors, services
from accounts.errors import AccountInvalid, TooManyTokens
from accounts.forms import ProfileForm, TokenForm, add_errors
from accounts.models import User
from config.edge import public_file
from config.entities import UserId
from config.images import ImageInvalid, ImageTooLarge
from config.pages import return_path, signed_in_id

THEMES = ("light", "dark")
THEME_SECONDS = 365 * 86_400


@login_required
@require_http_methods(["GET", "POST"])
def profile_settings(request: HttpRequest) -> HttpResponse:
    """Name, bio, picture and privacy."""
    profile = selectors.profile_by_user(cast("User", request.user))
    initial = {name: getattr(profile, name) for name in ("name", "bio", "language", "is_private")}
    form = ProfileForm(
        request.POST or None, request.FILES or None, initial=initial, has_avatar=bool(profile.avatar)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.profile_update(user_id=UserId(profile.pk), **form.changes())
        except AccountInvalid as refusal:
            add_errors(form, refusal.data["errors"])
        except (ImageInvalid, ImageTooLarge) as refusal:
            form.add_error("avatar", str(refusal))
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("accounts:settings")
    context = {"form": form, "card": selectors.card_of(profile), "section": "profile"}
    return render(request, "accounts/profile_settings.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def account_settings(request: HttpRequest) -> HttpResponse:
    """E-mail, password, sessions: where to change them."""
    return render(request, "accounts/account_settings.html", {"section": "account"})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def token_settings(request: HttpRequest) -> HttpResponse:
    """The API tokens of a user; a new one is shown here once."""
    user_id = signed_in_id(request)
    form = TokenForm(request.POST or None)
    new_text = ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, new_text = services.token_create(
                user_id=user_id, label=form.cleaned_data["label"], lifetime=form.cleaned_data["days"]
            )
            form = TokenForm()
        except AccountInvalid as refusal:
            add_errors(form, refusal.data["errors"])
        except TooManyTokens as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "new_text": new_text,
        "tokens": selectors.tokens_of_user(user_id),
        "section": "tokens",
    }
    return render(request, "accounts/token_settings.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def token_revoke(request: HttpRequest, public_id: int) -> HttpResponse:
    """End a token."""
    services.token_delete(user_id=signed_in_id(request), public_id=public_id)
    messages.success(request, _("The token is revoked."))
    return redirect("accounts:token_settings")


@csrf_exempt
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the wanted appearance in a cookie; anything but light or dark follows the system.

    Its form is on every page and has no token, for that would be somebody's own in pages that are for everybody.
    """
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.get_host():
        raise PermissionDenied
    response = redirect(return_path(request, fallback="/"))
    wanted = request.POST.get("theme")
    if wanted in THEMES:
        response.set_cookie(
            "theme", wanted, max_age=THEME_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@public_file
@require_safe
def drawn_avatar(request: HttpRequest, hue: int, letters: str) -> HttpResponse:
    """The picture of a person without one: their initials on a colour. A pure function of its address."""
    if hue >= avatars.HUES or len(letters) > avatars.LETTERS_MAX:
        raise Http404
    context = {"hue": hue * 360 // avatars.HUES, "letters": letters, "small": len(letters) > 1}
    return render(request, "accounts/avatar.svg", context, content_type="image/svg+xml")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the signature of a view
    """For those who ask at the old place without reading the page."""
    return redirect(static("favicon.svg"))
