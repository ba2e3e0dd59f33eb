"""Pages of leaving and of coming back."""

from typing import cast

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import departure_services as services
from accounts import departure_sessions as sessions
from accounts.departure_models import Departure
from accounts.errors import DepartureOver, PasswordWrong, TooManyAttempts
from accounts.forms import DeleteForm
from accounts.models import User
from accounts.passwords import password_confirm
from config.entities import UserId
from config.pages import signed_in_id, signed_in_post


@login_required
@never_cache
@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """What it means to deactivate and to delete, and the ways to either."""
    return render(request, "accounts/leave.html", {"section": "account", "days": settings.DELETION_DAYS})


@signed_in_post
def deactivate(request: HttpRequest) -> HttpResponse:
    """Leave for a while."""
    return _left(request, services.account_deactivate(user_id=signed_in_id(request)))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Leave for good: what happens and when, and the password."""
    form = DeleteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = cast("User", request.user)
        try:
            password_confirm(request, user, form.cleaned_data["password"])
        except (PasswordWrong, TooManyAttempts) as refusal:
            form.add_error("password", str(refusal))
        else:
            departure = services.account_delete(user_id=UserId(user.pk), absolute=request.build_absolute_uri)
            return _left(request, departure)
    context = {"form": form, "section": "account", "days": settings.DELETION_DAYS}
    return render(request, "accounts/delete.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
def left(request: HttpRequest) -> HttpResponse:
    """What has happened, for who has just left."""
    return render(request, "accounts/left.html", {"departure": sessions.left_of(request)})


@never_cache
@require_GET
def departed(request: HttpRequest) -> HttpResponse:
    """Where signing in leads who has left: the way back, or that there is none."""
    departure = sessions.known_departure(request)
    if departure is None:
        return redirect("account_login")
    return render(request, "accounts/departed.html", {"departure": departure})


@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Come back after signing in; whoever waited too long signs in again."""
    departure = sessions.known_departure(request)
    if departure is None:
        return redirect("account_login")
    services.account_restore(user_id=UserId(departure.user_id))
    sessions.forget(request)
    messages.success(request, _("Welcome back. Everything is as it was."))
    user = User.objects.get(pk=departure.user_id)
    return cast("HttpResponse", perform_login(request, user, redirect_url="/"))


@never_cache
@require_http_methods(["GET", "POST"])
def restore_by_link(request: HttpRequest, key: str) -> HttpResponse:
    """The link in the mail. It restores by a button only, for mail programs look at links; it signs nobody in."""
    departure = services.departure_by_key(key)
    if request.method == "POST" and departure is not None:
        try:
            services.account_restore(user_id=UserId(departure.user_id))
        except DepartureOver:
            departure.refresh_from_db()
        else:
            messages.success(request, _("Your account is back. Log in to go on."))
            return redirect("account_login")
    context = {"departure": departure, "by_link": True}
    return render(request, "accounts/departed.html", context, status=200 if departure else 404)


def _left(request: HttpRequest, departure: Departure) -> HttpResponse:
    logout(request)
    sessions.left_remember(request, departure)
    return redirect("accounts:left")
