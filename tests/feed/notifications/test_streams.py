"""What an open window hears, how many may be open, and how they end."""

from collections.abc import Callable, Iterator
from itertools import islice
from threading import Event

import pytest
from django.test import Client
from pytest_django import Settings

from config import closing
from feed.notifications import live, streams
from feed.notifications.streams import OF_ONE_READER, EventStream, Watch
from tests.feed.factory import a_person
from tests.graph.factory import a_stranger, id_of

Ending = Callable[[], None]


@pytest.fixture
def end(monkeypatch: pytest.MonkeyPatch) -> Ending:
    """Tell this process that it is about to end."""
    monkeypatch.setattr(closing, "_begun", Event())
    return closing.begin


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setattr(streams, "LOOKED_EVERY_SECONDS", 0.01)
    yield (made := Watch())
    assert made.open_streams == 0


def test_a_window_hears_of_what_is_new_and_of_nothing_else(watch: Watch) -> None:
    ana, bob = a_stranger(), a_stranger()
    stream = EventStream.opened(ana, None, watch=watch)
    assert stream is not None
    assert next(stream) == b"retry: 2000\n\n"
    live.changed(bob)
    live.changed(ana)
    bell, posts = live.stamps([ana])[ana]
    assert next(stream).decode() == f"id: {bell}-0\nevent: bell\ndata: {bell}\n\n"
    assert posts == 0
    live.posts_came([ana, bob])
    posts = live.stamps([ana])[ana][1]
    assert next(stream).decode() == f"id: {bell}-{posts}\nevent: posts\ndata: {posts}\n\n"
    assert live.stamps([bob])[bob][1] == 0, "who has no window open is not told"
    stream.close()
    stream.close()


def test_a_window_that_comes_back_hears_what_it_missed(watch: Watch) -> None:
    ana = a_stranger()
    live.changed(ana)
    seen = live.stamps([ana])[ana]
    live.changed(ana)
    stream = EventStream.opened(ana, seen, watch=watch)
    assert stream is not None
    assert b"event: bell" in list(islice(stream, 2))[1]
    stream.close()


def test_places_are_bounded_for_all_and_for_one(watch: Watch, settings: Settings) -> None:
    settings.LIVE_STREAMS = OF_ONE_READER + 1
    ana, bob, eve = a_stranger(), a_stranger(), a_stranger()
    hers = [EventStream.opened(ana, None, watch=watch) for _ in range(OF_ONE_READER + 1)]
    assert [stream is not None for stream in hers] == [True] * OF_ONE_READER + [False]
    his = EventStream.opened(bob, None, watch=watch)
    assert his is not None
    assert EventStream.opened(eve, None, watch=watch) is None
    his.close()  # never read: its place is free all the same
    again = EventStream.opened(eve, None, watch=watch)
    for stream in (*hers, again):
        if stream is not None:
            stream.close()


def test_a_process_that_ends_ends_its_streams_and_takes_no_more(watch: Watch, end: Ending) -> None:
    ana = a_stranger()
    stream = EventStream.opened(ana, None, watch=watch)
    assert stream is not None
    next(stream)
    end()
    assert list(stream) in ([], [b": here\n\n"])
    stream.close()
    assert EventStream.opened(ana, None, watch=watch) is None


@pytest.mark.django_db
def test_who_is_signed_out_is_told_to_ask_no_more_and_who_is_signed_in_hears(
    client: Client, end: Ending
) -> None:
    assert client.get("/live/").status_code == 204
    user = a_person("ana")
    live.changed(id_of(user))
    client.force_login(user)
    response = client.get("/live/", headers={"Last-Event-ID": "1-0"})
    assert response["Content-Type"] == "text/event-stream"
    assert response["Cache-Control"] == "no-store"
    told = iter(response)
    assert next(told) == b"retry: 2000\n\n"
    assert b"event: bell" in next(told)
    end()
    assert list(told) in ([], [b": here\n\n"])
    last = client.get("/live/")
    assert list(last) == [b"retry: 2000\n\n"], "who asks a process that ends comes back, to another one"


@pytest.mark.django_db
def test_who_finds_no_place_is_told_to_ask_no_more(client: Client, settings: Settings) -> None:
    client.force_login(a_person("ana"))
    settings.LIVE_STREAMS = 0
    assert client.get("/live/").status_code == 204
