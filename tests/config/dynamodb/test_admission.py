"""Places at the door to DynamoDB: who is sent, who waits, in which order, who is turned away."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from botocore.exceptions import EndpointConnectionError
from django.test import Client

from config.dynamodb import DatabaseUnavailable, admission
from config.dynamodb.admission import Admission, page_began
from config.dynamodb.errors import Overloaded
from config.ids import next_id
from config.shedding import LATE_SECONDS, asked_at
from posts.services import post_create
from tests.feed.factory import a_person, posted
from tests.graph.factory import id_of
from tests.hands import Hands
from tests.stack import eventually


@contextmanager
def of_a_page(*, seconds_ago: float = 0.0) -> Iterator[None]:
    token = page_began.set(time.monotonic() - seconds_ago)
    try:
        yield
    finally:
        page_began.reset(token)


def waiting(door: Admission) -> int:
    return sum(len(queue) for queue in door._waiting.values())


def once_waiting(door: Admission, begin: Callable[[], object]) -> None:
    """Begin something that will have to wait, and see it wait."""
    before = waiting(door)
    begin()
    eventually(lambda: waiting(door) == before + 1)


def test_writes_come_before_reads_each_in_their_order() -> None:
    door, order = Admission(1), list[str]()

    def ask(name: str, *, write: bool) -> None:
        with door.place(write=write):
            order.append(name)

    with Hands(4) as hands, door.place(write=False):
        for name, write in (("r1", False), ("r2", False), ("w1", True), ("w2", True)):
            once_waiting(door, lambda name=name, write=write: hands.submit(ask, name, write=write))
    assert order == ["w1", "w2", "r1", "r2"]
    assert (door.in_flight, waiting(door)) == (0, 0)


def test_never_more_than_there_are_places() -> None:
    door, most, lock = Admission(3), 0, threading.Lock()

    def ask() -> None:
        nonlocal most
        for _ in range(50):
            with door.place(write=False), lock:
                most = max(most, door.in_flight)

    with Hands(8) as hands:
        for asked in [hands.submit(ask) for _ in range(8)]:
            asked.result()
    assert most <= 3
    assert door.in_flight == 0


def test_a_page_does_not_wait_for_ever_and_is_told_when_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(admission, "MOMENT_SECONDS", 0.01)
    door = Admission(1)
    with door.place(write=True), of_a_page(seconds_ago=60):
        for write in (False, True):
            with pytest.raises(Overloaded) as refused, door.place(write=write):
                pytest.fail("there was no place")
            assert 1 <= refused.value.data["retry_after_seconds"] <= 4
    with door.place(write=False):
        assert (door.in_flight, waiting(door)) == (1, 0), "who gave up has left the queue"


def test_who_has_no_page_waits_and_gives_up_as_if_nobody_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "BACKGROUND_SECONDS", 0.01)
    door = Admission(1)
    with door.place(write=True), pytest.raises(DatabaseUnavailable), door.place(write=True):
        pytest.fail("there was no place")


def test_fewer_places_while_answers_fail_to_come_and_more_again(monkeypatch: pytest.MonkeyPatch) -> None:
    door = Admission(32)

    def unanswered() -> None:
        with pytest.raises(EndpointConnectionError), door.place(write=False):
            raise EndpointConnectionError(endpoint_url="nowhere")

    unanswered()
    narrowed = door.limit
    assert narrowed < 32
    unanswered()
    assert door.limit == narrowed, "once a second at most"
    for _ in range(20):
        door._narrowed_at = 0.0
        unanswered()
    assert door.limit == admission.LEAST
    with ExitStack() as places:
        for _ in range(int(door.limit)):
            places.enter_context(door.place(write=False))
    assert admission.LEAST < door.limit < 32
    monkeypatch.setattr(admission, "SLOW_SECONDS", 0.0)
    with door.place(write=False):
        pass
    assert door.limit == admission.LEAST, "a slow answer is like none"


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Admission]:
    """This process's only place is taken, and a read of somebody else waits for it."""
    door = Admission(1)
    monkeypatch.setattr("config.dynamodb.requests.admission", lambda: door)
    monkeypatch.setattr("config.shedding.admission", lambda: door)
    with Hands(1) as hands, door.place(write=False):

        def read() -> None:
            with door.place(write=False):
                pass

        once_waiting(door, lambda: hands.submit(read))
        yield door


@pytest.mark.django_db(transaction=True)
def test_pages_are_turned_away_before_they_begin(crowded: Admission, client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 503
    assert 1 <= int(page.headers["Retry-After"]) <= 4
    assert "Too many people are asking at once" in page.content.decode()
    problem = client.get("/api/v1/feed/home/")
    assert (problem.status_code, problem.json()["code"]) == (503, "overloaded")
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert 1 <= int(problem.headers["Retry-After"]) <= 4
    piece = client.get("/", headers={"HX-Request": "true"})
    assert (piece.status_code, piece.headers["HX-Retarget"]) == (503, "#toasts")


@pytest.mark.django_db(transaction=True)
def test_health_is_never_turned_away(crowded: Admission, client: Client) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json()["checks"]["dynamodb"]["status"] != "down"
    metrics = client.get("/metrics").content.decode()
    assert 'roost_dynamodb_queued{kind="read"} 1.0' in metrics


@pytest.mark.django_db(transaction=True)
def test_who_writes_is_let_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = a_person("ana")
    client.force_login(ana)
    door = Admission(1)
    monkeypatch.setattr("config.dynamodb.requests.admission", lambda: door)
    monkeypatch.setattr("config.shedding.admission", lambda: door)
    monkeypatch.setattr(type(door), "is_full", property(lambda _door: True))
    answer = client.post(f"/p/{posted(by=ana)}/like/")
    assert answer.status_code < 400
    assert client.get(f"/p/{next_id()}/").status_code == 503
    assert post_create(author_id=id_of(ana), text="still there").id


@pytest.mark.django_db(transaction=True)
def test_what_has_waited_too_long_for_a_thread_is_not_begun(client: Client) -> None:
    ana = a_person("ana")
    client.force_login(ana)
    post_id = posted(by=ana)
    token = asked_at.set(time.monotonic() - LATE_SECONDS - 1)
    try:
        assert client.get("/").status_code == 503
        assert client.get("/healthz").status_code == 200
        assert client.post(f"/p/{post_id}/like/").status_code < 400
    finally:
        asked_at.reset(token)
    assert client.get("/").status_code == 200
