"""Scanners: each looks at a content and says what it finds. Which ones do is the setting `SCANNERS`.

    class Scanner(Protocol):
        name: str                                              in results, metrics and cases
        version: str                                           of what it knows, kept with its results
        def scan(self, content: Content) -> list[Finding]      nothing found: an empty list; raise what you like

A scanner is made once a process, at the first scan; what it loads it loads then. It may crash or take too long: then it
has found nothing, is tried again, and `posts.moderation.scanning` says what becomes of the post.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from posts.moderation.content import Content
from posts.standing import OUTCOMES, Standing


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a scanner found."""

    scanner: str
    rule: str
    """The rule's number, or the class that was recognised."""
    outcome: Standing
    reason: str
    """For the author of what is held or rejected, and for readers of what is covered."""
    score: float | None = None
    """How sure the scanner is, from 0 to 1; None of a rule, which applies or does not."""


class Scanner(Protocol):
    """What is to be had of each."""

    name: str
    version: str

    def scan(self, content: Content) -> list[Finding]:
        """What there is to say against the content."""


def scanners() -> Sequence[Scanner]:
    """Those of the settings, in their order."""
    return [_scanner(path) for path in settings.SCANNERS]


@lru_cache(maxsize=16)
def _scanner(path: str) -> Scanner:
    made: Scanner = import_string(path)()
    return made


def reached(thresholds: dict[str, float], score: float) -> Standing | None:
    """The worst outcome whose threshold the score has reached.

    Raises: ImproperlyConfigured for what is no outcome of a scan.
    """
    if unknown := set(thresholds) - set(OUTCOMES):
        message = f"no outcome of a scan: {', '.join(sorted(unknown))}"
        raise ImproperlyConfigured(message)
    found = [Standing(name) for name, least in thresholds.items() if score >= least]
    return max(found, key=OUTCOMES.index, default=None)
