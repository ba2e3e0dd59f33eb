"""What every room's pages ask of a request: who looks, is a piece enough, where to go back to."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from config.entities import UserId

View = Callable[..., HttpResponseBase]


class ReturnForm(forms.Form):
    """Where a browser without script goes after an action: a path of this site, or nowhere."""

    next = forms.CharField(required=False, max_length=2_000)


def viewer_of(request: HttpRequest) -> UserId | None:
    """Who is looking; None is anybody."""
    return UserId(int(request.user.pk)) if request.user.is_authenticated else None


def signed_in_id(request: HttpRequest) -> UserId:
    """Who is acting, in views that are closed to anybody else."""
    return UserId(cast("int", request.user.pk))


def wants_piece(request: HttpRequest) -> bool:
    """Htmx asks for a piece; with a boosted link or a restored history it asks for the whole page."""
    htmx = request.htmx  # type: ignore[attr-defined]  # set by django_htmx's middleware
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def return_path(request: HttpRequest, *, fallback: str) -> str:
    """The path a form asked to come back to, if it is one of ours."""
    form = ReturnForm(request.POST)
    path = form.cleaned_data["next"] if form.is_valid() else ""
    is_ours = url_has_allowed_host_and_scheme(path, allowed_hosts=None, require_https=request.is_secure())
    return path if path and is_ours else fallback


def signed_in_post(view: View) -> View:
    """For forms: who is signed out comes back, after signing in, to the page with the form and not to its address."""

    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        to_sign_in = redirect_to_login(return_path(request, fallback="/"))
        return HttpResponseClientRedirect(to_sign_in.url) if wants_piece(request) else to_sign_in

    return guarded
