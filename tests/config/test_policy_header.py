"""The Content-Security-Policy's header is what django-csp writes, but written once."""

from collections.abc import Callable

import pytest
from csp.constants import HEADER, HEADER_REPORT_ONLY, NONCE
from csp.decorators import csp_exempt, csp_replace, csp_update
from csp.exceptions import CSPNonceError
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from config.policy_header import PolicyHeaderMiddleware

View = Callable[[HttpRequest], HttpResponse]


def plain(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def with_a_nonce(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.csp_nonce))  # type: ignore[attr-defined]  # django-csp's


def with_a_policy(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(headers={HEADER: "default-src 'self'"})


def directives(response: HttpResponse, header: str = HEADER) -> set[str]:
    """django-csp's come in any order."""
    return set(response.headers.get(header, "").split("; "))


def answered(by: type[CSPMiddleware], view: View) -> HttpResponse:
    response = by(view)(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.parametrize(
    "view",
    [
        plain,
        with_a_policy,
        csp_update({"img-src": ["https://elsewhere.example"]})(plain),
        csp_replace({"frame-ancestors": ["*"]})(plain),
        csp_exempt()(plain),
    ],
)
def test_it_is_what_django_csp_writes(view: View) -> None:
    ours, theirs = answered(PolicyHeaderMiddleware, view), answered(CSPMiddleware, view)
    assert directives(ours) == directives(theirs)
    assert HEADER_REPORT_ONLY not in ours.headers


def test_it_is_written_once() -> None:
    middleware = PolicyHeaderMiddleware(plain)
    one, other = (middleware(RequestFactory().get("/")) for _ in range(2))
    assert isinstance(one, HttpResponse)
    assert isinstance(other, HttpResponse)
    assert one.headers[HEADER] is other.headers[HEADER]


def test_a_page_that_asks_for_a_nonce_has_one_of_its_own(settings: Settings) -> None:
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": ["'self'", NONCE]}}
    for _twice in range(2):
        response = answered(PolicyHeaderMiddleware, with_a_nonce)
        assert f"script-src 'self' 'nonce-{response.content.decode()}'" in directives(response)
    assert "script-src 'self'" in directives(answered(PolicyHeaderMiddleware, plain))


def test_a_nonce_that_is_asked_for_too_late_is_refused() -> None:
    request = RequestFactory().get("/")
    PolicyHeaderMiddleware(plain)(request)
    with pytest.raises(CSPNonceError):
        str(request.csp_nonce)  # type: ignore[attr-defined]  # django-csp's


@pytest.mark.parametrize("more", [{"EXCLUDE_URL_PREFIXES": ("/",)}, {"REPORT_PERCENTAGE": 10.0}])
def test_settings_with_more_than_directives_are_followed(settings: Settings, more: dict[str, object]) -> None:
    settings.CONTENT_SECURITY_POLICY = {**settings.CONTENT_SECURITY_POLICY, **more}
    settings.CONTENT_SECURITY_POLICY_REPORT_ONLY = {"DIRECTIVES": {"default-src": ["'none'"]}}
    ours, theirs = answered(PolicyHeaderMiddleware, plain), answered(CSPMiddleware, plain)
    assert (HEADER in ours.headers) is (HEADER in theirs.headers)
    assert directives(ours, HEADER_REPORT_ONLY) == {"default-src 'none'"}
