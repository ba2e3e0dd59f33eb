"""How a view lets others keep what it answers, and in which words a cache is told.

@public_page        the same for everybody who is signed out: a page, an answer of the API
@public_file        a pure function of its address, whoever asks: a picture that never changes
@removable_file     the same, but it may be taken away one day

Whatever else is said of an answer, it is not kept by others without one of these.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from django.conf import settings
from django.http import HttpResponseBase

from config.edge.versions import KEPT_SECONDS

View = TypeVar("View", bound=Callable[..., Any])
YEAR_SECONDS: Final = 31_536_000
STALE_SECONDS: Final = 10
"""For so long a cache may give out an old page while it fetches the new one."""
FAILING_SECONDS: Final = 60
"""And for so long if it gets none."""
ASKED_STALE_SECONDS: Final = 60
ASKED_FAILING_SECONDS: Final = 300
PICTURE_SECONDS: Final = KEPT_SECONDS - ASKED_FAILING_SECONDS
REMOVABLE_SECONDS: Final = 60
"""So long a cache gives out a file without asking whether it is still there; browsers may keep what they have seen."""
PRIVATE: Final = "private, no-cache"

# The middleware takes them off: no client ever sees them.
PAGE_MARK: Final = "X-Public-Page"
FILE_MARK: Final = "X-Public-File"


def public_page(view: View) -> View:
    """What the view answers to anybody who is signed out is the same for all of them; the middleware looks whether it is."""

    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> Any:
        response = view(*args, **kwargs)
        let_edges_keep(response)
        return response

    return marked  # type: ignore[return-value]  # it is called as the view is


def let_edges_keep(response: HttpResponseBase, *, browser_seconds: int = 0) -> None:
    """The same for one answer. For `browser_seconds` a browser need not ask again: only for what never changes."""
    response.headers[PAGE_MARK] = str(browser_seconds)


def public_file(view: View) -> View:
    """What the view answers never changes, and is for everybody who knows its address."""
    return _file(view, shared_seconds=0)


def removable_file(view: View) -> View:
    """The same of what may be removed: it needs an ETag, so that asking once more costs little."""
    return _file(view, shared_seconds=REMOVABLE_SECONDS)


def _file(view: View, *, shared_seconds: int) -> View:
    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> Any:
        response = view(*args, **kwargs)
        response.headers[FILE_MARK] = str(shared_seconds)
        return response

    return marked  # type: ignore[return-value]  # it is called as the view is


def page_policy(browser_seconds: int, *, asks: bool) -> str:
    """Cache-Control of what is for everybody now, and may be hidden at any moment.

    `asks`: for an edge that asks each time whether it still stands. For it these are limits on counts that are not the
    newest; for any other cache they are how long it may show what has been hidden.
    """
    kept = min(browser_seconds, PICTURE_SECONDS) if asks and browser_seconds else settings.SHARED_SECONDS
    stale, failing = (
        (ASKED_STALE_SECONDS, ASKED_FAILING_SECONDS) if asks else (STALE_SECONDS, FAILING_SECONDS)
    )
    parts = ["public", f"max-age={browser_seconds}", f"s-maxage={kept}"]
    parts += [f"stale-while-revalidate={stale}", f"stale-if-error={failing}"]
    return ", ".join(parts + (["immutable"] if browser_seconds else []))


def file_policy(shared_seconds: int = 0) -> str:
    """Cache-Control of what never changes; with `shared_seconds` of what others have to ask for again after that time.

    NOTE: `deploy/nginx` tells a page by `max-age` being said before `s-maxage`.
    """
    others = f"s-maxage={shared_seconds}, stale-if-error={ASKED_FAILING_SECONDS}, " if shared_seconds else ""
    return f"public, {others}max-age={YEAR_SECONDS}, immutable"
