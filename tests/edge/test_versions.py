"""What an edge is told: of versions, and in headers. In this process, without nginx."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from config import edge, stamps
from config.edge.asking import PAGE_HEADER, PATH, VERSION_HEADER
from config.edge.middleware import CachingMiddleware
from config.edge.opting import ASKED_FAILING_SECONDS, PRIVATE, page_policy
from config.edge.versions import KEPT_SECONDS, NAMES_AT_MOST, RECORD_SECONDS, remember, version_of
from config.environment import Environment
from config.ids import next_id
from config.redis_debts import debts

Answering = Callable[[HttpRequest], HttpResponse]


def a_page() -> str:
    return f"http://testserver/{next_id()}"


def name_of(post: int) -> str:
    return f"POST#{post}"


def hidden(post: int) -> None:
    stamps.forget([name_of(post)])


def shown_by(page: str, *posts: int) -> str:
    """A rendering that shows these; the version that is asked for next."""
    remember(page, version_of(page), {name_of(post) for post in posts})
    return version_of(page)


def judged(view: Answering, **headers: str) -> HttpResponse:
    return CachingMiddleware(view)(RequestFactory().get("/", headers=headers))


def test_a_version_changes_when_something_of_the_page_is_hidden_and_not_before() -> None:
    page, other, post, its = a_page(), a_page(), next_id(), next_id()
    first = shown_by(page, post), shown_by(other, its)
    assert (version_of(page), version_of(other)) == first
    hidden(next_id())
    settled = version_of(page), version_of(other)
    assert settled == first, "it is not made once more for what was hidden elsewhere"
    hidden(its)
    assert version_of(page) == settled[0]
    assert version_of(other) not in {settled[1], first[1]}
    shown_by(other)  # what was hidden there is shown no more
    hidden(next_id())
    again = version_of(other)
    hidden(next_id())
    assert (version_of(page), version_of(other)) == (settled[0], again)


def test_a_page_beside_which_something_was_hidden_is_made_once_more() -> None:
    """While it was made: nobody knows whether before or after its names were read."""
    page, post = a_page(), next_id()
    version = version_of(page)
    hidden(post)
    remember(page, version, {name_of(post)})
    assert version_of(page) != version
    told = version_of(page)
    hidden(next_id())
    assert version_of(page) == told


def test_who_shows_more_than_was_known_does_not_stand_on_what_was() -> None:
    """Two renderings for one version; between them something is hidden that only the second one had read."""
    page, post, added = a_page(), next_id(), next_id()
    version = shown_by(page, post)
    hidden(added)
    assert version_of(page) == version
    remember(page, version, {name_of(post), name_of(added)})
    assert version_of(page) != version


def test_a_page_that_has_shown_too_much_begins_anew() -> None:
    page = a_page()
    hidden(next_id())
    crowded = shown_by(page, *(next_id() for _ in range(NAMES_AT_MOST + 1)))
    hidden(next_id())
    assert version_of(page) != crowded
    assert shown_by(page, next_id()) == version_of(page)


def test_a_late_rendering_takes_no_name_away() -> None:
    """One that showed less ends after one that showed more."""
    page, post, added = a_page(), next_id(), next_id()
    hidden(next_id())
    early = version_of(page)
    shown_by(page, post, added)
    hidden(next_id())
    remember(page, early, {name_of(post)})
    before = version_of(page)
    hidden(added)
    assert version_of(page) != before


def test_what_redis_has_lost_is_a_new_version() -> None:
    page, post = a_page(), next_id()
    before = shown_by(page, post)
    cache.clear()
    assert version_of(page) not in {before, ""}


def test_what_is_hidden_while_redis_is_away_is_owed(redis_stopped: None, client: Client) -> None:
    """The name and the text of everything: `config.redis_debts` takes them out before anything is read again."""
    before = len(debts)
    hidden(next_id())
    assert len(debts) == before + 2
    assert VERSION_HEADER not in client.get(PATH, headers={PAGE_HEADER: a_page()}).headers


def test_an_edge_that_asks_is_answered_in_a_word(client: Client) -> None:
    page, post = a_page(), next_id()
    version = shown_by(page, post)
    answer = client.get(PATH, headers={PAGE_HEADER: page})
    assert (answer.status_code, answer.headers[VERSION_HEADER], answer.content) == (204, version, b"")
    assert VERSION_HEADER not in client.get(PATH).headers


def test_what_a_page_shows_is_noted_for_the_edge_that_asked() -> None:
    page, post = a_page(), next_id()
    version = version_of(page)

    @edge.public_page
    def view(_request: HttpRequest) -> HttpResponse:
        stamps.see([name_of(post)])
        return HttpResponse("said")

    answer = judged(view, **{PAGE_HEADER: page, VERSION_HEADER: version})
    assert answer.headers["Cache-Control"] == page_policy(0, asks=True)
    hidden(next_id())
    settled = version_of(page)
    hidden(post)
    assert version_of(page) != settled
    again = judged(view, **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == page_policy(0, asks=False)


@pytest.mark.parametrize(("status", "is_refused"), [(404, True), (503, False)])
def test_a_page_that_fails_may_still_be_given_out(status: int, is_refused: bool) -> None:
    page = a_page()
    judged(
        lambda _request: HttpResponse(status=status), **{PAGE_HEADER: page, VERSION_HEADER: version_of(page)}
    )
    assert (version_of(page) == "") == is_refused


def with_cookie(response: HttpResponse) -> HttpResponse:
    response.set_cookie("any", "thing")
    return response


@pytest.mark.parametrize(
    ("view", "headers"),
    [
        (lambda _request: HttpResponse(headers={"Cache-Control": "public, max-age=60"}), {}),
        (lambda _request: HttpResponse(), {}),
        (edge.public_page(lambda _request: with_cookie(HttpResponse())), {}),
        (edge.public_file(lambda _request: with_cookie(HttpResponse())), {}),
        (edge.public_page(lambda _request: HttpResponse(status=404)), {}),
        (
            edge.public_page(lambda _request: HttpResponse()),
            {"Cookie": f"{settings.SESSION_COOKIE_NAME}=old"},
        ),
        (edge.public_page(lambda _request: HttpResponse()), {"Cookie": "theme=dark; messages=said"}),
        (edge.public_page(lambda _request: HttpResponse()), {"Authorization": "Token t"}),
    ],
)
def test_nobody_else_may_keep_it(view: Answering, headers: dict[str, str]) -> None:
    answer = judged(view, **headers)
    assert answer.headers["Cache-Control"] == PRIVATE
    assert not [name for name in answer.headers if name.startswith("X-Public")]


def test_an_operator_may_forbid_all_keeping(settings: Any) -> None:
    settings.SHARED_SECONDS = 0
    assert judged(edge.public_page(lambda _request: HttpResponse())).headers["Cache-Control"] == PRIVATE


def test_names_outlive_what_an_edge_keeps() -> None:
    (longest,) = [
        rule.le for rule in Environment.model_fields["shared_seconds"].metadata if hasattr(rule, "le")
    ]
    assert longest + ASKED_FAILING_SECONDS <= KEPT_SECONDS < RECORD_SECONDS


def test_one_language_is_spoken() -> None:
    """With a second one the edge has to tell pages apart by Accept-Language: `$page` in deploy/nginx."""
    assert len(settings.LANGUAGES) == 1
