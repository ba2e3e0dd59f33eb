"""The short way to the first page of home, for browsers that are signed in: one round trip to Redis, nothing of what most pages need.

    request ... metrics, log, limits, security headers ... lane --- known and kept: the answer
                                                            |
                                                            '--- else: session, language, user, view

What is sent is what the long way last sent in this process for such a request, its headers included: bytes are the page's,
headers those of its form and language. Session and account are compared with the page, in the same round trip
(`accounts.known_sessions`, `config.answers`). Tokens and messages go the long way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.utils import translation

from accounts.known_sessions import KnownSession, session_known, session_used
from config.answers import Answer
from feed.first_pages import PAGES, key_of
from feed.whole_pages import filled, form_of

GetResponse = Callable[[HttpRequest], HttpResponse]
JSON_FORM: Final = "json"
OF_ONE_ANSWER: Final = frozenset({"content-length", "etag", "last-modified", "date", "expires"})


@dataclass(frozen=True, slots=True)
class _Manner:
    """How the long way answers: headers, and what metrics call it."""

    headers: tuple[tuple[str, str], ...]
    match: Any


class HomeLane:
    """Outside of sessions, inside of all that every answer has."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._manners: dict[tuple[str, str], _Manner] = {}
        self._csrf = CsrfViewMiddleware(get_response)
        self._paths = {reverse("api_feed_home"): JSON_FORM, reverse("feed:home"): "html"}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = self._asked(request)
        if asked is None:
            return self.get_response(request)
        form, language = asked
        manner = self._manners.get(asked)
        key = request.COOKIES[settings.SESSION_COOKIE_NAME]
        known = session_known(key) if manner is not None else None
        answer = self._kept(known, form)
        if known is not None:
            session_used(key, known, is_same=answer is not None)
            request.kept_asked = key_of(form, known.user_id)  # type: ignore[attr-defined]  # for the long way, not to ask again
        if manner is None or answer is None:
            return self._long(request, asked)
        request.resolver_match = manner.match
        if form == JSON_FORM:
            return _answered(answer.parts[0], manner)
        self._csrf.process_request(request)
        with translation.override(language):
            response = _answered(filled(answer.parts[0], request), manner)
        self._csrf.process_response(request, response)
        return response

    @staticmethod
    def _kept(known: KnownSession | None, form: str) -> Answer | None:
        if known is None:
            return None
        return PAGES.get(key_of(form, known.user_id), who=known.user_id, also=known.watch)

    def _asked(self, request: HttpRequest) -> tuple[str, str] | None:
        """In which form and language, if it may be answered here."""
        form = self._paths.get(request.path_info)
        meta, cookies = request.META, request.COOKIES
        if form is None or request.method != "GET" or meta.get("QUERY_STRING"):
            return None
        if settings.SESSION_COOKIE_NAME not in cookies or "messages" in cookies or "HTTP_HX_REQUEST" in meta:
            return None
        request.get_host()  # refuses what is none of ours
        language = translation.get_language_from_request(request)
        if form == JSON_FORM:
            accepted = meta.get("HTTP_ACCEPT", "*/*")
            is_plain = "HTTP_AUTHORIZATION" not in meta and accepted in {"*/*", "application/json"}
            return (form, language) if is_plain else None
        if settings.CSRF_COOKIE_NAME not in cookies:
            return None
        with translation.override(language):
            return form_of(request), language

    def _long(self, request: HttpRequest, asked: tuple[str, str]) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "user", None)  # not there where something refused it before
        if response.status_code == 200 and user is not None and user.is_authenticated:
            headers = ((name, value) for name, value in response.items() if name.lower() not in OF_ONE_ANSWER)
            self._manners[asked] = _Manner(tuple(headers), request.resolver_match)
        return response


def _answered(body: bytes, manner: _Manner) -> HttpResponse:
    return HttpResponse(body, headers={**dict(manner.headers), "Content-Length": str(len(body))})
