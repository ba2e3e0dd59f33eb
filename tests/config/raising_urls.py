"""The site's addresses and some that only raise, for test_error_pages."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import errors
from config.urls import handler400, handler403, handler404, handler429, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

RAISED: dict[str, errors.AppError] = {
    error.code: error
    for error in (
        errors.Forbidden(),
        errors.NotFound(),
        errors.Conflict(),
        errors.Invalid(),
        errors.TooFast(retry_after_seconds=2.5),
        errors.Unavailable(),
    )
}


def raise_it(_request: HttpRequest, code: str) -> HttpResponse:
    if code == "unforeseen":
        raise RuntimeError("password=hunter2")
    raise RAISED[code]


def form(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("taken")


urlpatterns = [path("raise/<str:code>/", raise_it), path("form/", form), *urlpatterns]
