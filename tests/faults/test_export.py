"""The making of an export, killed with -9 at a dozen points, ends in the very zip that unbroken work ends in."""

import os
import random
import secrets
import subprocess
import sys
import time
import tracemalloc

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from accounts import export_files
from accounts.export_models import Export, ExportState
from accounts.export_tasks import export_begin
from accounts.models import User
from config.ids import next_id
from graph.bulk import followers_make
from posts.entities import Audience, Photo, Post, PostId
from posts.repository.posts import put_post
from tests import nursery
from tests.accounts.exporting import asked, content_of, id_of, made, packed, records, steps_of
from tests.accounts.factory import a_user
from tests.graph.factory import follows
from tests.posts.factory import a_comment, a_photo, a_post, likes, with_renditions
from tests.stack import TestStack, database_url, eventually

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400), pytest.mark.django_db(transaction=True)]


def work_at(export: Export, *, lines: int, wait: float = 0) -> list[str]:
    """Go on with an export in a process of its own, killed so long after so many lines; 0: let it end."""
    process = nursery.start(
        [sys.executable, "-m", "tests.faults.export_process", str(export.pk)],
        env={**os.environ, "DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    told: list[str] = []
    for line in process.stdout:
        told.append(line.strip())
        if lines and (len(told) == lines or told[-1] == "pack"):
            time.sleep(wait)
            process.kill()
            break
    process.stdout.close()
    assert process.wait() == (-9 if lines else 0), told
    return told


def posts_of(user: User, number: int) -> None:
    """Posts put by the repository, as fast as that goes."""
    for position in range(number):
        post_id = PostId(next_id())
        text = f"{position}: " + "tide " * 40
        assert put_post(Post(post_id, id_of(user), text, (), Audience.EVERYONE, time.time_ns() // 1_000_000))


def test_kills_change_nothing_of_the_zip() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    posts_of(ana, 230)
    for number in range(12):
        with_renditions(a_post(by=ana, photo=a_photo(900 + number, 700), alt=f"Pier {number}"))
    of_bob = a_post(by=bob)
    a_comment(by=ana, on=of_bob)
    likes(ana, of_bob)
    follows(ana, bob)
    followers_make(followee_id=id_of(ana), followee_handle=ana.username, number=150, progress=lambda *_: None)

    export = asked(ana)
    killed = [work_at(export, lines=2, wait=random.uniform(0, 0.02)) for _ in range(7)]
    assert all(told[0].startswith("step") for told in killed)
    while killed[-1][-1] != "pack":
        killed.append(work_at(export, lines=9, wait=random.uniform(0, 0.01)))
    killed += [work_at(export, lines=9, wait=wait) for wait in (0, 0.01, 0.03, 0.06)]
    export.refresh_from_db()
    work_at(export, lines=0)
    export.refresh_from_db()
    assert export.state == ExportState.READY
    assert len(killed) >= 10

    plain = asked(ana, asked_at=export.asked_at)
    steps_of(plain)
    assert content_of(packed(plain)) == content_of(export)
    assert len(records(content_of(export), "posts")) == 242
    assert private_files(export) == 1


def private_files(export: Export) -> int:
    folders, files = export_files.private_storage().listdir(f"exports/{export.pk}")
    return len(folders) + len(files)


def test_a_large_account_is_written_in_pages() -> None:
    ana = a_user("ana")
    posts_of(ana, 500)
    followers_make(
        followee_id=id_of(ana), followee_handle=ana.username, number=2_000, progress=lambda *_: None
    )
    export = asked(ana)
    steps = steps_of(export)
    export.refresh_from_db()
    assert export.progress["posts"]["done"] == 500
    assert export.progress["followers"] | {"files": 0} == {
        "done": 2_000,
        "total": 2_000,
        "pages": 20,
        "files": 0,
    }
    for part, progress in export.progress.items():
        for page in export_files.pages_read(export.pk, part, progress.get("pages", 0)):
            assert len(page["records"]) <= 100
    pages = sum(progress["pages"] for progress in export.progress.values())
    assert (
        pages <= steps <= pages + len(export.progress)
    )  # who reads a full page can't tell that it is the last
    files = content_of(packed(export))
    ids = [record["person"]["id"] for record in records(files, "followers")]
    assert len(set(ids)) == len(ids) == 2_000
    assert {"posts.html", "posts-2.html", "posts-5.html", "followers-20.html"} <= set(files)
    assert b'href="posts-3.html"' in files["posts-2.html"]


def test_memory_does_not_grow_with_the_pictures() -> None:
    ana = a_user("ana")
    for number in range(12):
        name = f"photos/00/{secrets.token_hex(16)}/1280.webp"
        storages["photos"].save(name, ContentFile(secrets.token_bytes(4 << 20)))
        photo = Photo({1280: name}, 1280, 960, "", f"Noise {number}")
        put_post(Post(PostId(next_id()), id_of(ana), "", (photo,), Audience.EVERYONE, 1_800_000_000_000))
    made(a_user("warm"))  # templates and modules are loaded once
    export = asked(ana)
    steps_of(export)
    export.refresh_from_db()
    tracemalloc.start()
    try:
        packed(export)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert export.state == ExportState.READY
    assert export.size > 48 << 20
    assert peak < 8 << 20


@pytest.fixture
def of_old(transactional_db: None) -> User:
    """Somebody whose posts nothing is to be done about any more: the stack, which starts later, never hears of them."""
    ana = a_user("ana")
    posts_of(ana, 400)
    return ana


def test_the_worker_is_killed_and_its_task_comes_again(of_old: User, stack: TestStack) -> None:
    export = asked(of_old)

    def now() -> Export:
        return Export.objects.get(pk=export.pk)

    export_begin(export.pk)
    eventually(lambda: now().progress.get("posts", {}).get("pages", 0) >= 1, every_seconds=0.005)
    stack.kill("worker")
    assert now().is_open
    stack.start("worker")
    eventually(lambda: now().state == ExportState.READY, timeout_seconds=120)
    assert len({record["id"] for record in records(content_of(now()), "posts")}) == 400
    eventually(lambda: private_files(now()) == 1)  # the pages go once the zip is out
