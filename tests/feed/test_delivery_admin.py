"""The policy of one author, chosen in the administration: it holds, and the history tells of it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import User
from feed import pulls
from feed.author_repository import author_record
from feed.policies import Delivery
from feed.registry_repository import registration_get
from tests.feed.factory import a_person
from tests.graph.factory import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eager")]


def test_staff_choose_how_an_author_is_delivered_and_that_is_kept_in_the_history() -> None:
    boss = User.objects.create_superuser("the.boss.of.delivery", "boss.of.delivery@example.org", None)
    desk, author = Client(), a_person("author")
    desk.force_login(boss)
    address = f"/admin/feed/author/{author.pk}/change/"
    assert "follow by follow" in desk.get(address).content.decode()
    assert desk.post(address, {"policy": "pull_all"}).status_code == 302
    assert author_record(id_of(author)).rates.chosen is Delivery.PULL_ALL
    assert pulls.author_is_pulled(id_of(author))
    page = desk.get(address).content.decode()
    assert "pulled by everybody" in page
    assert '<option value="pull_all" selected>' in page
    assert desk.post(address, {"policy": ""}).status_code == 302
    assert author_record(id_of(author)).rates.chosen is None
    assert desk.post(address, {"policy": "push_all"}).status_code == 302
    assert registration_get(id_of(author)) is None
    told = LogEntry.objects.filter(user=boss, object_id=str(author.pk)).order_by("pk")
    expected = ["policy: - -> pull_all", "policy: pull_all -> -", "policy: - -> push_all"]
    assert [entry.change_message for entry in told] == expected
    assert User.objects.get(pk=author.pk).username == author.username
    assert author.username in desk.get(f"/admin/feed/author/?q={author.pk}").content.decode()


def test_nobody_else_gets_there() -> None:
    desk, author = Client(), a_person("author")
    desk.force_login(User.objects.create_user("a.clerk", "clerk@example.org", None, is_staff=True))
    assert desk.get(f"/admin/feed/author/{author.pk}/change/").status_code == 403
