"""Hot keys: found by a sample in each process, told to Redis, added up, shown to staff."""

import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django_redis import get_redis_connection
from hypothesis import given, settings
from hypothesis import strategies as st

from config import engines_admin, hot_keys
from config.cache import Kind, Tiered, watchers, watching
from config.hot_keys import reports
from config.hot_keys.reporter import RANKS, Reporter, reporter
from config.hot_keys.reports import report, reported, together, withdraw
from config.hot_keys.sketch import LEAST_SAMPLES, LG_SIZE, Rate, Sketch, Window
from config.ids import next_id
from config.metrics import HOT_READS
from tests.config.test_letters_admin import signed_in
from tests.stack import eventually

PAGE, HEALTH = "/admin/hot-keys/", "/admin/health/"


@pytest.fixture
def nothing_told() -> Iterator[None]:
    get_redis_connection("default").delete(reports._name())
    yield
    get_redis_connection("default").delete(reports._name())


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 40)), max_size=8), st.integers(0, 9999))
def test_what_is_frequent_is_found_and_none_is_counted_higher_than_it_is(
    hot: list[tuple[int, int]], seed: int
) -> None:
    chance = random.Random(seed)
    stream = [("post", key) for key, times in hot for _ in range(times)]
    stream += [("profile", str(chance.randrange(5_000))) for _ in range(2_000)]
    chance.shuffle(stream)
    sketch = Sketch()
    for kind, key in stream:
        sketch.note(kind, key)
    window, counts = sketch.turn(), Counter(stream)
    scale = window.reads_per_second / len(stream)
    told = {(kind, key): rate / scale for kind, key, rate in window.rates}
    error = 3.5 / 2**LG_SIZE * len(stream)
    assert all(count <= counts[name] + 1e-6 for name, count in told.items())
    assert {name for name, count in counts.items() if count >= LEAST_SAMPLES + error} <= set(told)
    assert sketch.turn() == Window(0, [])


def test_all_processes_make_one_list_and_what_ends_or_is_silent_is_out(nothing_told: None) -> None:
    assert reported() == []
    report("a", Window(300.0, [Rate("post", 7, 200.0), Rate("profile", "x", 50.0)]))
    heard = report("b", Window(100.0, [Rate("post", 7, 80.0)]))
    assert heard == reported()
    assert [(key.kind, key.key, key.reads_per_second, key.processes, key.share) for key in heard] == [
        ("post", 7, 280.0, 2, 0.7),
        ("profile", "x", 50.0, 1, 0.125),
    ]
    withdraw("a")
    assert [key.reads_per_second for key in reported() or ()] == [80.0]
    get_redis_connection("default").hset(reports._name(), "c", b'[1.0,9.0,[["post",9,9.0]]]')
    assert [key.key for key in reported() or ()] == [7]
    assert [key.key for key in report("b", Window(1.0, [Rate("post", 8, 1.0)]))] == [8]
    assert not get_redis_connection("default").hexists(reports._name(), "c")


def test_what_is_asked_for_is_told_by_a_thread_that_ends_with_it(
    nothing_told: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "SAMPLED", 1.0)
    mine = Reporter(window_seconds=0.05)
    mine._sketch._since -= 1e6  # nothing has been asked for until now
    monkeypatch.setattr("config.cache.watching.watchers", [mine.note])
    values: Tiered[int, str] = Tiered(Kind(f"test{next_id()}"), write=str, read=str)
    for _read in range(LEAST_SAMPLES):
        values.get(7, lambda keys: dict.fromkeys(keys, "seven"))
    keys = eventually(reported, every_seconds=0.01)
    assert [(key.key, key.reads_per_second > 0.01) for key in keys or ()] == [(7, True)]
    eventually(lambda: reported() == [], every_seconds=0.01)
    eventually(lambda: mine.thread is None, every_seconds=0.01)
    assert reported() == []
    assert HOT_READS.labels(1)._value.get() == 0


def test_ranks_are_in_the_metrics(nothing_told: None) -> None:
    one = Reporter()
    one._sketch._since = time.monotonic() - 1
    for key in range(RANKS + 5):
        for _read in range(50 - key):
            one._sketch.note("post", key)
    assert one.tell()
    values = [HOT_READS.labels(rank + 1)._value.get() for rank in range(RANKS)]
    assert values == sorted(values, reverse=True)
    assert min(values) > 0
    one._hear([])
    assert {HOT_READS.labels(rank + 1)._value.get() for rank in range(RANKS)} == {0}


def test_web_processes_count_and_others_do_not() -> None:
    assert reporter.note not in watchers
    try:
        hot_keys.begin()
        hot_keys.begin()
        assert watchers.count(reporter.note) == 1
    finally:
        watchers.remove(reporter.note)


@pytest.mark.django_db
def test_staff_see_them_with_a_way_to_each(nothing_told: None) -> None:
    staff = signed_in("hot_moderator", is_superuser=False)
    assert "Nothing is hot" in staff.get(PAGE).content.decode()
    rates = [Rate("post", 71, 1234.4), Rate("profile", 72, 30.0), Rate("other<b>", "x", 20.0)]
    report("a", Window(2000.0, rates))
    shown = staff.get(PAGE).content.decode()
    assert f'<a href="{reverse("posts:post", args=[71])}">71</a>' in shown
    assert '<a href="/admin/accounts/user/72/change/">72</a>' in shown
    assert "other&lt;b&gt;" in shown
    assert "1,234" in shown
    assert "61.7 %" in shown
    assert PAGE in staff.get("/admin/").content.decode()
    for page in (PAGE, HEALTH):
        assert Client().get(page).status_code == 302
        assert staff.post(page).status_code == 405
        person = signed_in(f"hot_person{next_id()}", is_superuser=False)
        person_user = person.get("/admin/").wsgi_request.user
        person_user.is_staff = False
        person_user.save()
        assert person.get(page).status_code == 302


@pytest.mark.django_db
def test_health_shows_how_the_engines_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"test{next_id()}"
    values: Tiered[int, str] = Tiered(Kind(name), write=str, read=str)
    for _read in range(4):
        values.get(1, lambda keys: dict.fromkeys(keys, "one"))
    row = next(row for row in engines_admin.tier_rows() if row.kind == name)
    assert (row.asked, row.ratio, row.entries) == (4, 75.0, 1)
    shown = signed_in("health_moderator", is_superuser=False).get(HEALTH).content.decode()
    assert name in shown
    assert shown.count("Closed: it is asked") == 3


@pytest.mark.django_db
def test_without_redis_the_pages_say_so(redis_stopped: None) -> None:
    staff = signed_in("hot_away", is_superuser=False)
    assert "Redis does not answer" in staff.get(PAGE).content.decode()
    assert "<strong>Open: it did not answer" in staff.get(HEALTH).content.decode()
    assert together([]) == []
