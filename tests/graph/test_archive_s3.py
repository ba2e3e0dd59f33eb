"""The archive in a bucket, as in production: django-storages against a server that speaks S3."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from django.core.files.storage import storages

from config.ids import next_id
from config.storages import storage_of
from deploy.local import fetch
from deploy.local.engines import Engine, Running
from deploy.local.paths import ENGINES, locked
from deploy.local.ports import LOOPBACK, free_port
from graph.archive_repository import archive_get, segments_of
from graph.archive_return import return_some
from graph.errors import ArchiveAway, SegmentLost
from tests.accounts.factory import a_user
from tests.engines import FOLDER
from tests.graph.archiving import archived, halves_of, returned
from tests.graph.factory import followers_of, id_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


class Bucket:
    """A bucket of a test's own."""

    def __init__(self, endpoint: str) -> None:
        self.name = f"roost-archive-{next_id()}"
        self.url = f"s3://{self.name}/edges-of-dormant?region=eu-central-1&endpoint={endpoint}"
        config = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"})
        self.client = boto3.client("s3", endpoint_url=endpoint, region_name="eu-central-1", config=config)
        where = {"LocationConstraint": "eu-central-1"}
        self.client.create_bucket(Bucket=self.name, CreateBucketConfiguration=where)  # type: ignore[arg-type]

    def names(self) -> list[str]:
        return [row["Key"] for row in self.client.list_objects_v2(Bucket=self.name).get("Contents", [])]


def s3_engine(folder: Path) -> Engine:
    """ministack with nothing but S3."""
    port = free_port()
    env = {"GATEWAY_PORT": str(port), "SERVICES": "s3", "BIND_HOST": LOOPBACK, "PERSIST_STATE": "0"}
    question = b"GET /_ministack/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    command = [str(fetch.ministack()), "-m", "ministack"]
    return Engine("s3", command, port, folder, question, b"HTTP/1.1 200", env)


@pytest.fixture(scope="module")
def s3() -> Iterator[Running]:
    folder = FOLDER / "s3"
    folder.mkdir(parents=True, exist_ok=True)
    with locked(ENGINES / "fetch.lock"):
        fetch.ministack()
    running = Running(lambda: s3_engine(folder), folder / "s3.log", {})
    yield running
    running.stop()


@pytest.fixture
def bucket(s3: Running, settings: Any) -> Iterator[Bucket]:
    """A bucket, and the setting that names it."""
    settings.ARCHIVE_GRACE_SECONDS = 0
    made = Bucket(f"http://{LOOPBACK}:{s3.engine.port}")
    settings.STORAGES = settings.STORAGES | {"archive": storage_of(made.url, FOLDER / "unused")}
    yield made
    made.client.close()


def test_edges_go_to_a_bucket_and_come_back(bucket: Bucket) -> None:
    ana = a_user("ana")
    followers_of(ana, 5)
    before = halves_of(ana)
    archived(ana, segment_rows=2)
    assert halves_of(ana) == {}
    names = bucket.names()
    assert len(names) == 3
    assert all(name.startswith(f"edges-of-dormant/edges/{ana.pk}/") for name in names)
    assert type(storages["archive"]).__name__ == "S3Storage"
    returned(ana)
    assert halves_of(ana) == before
    assert bucket.names() == []


def test_a_lost_object_and_a_bucket_that_is_away_are_told_apart(bucket: Bucket, s3: Running) -> None:
    ana = a_user("ana")
    followers_of(ana, 3)
    before = halves_of(ana)
    archived(ana, segment_rows=2)
    archive = archive_get(id_of(ana))
    assert archive is not None
    first = segments_of(archive)[0]
    key = f"edges-of-dormant/{first.name}"
    content = bucket.client.get_object(Bucket=bucket.name, Key=key)["Body"].read()
    bucket.client.delete_object(Bucket=bucket.name, Key=key)
    with pytest.raises(SegmentLost, match=first.name):
        return_some(user_id=id_of(ana))
    assert len(halves_of(ana)) == 1
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=content[:-1] + b"x")
    with pytest.raises(SegmentLost, match="not what was written"):
        return_some(user_id=id_of(ana))
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=content)
    assert return_some(user_id=id_of(ana))
    assert halves_of(ana) == before
    bob = a_user("bob")
    followers_of(bob, 1)
    archived(bob)
    s3.kill()
    with pytest.raises(ArchiveAway):
        return_some(user_id=id_of(bob))
    s3.restart()
