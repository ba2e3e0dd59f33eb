"""A scanner as somebody else might write one: it does what the test says while the scan is under way."""

from collections.abc import Callable

from posts.moderation.content import Content
from posts.moderation.scanners import Finding

during: list[Callable[[Content], list[Finding]]] = []
"""One a scan, in order; then it finds nothing."""
PATH = "tests.posts.moderation.scripted.ScriptedScanner"


class ScriptedScanner:
    """Plugged in by the setting."""

    name = "scripted"
    version = "1"

    def scan(self, content: Content) -> list[Finding]:
        return during.pop(0)(content) if during else []
