"""Asking for exports, making them, and what becomes of them with time: by service, by upkeep and by command."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts import export_files, export_services, export_upkeep
from accounts.departure_steps import cleanup_steps
from accounts.errors import ExportTooSoon
from accounts.export_files import private_storage
from accounts.export_models import Export, ExportState
from accounts.export_services import PACKING
from accounts.models import User
from tests.accounts.exporting import (
    asked,
    content_of,
    files_in,
    id_of,
    made,
    packed,
    records,
    steps_of,
    stored,
)
from tests.accounts.factory import a_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_cache")]


@pytest.fixture
def begun() -> list[int]:
    return []


def ask(user: User, begun: list[int]) -> Export:
    return export_services.export_ask(user_id=id_of(user), language="en", begin=begun.append)


# --- Asking -----------------------------------------------------------------------------------------------------------
def test_a_second_request_is_answered_with_the_first(ana: User, begun: list[int]) -> None:
    first = ask(ana, begun)
    assert ask(ana, begun).pk == first.pk
    assert begun == [first.pk]


def test_one_a_day_and_the_refusal_says_when(ana: User, begun: list[int]) -> None:
    export = made(ana)
    Export.objects.filter(pk=export.pk).update(asked_at=timezone.now() - timedelta(hours=3, minutes=10))
    with pytest.raises(ExportTooSoon) as refused:
        ask(ana, begun)
    assert "21 hours" in str(refused.value)
    assert 20 * 3600 < refused.value.data["retry_after_seconds"] < 21 * 3600
    Export.objects.filter(pk=export.pk).update(asked_at=timezone.now() - timedelta(hours=24, seconds=1))
    assert ask(ana, begun).pk != export.pk


def test_removing_an_export_does_not_go_round_the_limit(ana: User, begun: list[int]) -> None:
    export_services.export_delete(user_id=id_of(ana), export_id=made(ana).pk)
    with pytest.raises(ExportTooSoon):
        ask(ana, begun)


def test_one_of_an_operator_counts_for_nobody(ana: User, begun: list[int]) -> None:
    asked(ana, by_operator=True)
    assert ask(ana, begun).by_operator is False


# --- Making -----------------------------------------------------------------------------------------------------------
def test_a_step_delivered_again_later_changes_nothing(ana: User) -> None:
    export = asked(ana)
    twice: list[int] = [export.pk]
    queue = [export.pk]
    while queue:
        export_services.export_step(export_id=queue.pop(), again=queue.append, pack=twice.append)
        if len(twice) == 1:  # the same message once more, while the next one waits
            export_services.export_step(export_id=export.pk, again=lambda _id: None, pack=twice.append)
    export.refresh_from_db()
    assert export.part == PACKING
    files, plain = content_of(packed(export)), content_of(made(ana))
    assert {name: body for name, body in files.items() if name.startswith("data/")} == {
        name: body for name, body in plain.items() if name.startswith("data/")
    }


def test_two_at_the_same_page_write_it_once(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    export = asked(ana)
    first = export_services.part_under_way(export)
    taken: list[int] = []

    class Racing:
        name, total = first.name, None

        @staticmethod
        def read(user_id: Any, cursor: Any) -> Any:
            page = first.read(user_id, cursor)
            monkeypatch.undo()
            # Another delivery is faster, to the end of this page.
            export_services.export_step(export_id=export.pk, again=taken.append, pack=taken.append)
            return page

    monkeypatch.setattr(export_services, "part_under_way", lambda _export: Racing)
    export_services.export_step(export_id=export.pk, again=taken.append, pack=taken.append)
    export.refresh_from_db()
    assert taken == [export.pk]
    assert export.progress[first.name]["pages"] == 1


def test_a_zip_is_made_by_one_at_a_time(ana: User) -> None:
    export = asked(ana)
    steps_of(export)
    Export.objects.filter(pk=export.pk).update(page=1, alive_at=timezone.now())
    assert packed(export).state == ExportState.RUNNING
    Export.objects.filter(pk=export.pk).update(alive_at=timezone.now() - timedelta(minutes=1))
    assert packed(export).state == ExportState.READY
    before = export.file_name
    assert packed(export).file_name == before


def test_sessions_are_told_by_dates_alone(ana: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.exports.SESSIONS_A_PAGE", 2)  # most stretches hold none of hers
    for _other in range(5):
        Client().force_login(a_user("bob"))
    Client().force_login(ana)
    files = content_of(made(ana))
    assert [set(record) for record in records(files, "sessions")] == [{"expires_at"}] * 2
    assert client.session.session_key not in files["data/sessions.json"].decode()
    assert "sessions.html" in files
    assert "sessions-3.html" not in files  # no pages for stretches without any


def test_only_the_zip_is_left(ana: User) -> None:
    export = made(ana)
    folders, files = private_storage().listdir(f"exports/{export.pk}")
    assert folders == []
    assert [f"exports/{export.pk}/{name}" for name in files] == [export.file_name]
    assert export.size == private_storage().size(export.file_name)


def test_stopping_stops(ana: User) -> None:
    export = asked(ana)
    export_services.export_step(export_id=export.pk, again=lambda _id: None, pack=lambda _id: None)
    assert stored(export)
    export_services.export_delete(user_id=id_of(ana), export_id=export.pk)
    assert not stored(export)
    assert steps_of(export) == 1
    assert packed(export).state == ExportState.EXPIRED
    assert not stored(export)


# --- Upkeep -----------------------------------------------------------------------------------------------------------
def long_silent(export: Export) -> None:
    Export.objects.filter(pk=export.pk).update(alive_at=timezone.now() - timedelta(hours=1))


def tend(begun: list[int], mailed: list[int]) -> None:
    export_upkeep.exports_tend(begin=begun.append, mail=mailed.append)


def test_what_was_lost_is_begun_again_and_given_up_in_the_end(ana: User, begun: list[int]) -> None:
    export = asked(ana)
    tend(begun, [])
    assert begun == []
    for number in range(1, 6):
        long_silent(export)
        tend(begun, [])
        assert begun == [export.pk] * number
    long_silent(export)
    tend(begun, [])
    export.refresh_from_db()
    assert (export.state, len(begun)) == (ExportState.FAILED, 5)
    export_services.export_retry(user_id=id_of(ana), export_id=export.pk, begin=begun.append)
    assert len(begun) == 6
    steps_of(export)
    assert packed(export).state == ExportState.READY


def test_it_expires_after_a_week(client: Client, ana: User) -> None:
    export = made(ana)
    assert export.expires_at
    assert export.ready_at
    assert export.expires_at - export.ready_at == timedelta(days=7) == settings.EXPORT_LIFETIME
    assert export_upkeep.exports_sweep() == 0
    assert stored(export)
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(f"/settings/data/{export.pk}/download/").status_code == 404
    assert export_upkeep.exports_sweep() == 1
    assert not stored(export)
    export.refresh_from_db()
    assert export.state == ExportState.EXPIRED


def test_files_of_no_row_are_swept(ana: User) -> None:
    export = made(ana)
    kept = made(a_user())
    private_storage().save(f"exports/{kept.pk}/left.zip", export_files.ContentFile(b"x"))
    Export.objects.filter(pk=export.pk)._raw_delete("default")
    export_upkeep.exports_sweep()
    assert not stored(export)
    assert content_of(kept)
    assert not private_storage().exists(f"exports/{kept.pk}/left.zip")


def test_they_go_with_the_row_of_the_account(ana: User) -> None:
    ready = made(ana)
    ana.delete()
    assert not stored(ready)


def test_they_go_with_the_account(ana: User) -> None:
    ready, begun = made(ana), asked(ana)
    export_services.export_step(export_id=begun.pk, again=lambda _id: None, pack=lambda _id: None)
    assert stored(ready)
    assert stored(begun)
    for step in cleanup_steps():
        if step.name == "accounts.exports":
            cursor = None
            for _call in range(3):
                cursor = step.run(id_of(ana), cursor).cursor
            assert cursor is None
    assert not Export.objects.filter(user=ana).exists()
    assert not stored(ready)
    assert not stored(begun)


def test_one_mail_when_it_is_ready(ana: User) -> None:
    export = made(ana, page_url="https://roost.example/settings/data/")
    for _delivery in range(2):
        export_upkeep.export_mail(export_id=export.pk)
    (message,) = mail.outbox
    assert message.to == [ana.email]
    assert "https://roost.example/settings/data/" in message.body
    assert str(export.pk) not in message.body
    late = made(a_user())
    Export.objects.filter(pk=late.pk).update(ready_at=timezone.now() - timedelta(hours=1))
    unsaid: list[int] = []
    tend([], unsaid)
    assert unsaid == [late.pk]


# --- Operators --------------------------------------------------------------------------------------------------------
def test_the_command(ana: User, tmp_path: Any) -> None:
    export_services.export_step(
        export_id=asked(ana, by_operator=True).pk, again=lambda _id: None, pack=lambda _id: None
    )  # broken off
    into = tmp_path / "ana.zip"
    call_command("export_account", f"@{ana.username}", into=into, no_progress=True)
    assert "data/profile.json" in files_in(into.read_bytes())
    assert list(tmp_path.iterdir()) == [into]
    assert not Export.objects.filter(user=ana).exists()
    assert mail.outbox == []
    with pytest.raises(CommandError, match="nobody"):
        call_command("export_account", "nobody.at.all", into=into)
