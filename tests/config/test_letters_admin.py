"""Dead letters in the administration."""

import pytest
from django.test import Client

from accounts.models import User
from config.task_letters import task_letter_by_key, task_letter_put

pytestmark = pytest.mark.django_db
PAGE = "/admin/dead-letters/"


def signed_in(name: str, *, is_superuser: bool) -> Client:
    user = User.objects.create_user(name, f"{name}@example.org", None)
    user.is_staff, user.is_superuser = True, is_superuser
    user.save()
    client = Client()
    client.force_login(user)
    return client


def test_a_letter_is_shown_and_dropped() -> None:
    root = signed_in("root_letters", is_superuser=True)
    task_letter_put("tests.admin", "id-1", [7], {}, error="too <b>heavy</b>", attempts=5)
    shown = root.get(PAGE).content.decode()
    assert "tests.admin" in shown
    assert "too &lt;b&gt;heavy&lt;/b&gt;" in shown
    assert PAGE in root.get("/admin/").content.decode()
    answer = root.post(PAGE, {"key": "tests.admin#id-1", "action": "nothing of this kind"}, follow=True)
    assert "tests.admin" in answer.content.decode()
    answer = root.post(PAGE, {"key": "tests.admin#id-1", "action": "drop"}, follow=True)
    assert "Dropped tests.admin#id-1." in answer.content.decode()
    assert task_letter_by_key("tests.admin#id-1") is None
    answer = root.post(PAGE, {"key": "tests.admin#id-1", "action": "replay"}, follow=True)
    assert "seen to already" in answer.content.decode()


def test_it_is_for_superusers() -> None:
    moderator = signed_in("moderator_letters", is_superuser=False)
    assert moderator.get(PAGE).status_code == 403
    assert PAGE not in moderator.get("/admin/").content.decode()
    assert Client().get(PAGE).status_code == 302
