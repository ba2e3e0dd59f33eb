"""Private files in a folder, and in a bucket behind the S3 interface."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from accounts import export_files
from accounts.export_models import ExportState
from config.storages import storage_of
from deploy.local import engines
from deploy.local.engines import Engine, Running
from deploy.local.ports import free_port
from posts.services import post_delete
from tests.accounts.exporting import asked, content_of, id_of, made, packed, records, steps_of
from tests.accounts.factory import a_user
from tests.posts.factory import a_photo, a_post, with_renditions

BUCKET = "roost-tests"


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server of these tests' own, with an empty bucket."""
    folder = tmp_path_factory.mktemp("s3")

    def make() -> Engine:
        engine = engines.dynamodb("ministack", port=free_port(), folder=folder, in_memory=True)
        return replace(engine, name="s3", env={**engine.env, "SERVICES": "s3"})

    running = Running(make, folder / "s3.log", os.environ)
    endpoint = f"http://127.0.0.1:{running.engine.port}"
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="roost",
        aws_secret_access_key="roost",
    )
    client.create_bucket(Bucket=BUCKET)
    client.close()
    yield endpoint
    running.stop()


@pytest.fixture
def in_bucket(s3: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "roost")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "roost")
    url = f"s3://{BUCKET}/private?region=us-east-1&endpoint={s3}"
    settings.STORAGES = settings.STORAGES | {"private": storage_of(url, Path())}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("in_bucket", "empty_cache")
def test_an_export_lives_in_a_bucket(client: Client) -> None:
    assert "S3" in type(storages["private"]).__name__
    ana = a_user("ana")
    with_renditions(a_post(by=ana, text="in the bucket", photo=a_photo()))
    gone = with_renditions(a_post(by=ana, text="photo goes", photo=a_photo()))
    export = asked(ana)
    steps_of(export)
    assert export.pk in export_files.export_ids_stored()
    assert gone.photo is not None
    post_delete(user_id=id_of(ana), post_id=gone.id)
    assert packed(export).state == ExportState.READY
    assert [record["text"] for record in records(content_of(export), "posts")] == [
        "photo goes",
        "in the bucket",
    ]
    folders, files = storages["private"].listdir(f"exports/{export.pk}")
    assert (folders, len(files)) == ([], 1)
    client.force_login(ana)
    answer = client.get(f"/settings/data/{export.pk}/download/")
    assert len(b"".join(answer.streaming_content)) == export.size  # type: ignore[attr-defined]
    client.post(f"/settings/data/{export.pk}/delete/")
    assert export.pk not in export_files.export_ids_stored()
    assert content_of(made(a_user("bob")))


def test_a_folder_is_ours_alone_and_has_no_addresses(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {"private": storage_of("", tmp_path / "private")}
    storage = storages["private"]
    name = storage.save("a/b.txt", ContentFile(b"one"))
    assert storage.save("a/b.txt", ContentFile(b"2")) == name
    with storage.open(name) as file:
        assert file.read() == b"2"
    assert (tmp_path / "private" / "a").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "private" / "a" / "b.txt").stat().st_mode & 0o777 == 0o600
    with pytest.raises(ValueError, match="handed out by views"):
        storage.url(name)


@pytest.mark.parametrize("url", ["http://bucket/x", "s3:///x", "bucket", "file:///etc"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="s3://bucket"):
        storage_of(url, Path())
