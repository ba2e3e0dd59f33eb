"""Media in the API: ahead of the post, whole or in pieces, described, discarded, taken by a post."""

import base64
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from config.entities import UserId
from posts.entities import MediumId
from posts.media import limits
from posts.media.services import medium_render
from posts.repository.media import get_medium, query_unused
from tests.accounts.factory import a_user
from tests.posts.factory import a_photo
from tests.posts.media import pictures

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def uploaded(client: APIClient, file: BytesIO | None = None, **fields: Any) -> Any:
    answer = client.post("/api/v1/media/", {"file": file or a_photo(200, 150), **fields}, format="multipart")
    assert answer.status_code == 201, answer.json()
    return answer.json()


def begun(client: APIClient, length: int, **told: str) -> Any:
    pairs = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items())
    headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": pairs}
    return client.post("/api/v1/media/uploads/", headers=headers)


def sent(client: APIClient, url: str, offset: int, piece: bytes) -> Any:
    return client.patch(url, piece, content_type=PIECE, headers={**TUS, "Upload-Offset": str(offset)})


def test_several_are_uploaded_ahead_described_and_taken_in_order() -> None:
    ana = a_user()
    client = client_of(ana)
    first, second, third = (uploaded(client, alt=f"Number {number}") for number in range(3))
    assert (first["state"], first["photo"]["renditions"], first["alt"]) == ("waiting", [], "Number 0")
    medium_render(medium_id=MediumId(int(first["id"])))
    ready = client.get(f"/api/v1/media/{first['id']}/").json()
    assert (ready["state"], len(ready["photo"]["renditions"]), len(ready["photo"]["avif"])) == ("ready", 1, 1)
    own = client.get(ready["photo"]["renditions"][0]["url"])
    assert (own.status_code, own["Cache-Control"]) == (200, "private, no-cache")
    assert b"".join(own.streaming_content)[8:12] == b"WEBP"
    for other in (APIClient(), client_of(a_user("bob"))):
        assert other.get(ready["photo"]["renditions"][0]["url"]).status_code == 404
    described = client.patch(f"/api/v1/media/{second['id']}/", {"alt": "A pier"})
    assert described.json()["alt"] == "A pier"
    assert client.delete(f"/api/v1/media/{third['id']}/").status_code == 204
    assert client.get(f"/api/v1/media/{third['id']}/").status_code == 404
    made = client.post("/api/v1/posts/", {"media_ids": [second["id"], first["id"]]})
    assert made.status_code == 201
    assert [(photo["id"], photo["alt"]) for photo in made.json()["photos"]] == [
        (second["id"], "A pier"),
        (first["id"], "Number 0"),
    ]
    assert [photo["state"] for photo in made.json()["photos"]] == ["waiting", "ready"]
    assert query_unused(UserId(ana.pk), limit=9) == []
    again = client.post("/api/v1/posts/", {"media_ids": [first["id"]]})
    assert (again.status_code, again.json()["code"]) == (409, "medium_used")
    for method in (client.delete, lambda url: client.patch(url, {"alt": "x"})):
        assert method(f"/api/v1/media/{first['id']}/").status_code == 409
    medium_render(medium_id=MediumId(int(second["id"])))
    medium_render(medium_id=MediumId(int(second["id"])))  # delivered twice
    second_medium = get_medium(MediumId(int(second["id"])))
    assert second_medium
    assert second_medium.perceptual_hash


def test_others_media_look_like_none() -> None:
    mine = uploaded(client_of(a_user()))
    bob = client_of(a_user("bob"))
    url = f"/api/v1/media/{mine['id']}/"
    assert {
        bob.get(url).status_code,
        bob.delete(url).status_code,
        bob.patch(url, {"alt": ""}).status_code,
    } == {404}
    taken = bob.post("/api/v1/posts/", {"media_ids": [mine["id"]]})
    assert (taken.status_code, taken.json()["code"]) == (404, "medium_not_found")
    assert APIClient().get(url).status_code == 401


def test_too_many_are_refused_before_anything_is_read(settings: Any) -> None:
    client = client_of(a_user())
    many = client.post("/api/v1/posts/", {"media_ids": [str(number) for number in range(1, 23)]})
    assert many.status_code == 422
    settings.UNUSED_MEDIA_AT_MOST = 2
    for _number in range(2):
        uploaded(client)
    refused = client.post("/api/v1/media/", {"file": a_photo(60, 40)}, format="multipart")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_uploads")
    assert begun(client, 100).status_code == 429


def test_a_refused_file_says_why(own_folder: Path) -> None:
    client = client_of(a_user())
    for data, name, kind, code in (
        (pictures.a_png(13_000, 13_000), "b.png", "image/png", "image_too_large"),
        (pictures.SVG, "b.svg", "image/svg+xml", "image_is_more"),
        (a_photo(60, 40, "PNG").getvalue(), "b.jpg", "image/jpeg", "image_mislabelled"),
        (b"", "b.jpg", "image/jpeg", "image_invalid"),
    ):
        answer = client.post("/api/v1/media/", {"file": pictures.named(data, name, kind)}, format="multipart")
        assert (answer.status_code, answer.json()["code"]) == (422, code), name
    assert list(own_folder.iterdir()) == []


@pytest.mark.parametrize("name", ["../../etc/passwd.jpg", "a\x00b.jpg", "photo\u202egpj.exe", "/etc/x.jpg"])
def test_no_name_of_theirs_is_used(name: str, own_folder: Path) -> None:
    client = client_of(a_user())
    uploaded(client, pictures.named(a_photo(60, 40).getvalue(), name, "image/jpeg"))
    stored = [path for path in own_folder.rglob("*") if path.is_file()]
    assert [path.name for path in stored] == ["source.jpg"]
    refused = begun(client, 100, filename=name)
    assert (refused.status_code, refused.json()["code"]) == (422, "name_refused")


def test_an_upload_in_pieces_goes_on_where_it_broke_off(own_folder: Path) -> None:
    client, data = client_of(a_user()), a_photo(300, 200).getvalue()
    asked = client.options("/api/v1/media/uploads/")
    assert (asked["Tus-Version"], asked["Tus-Max-Size"]) == ("1.0.0", "30000000")
    made = begun(client, len(data), filename="Möwe.jpg", filetype="image/jpeg", alt="A gull")
    assert made.status_code == 201
    url = made["Location"]
    assert sent(client, url, 0, data[:1000])["Upload-Offset"] == "1000"
    twice = sent(client, url, 0, data[:1000])
    assert (twice.status_code, twice.json()["code"]) == (409, "offset_wrong")
    where = client.head(url, headers=TUS)
    assert (where["Upload-Offset"], where["Upload-Length"]) == ("1000", str(len(data)))
    too_much = sent(client, url, 1000, data[1000:] + b"more")
    assert (too_much.status_code, too_much.json()["code"]) == (413, "too_large")
    done = sent(client, url, 1000, data[1000:])
    assert (done.status_code, done["Upload-Offset"], done["Tus-Resumable"]) == (204, str(len(data)), "1.0.0")
    medium_id = url.rstrip("/").rpartition("/")[2]
    medium = client.get(f"/api/v1/media/{medium_id}/").json()
    assert (medium["state"], medium["alt"], medium["size"]) == ("waiting", "A gull", len(data))
    assert [path.name for path in own_folder.rglob("*") if path.is_file()] == ["source.jpg"]
    assert client.head(url, headers=TUS)["Upload-Offset"] == str(len(data))


def test_pieces_that_make_no_picture_leave_nothing(own_folder: Path) -> None:
    ana = a_user()
    client = client_of(ana)
    url = begun(client, 12)["Location"]
    sent(client, url, 0, b"no pic")
    refused = sent(client, url, 6, b"ture..")
    assert (refused.status_code, refused.json()["code"]) == (422, "image_invalid")
    assert client.head(url, headers=TUS).status_code == 404
    assert not [path for path in own_folder.rglob("*") if path.is_file()]
    assert query_unused(UserId(ana.pk), limit=9) == []


def test_the_protocol_is_held(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(a_user())
    assert client.post("/api/v1/media/uploads/", headers={"Upload-Length": "5"}).status_code == 412
    assert begun(client, settings.PHOTO_MAX_BYTES + 1).status_code == 422
    assert begun(client, 0).status_code == 422
    assert client.post("/api/v1/media/uploads/", headers=TUS).status_code == 422
    url = begun(client, 50)["Location"]
    headers = {**TUS, "Upload-Offset": "0"}
    assert client.patch(url, b"x", content_type="text/plain", headers=headers).status_code == 415
    bob = client_of(a_user("bob"))
    assert sent(bob, url, 0, b"x").status_code == 404
    monkeypatch.setattr(limits, "PARTS_AT_MOST", 2)
    assert [sent(client, url, offset, b"x").status_code for offset in range(3)] == [204, 204, 422]
    assert client.delete(url, headers=TUS).status_code == 204
    assert client.head(url, headers=TUS).status_code == 404
    direct = client.post("/api/v1/media/direct/", {"length": 5})
    assert (direct.status_code, direct.json()["code"]) == (409, "no_direct_uploads")


class Lazy:
    """A chunked body of a gigabyte, and how much of it was asked for."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "never read whole"
        self.given += size
        return bytes(size) if self.given < 1_000_000_000 else b""

    def readline(self, size: int = -1) -> bytes:
        raise NotImplementedError


def test_a_chunked_piece_is_counted_as_it_comes(own_folder: Path) -> None:
    client = client_of(a_user())
    url = begun(client, 1_000_000)["Location"]
    body = Lazy()
    answer = client.generic(
        "PATCH",
        url,
        content_type=PIECE,
        headers={**TUS, "Upload-Offset": "0", "Transfer-Encoding": "chunked"},
        **{"wsgi.input": body, "wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert body.given < 1_600_000
    assert client.head(url, headers=TUS)["Upload-Offset"] == "0"
    assert not [path for path in own_folder.rglob("*") if path.is_file()]
