"""A page asks once for what it needs twice, and no longer than it takes."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from prometheus_client import REGISTRY

from config.page_memory import PageMemoryMiddleware, read_once, remembering
from config.stamps import Watch, watching
from tests.feed.factory import a_person, posted
from tests.graph.factory import follows


class Shelf:
    """Something to read from, which notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.value = "first"

    def read(self, keys: list[int]) -> dict[int, str]:
        self.asked.append(keys)
        return dict.fromkeys(keys, self.value)

    def get(self, *keys: int) -> dict[int, str]:
        return read_once("shelf", keys, self.read)


def test_what_was_read_is_not_read_again_within_a_page_and_is_in_the_next() -> None:
    shelf = Shelf()
    with remembering():
        assert shelf.get(1, 2, 1) == {1: "first", 2: "first"}
        shelf.value = "second"
        assert shelf.get(2, 3) == {2: "first", 3: "second"}
        assert shelf.get() == {}
    with remembering():
        assert shelf.get(2) == {2: "second"}
    assert shelf.asked == [[1, 2], [3], [2]]


def test_outside_of_a_page_all_is_read() -> None:
    shelf = Shelf()
    shelf.get(1)
    shelf.get(1)
    assert shelf.asked == [[1], [1]]


def test_who_watches_believes_nothing_that_was_read_before() -> None:
    shelf = Shelf()
    with remembering():
        shelf.get(1)
        with watching(Watch()):
            shelf.value = "changed before it was watched"
            assert shelf.get(1) == {1: "changed before it was watched"}
        assert shelf.get(1) == {1: "first"}


@pytest.mark.parametrize(("method", "times"), [("get", 1), ("head", 1), ("post", 2), ("delete", 2)])
def test_only_reads_have_a_memory(method: str, times: int) -> None:
    shelf = Shelf()

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{shelf.get(1)}{shelf.get(1)}")

    PageMemoryMiddleware(view)(getattr(RequestFactory(), method)("/"))
    assert len(shelf.asked) == times


def test_what_is_streamed_afterwards_has_none() -> None:
    shelf = Shelf()

    def parts() -> Iterator[str]:
        for _part in range(3):
            yield shelf.get(1)[1]

    def view(_request: HttpRequest) -> StreamingHttpResponse:
        shelf.get(1)
        return StreamingHttpResponse(parts())

    response = PageMemoryMiddleware(view)(RequestFactory().get("/"))  # type: ignore[arg-type]  # a streamed answer is one too
    b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert len(shelf.asked) == 4


def cards_asked_for() -> float:
    labels = [{"tier": tier, "kind": "profile"} for tier in ("redis", "local")]
    return sum(
        REGISTRY.get_sample_value(f"roost_cache_{what}_total", said) or 0
        for said in labels
        for what in ("hits", "misses")
    )


@pytest.mark.django_db
def test_a_page_asks_for_each_persons_card_once() -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(bob, ana)
    for number in range(3):
        posted(by=ana, text=f"number {number}")
    browser = Client()
    browser.force_login(bob)
    browser.get(f"/@{ana.username}/")
    before = cards_asked_for()
    assert browser.get(f"/@{ana.username}/").status_code == 200
    assert cards_asked_for() - before == 1
