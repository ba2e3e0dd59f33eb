"""Refusals as pages, toasts and problems, through the whole chain of middleware."""

import types

import pytest
from django.test import Client

from config import urls
from tests.config import raising_urls

PAGE = "<!DOCTYPE html>"
RAISED = list(raising_urls.RAISED)


@pytest.fixture
def raising(settings: types.SimpleNamespace, client: Client) -> Client:
    """A client of the site with pages that only raise."""
    settings.ROOT_URLCONF = "tests.config.raising_urls"
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("code", RAISED)
def test_a_refusal_is_a_page_with_its_status(raising: Client, code: str) -> None:
    error = raising_urls.RAISED[code]
    response = raising.get(f"/raise/{code}/")
    assert response.status_code == error.http_status
    page = response.content.decode()
    assert page.lstrip().startswith(PAGE)
    assert "error-page" in page
    assert response.headers["X-Request-ID"] in page
    assert "<style" not in page
    assert "style=" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("code", RAISED)
def test_htmx_gets_a_toast_that_goes_to_the_toasts(raising: Client, code: str) -> None:
    response = raising.get(f"/raise/{code}/", headers={"HX-Request": "true"})
    assert response.status_code == raising_urls.RAISED[code].http_status
    assert (response.headers["HX-Retarget"], response.headers["HX-Reswap"]) == ("#toasts", "beforeend")
    assert "toast-error" in response.content.decode()
    assert PAGE not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_htmx_that_wants_a_whole_page_gets_one(raising: Client, header: str) -> None:
    response = raising.get("/raise/not_found/", headers={"HX-Request": "true", header: "true"})
    assert PAGE in response.content.decode()


@pytest.mark.django_db
def test_a_page_that_is_not_there(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "error-page" in response.content.decode()


@pytest.mark.django_db
def test_a_wait_is_told(raising: Client) -> None:
    assert raising.get("/raise/too_fast/").headers["Retry-After"] == "3"


def test_what_nobody_foresaw_asks_neither_session_nor_database(raising: Client) -> None:
    """No `django_db` mark: a query would fail this test."""
    raising.cookies["sessionid"] = "of-somebody"
    response = raising.get("/raise/unforeseen/")
    assert response.status_code == 500
    page = response.content.decode()
    assert "error-page" in page
    assert "hunter2" not in page


def test_an_engine_away_asks_neither_session_nor_database(raising: Client) -> None:
    raising.cookies["sessionid"] = "of-somebody"
    assert raising.get("/raise/unavailable/").status_code == 503


def test_a_host_that_is_not_ours_is_refused_with_a_page(client: Client) -> None:
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "error-page" in response.content.decode()


@pytest.mark.django_db
def test_a_stale_form_says_what_to_do(settings: types.SimpleNamespace) -> None:
    settings.ROOT_URLCONF = "tests.config.raising_urls"
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/form/")
    assert response.status_code == 403
    assert "Load it again" in response.content.decode()
    toast = strict.post("/form/", headers={"HX-Request": "true"})
    assert "toast-error" in toast.content.decode()


def test_every_handler_of_the_site_is_ours() -> None:
    for status in (400, 403, 404, 429, 500):
        assert getattr(urls, f"handler{status}").startswith("config.error_pages.")
