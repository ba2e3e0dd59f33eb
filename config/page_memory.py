"""What a page has read once it does not read again: a page is made of one moment.

Only while a GET or HEAD is answered, by the thread that answers and those that read for it (`config.dynamodb.gather`); what is
streamed afterwards has no memory, nor has a task or a write. The next request asks again, so what hides something hides it then.

Whoever watches what is read (`config.stamps`) begins with nothing: what was read before may have changed before it was watched.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from django.http import HttpRequest, HttpResponse

K = TypeVar("K", bound=str | int)
V = TypeVar("V")
READS: Final = frozenset({"GET", "HEAD"})

_memory: ContextVar[dict[tuple[str, Any], Any] | None] = ContextVar("page_memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within the block each thing is read once, whatever was remembered before."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def read_once(kind: str, keys: Iterable[K], read: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
    """The values of these keys, all of which `read` gives; asked for those alone that this page has not read.

    Cost: that of `read`; none if all are known.
    """
    wanted = list(dict.fromkeys(keys))
    memory = _memory.get()
    if memory is None:
        return dict(read(wanted)) if wanted else {}
    if unknown := [key for key in wanted if (kind, key) not in memory]:
        memory.update(((kind, key), value) for key, value in read(unknown).items())
    return {key: memory[kind, key] for key in wanted}


class PageMemoryMiddleware:
    """Around what answers a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READS:
            return self.get_response(request)
        with remembering():
            return self.get_response(request)
