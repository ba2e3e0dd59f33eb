"""Exports by page and by API: from nothing to a file, and closed to others."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.export_models import Export, ExportState
from accounts.models import User
from accounts.services import token_create
from tests.accounts.exporting import asked, files_in, id_of, made, packed, steps_of, stored
from tests.accounts.factory import a_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_cache")]


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_only_the_owner_gets_the_file(client: Client, ana: User) -> None:
    export = made(ana)
    address = f"/settings/data/{export.pk}/download/"
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="roost-{ana.username}-{export.asked_at:%Y-%m-%d}.zip"'
    )
    assert answer["Content-Type"] == "application/zip"
    assert int(answer["Content-Length"]) == export.size
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert "index.html" in files_in(body)
    assert Client().get(address).status_code == 404
    other = Client()
    other.force_login(a_user("bob"))
    assert other.get(address).status_code == 404
    for action in ("delete", "retry"):
        assert other.post(f"/settings/data/{export.pk}/{action}/").status_code == 404
    assert other.get("/media/" + export.file_name).status_code == 404
    assert stored(export)


def test_the_page_from_nothing_to_a_file(client: Client, ana: User) -> None:
    html = client.get("/settings/data/").content.decode()
    assert "Make a copy" in html
    assert "/download/" not in html
    client.post("/settings/data/ask/")
    export = Export.objects.get(user=ana)
    html = client.get("/settings/data/").content.decode()
    assert "being made" in html
    assert 'hx-trigger="load delay:2s"' in html
    piece = client.get("/settings/data/", headers={"HX-Request": "true"}).content.decode()
    assert piece.lstrip().startswith("<section")
    assert "<html" not in piece
    steps_of(export)
    packed(export)
    html = client.get("/settings/data/").content.decode()
    assert f"/settings/data/{export.pk}/download/" in html
    assert "hx-trigger" not in html.partition('id="export"')[2].partition("</section>")[0]
    assert "Make a new copy" not in html
    answer = client.post("/settings/data/ask/", follow=True)
    assert "one copy of your data a day" in answer.content.decode()
    client.post(f"/settings/data/{export.pk}/delete/")
    assert "/download/" not in client.get("/settings/data/").content.decode()


def test_the_page_of_one_that_failed(client: Client, ana: User) -> None:
    export = asked(ana, state=ExportState.FAILED)
    assert "Try again" in client.get("/settings/data/").content.decode()
    client.post(f"/settings/data/{export.pk}/retry/")
    export.refresh_from_db()
    assert export.is_open


def test_the_page_is_closed_to_others() -> None:
    assert Client().get("/settings/data/")["Location"].startswith("/login/?next=")
    assert Client().post("/settings/data/ask/")["Location"].startswith("/login/")


# --- API --------------------------------------------------------------------------------------------------------------
def api(user: User) -> Callable[..., Any]:
    _token, text = token_create(user_id=id_of(user))
    caller = Client(headers={"Authorization": f"Token {text}"})
    return lambda method, path, **given: getattr(caller, method)(f"/api/v1/me/exports/{path}", **given)


def test_the_api_from_nothing_to_a_file(ana: User) -> None:
    call = api(ana)
    assert call("get", "").json() == {"items": []}
    answer = call("post", "")
    assert answer.status_code == 202
    given = answer.json()
    assert (given["state"], given["download_url"], given["percent"]) == ("queued", None, 0)
    assert call("post", "").json()["id"] == given["id"]
    assert call("get", f"{given['id']}/download/").status_code == 404
    export = Export.objects.get(pk=given["id"])
    steps_of(export)
    packed(export)
    shown = call("get", f"{given['id']}/").json()
    assert (shown["state"], shown["percent"], shown["size"]) == ("ready", 100, export.size)
    assert [part["name"] for part in shown["parts"]][:2] == ["profile", "email_addresses"]
    assert call("get", "").json()["items"] == [shown]
    download = call("get", f"{given['id']}/download/")
    assert "data/posts.json" in files_in(b"".join(download.streaming_content))
    assert "no-store" in download["Cache-Control"]
    zipped = call("get", f"{given['id']}/download/", headers={"Accept": "application/zip"})
    assert files_in(b"".join(zipped.streaming_content))
    refused = call("post", "")
    assert (refused.status_code, refused.json()["code"]) == (429, "export_too_soon")
    assert int(refused["Retry-After"]) > 86_000
    for _again in range(2):
        assert call("delete", f"{given['id']}/").status_code == 204
    assert call("get", f"{given['id']}/download/").status_code == 404
    assert call("get", f"{given['id']}/").json()["state"] == "expired"


def test_the_api_is_closed_to_others(ana: User) -> None:
    export, bob = made(ana), api(a_user("bob"))
    for method, path in (("get", ""), ("delete", ""), ("get", "download/"), ("post", "retry/")):
        assert bob(method, f"{export.pk}/{path}").status_code == 404
        assert getattr(Client(), method)(f"/api/v1/me/exports/{export.pk}/{path}").status_code == 401
    assert bob("get", "").json() == {"items": []}
    assert stored(export)
