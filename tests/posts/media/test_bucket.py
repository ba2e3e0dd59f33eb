"""Photos in a bucket, as in production: django-storages against a server that speaks S3."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from config.entities import PostId, UserId
from config.storages import origins_of, storage_of
from deploy.local.engines import Running
from deploy.local.ports import LOOPBACK
from posts.removal import deleted_sweep
from posts.selectors import post_by_id
from posts.services import UNDO_MS, post_delete
from tests.accounts.factory import a_user
from tests.graph.test_archive_s3 import Bucket, s3  # noqa: F401  # a fixture
from tests.posts.factory import a_photo, with_renditions

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]


@pytest.fixture
def bucket(s3: Running, settings: Any) -> Iterator[Bucket]:  # noqa: F811
    made = Bucket(f"http://{LOOPBACK}:{s3.engine.port}")
    photos = storage_of(made.url, None)
    photos["OPTIONS"] |= {
        "access_key": "test",
        "secret_key": "test",
    }  # the one that this server checks addresses by
    settings.STORAGES = settings.STORAGES | {"photos": photos}
    yield made
    made.client.close()


def sent_straight(form: dict[str, Any], data: bytes) -> int:
    """What a browser does with the form that it was given."""
    mark = uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form["fields"].items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + data + f"\r\n--{mark}--\r\n".encode()
    request = Request(
        form["url"], body, {"Content-Type": f"multipart/form-data; boundary={mark}"}, method="POST"
    )
    with urlopen(request, timeout=20) as answer:
        return int(answer.status)


def test_straight_to_the_bucket_and_back_by_an_address_that_runs_out(bucket: Bucket) -> None:
    ana = a_user()
    client = APIClient()
    client.force_authenticate(ana)
    data = a_photo(200, 100).getvalue()
    begun = client.post("/api/v1/media/direct/", {"length": len(data), "type": "image/jpeg", "alt": "A pier"})
    assert begun.status_code == 201
    medium_id = begun.json()["medium"]["id"]
    early = client.post(f"/api/v1/media/direct/{medium_id}/")
    assert (early.status_code, early.json()["code"]) == (409, "offset_wrong")
    assert sent_straight(begun.json(), data) in {200, 201, 204}
    ended = client.post(f"/api/v1/media/direct/{medium_id}/")
    assert (ended.status_code, ended.json()["state"], ended.json()["alt"]) == (200, "waiting", "A pier")
    made = client.post("/api/v1/posts/", {"media_ids": [medium_id], "audience": "followers"}).json()
    post = with_renditions(post_by_id(PostId(int(made["id"]))))
    assert sorted(name.rpartition("/")[2] for name in bucket.names()) == ["200.avif", "200.webp"]

    url = client.get(f"/api/v1/posts/{post.id}/").json()["photo"]["renditions"][0]["url"]
    assert APIClient().get(url).status_code == 404
    sent_on = client.get(url)
    assert sent_on.status_code == 302
    assert "X-Amz-Expires=60" in sent_on["Location"]
    with urlopen(sent_on["Location"], timeout=20) as file:
        assert file.read()[8:12] == b"WEBP"
    post_delete(user_id=UserId(ana.pk), post_id=post.id)
    deleted_sweep(now_ms=time.time_ns() // 1_000_000 + UNDO_MS)
    assert bucket.names() == []


def test_what_lies_in_the_bucket_is_judged_all_the_same(bucket: Bucket) -> None:
    client = APIClient()
    client.force_authenticate(a_user())
    begun = client.post("/api/v1/media/direct/", {"length": 500}).json()
    try:
        sent_straight(begun, b"<svg><script>alert(1)</script></svg>" * 2)
    except HTTPError as refused:
        pytest.fail(refused.read().decode())
    ended = client.post(f"/api/v1/media/direct/{begun['medium']['id']}/")
    assert (ended.status_code, ended.json()["code"]) == (422, "image_is_more")
    assert bucket.names() == []


def test_where_a_browser_may_be_sent() -> None:
    assert origins_of("") == []
    assert origins_of("s3://b/p?endpoint=http://127.0.0.1:9000") == ["http://127.0.0.1:9000"]
    assert "https://b.s3.eu-central-1.amazonaws.com" in origins_of("s3://b/p?region=eu-central-1")
