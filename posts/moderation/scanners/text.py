"""Rude English, by alt-profanity-check: a linear model over words whose file comes in the wheel.

It knows no other language and no context ("suck it up" is as rude to it as what it is meant to find), so what it finds
is covered unless the settings say otherwise.
"""

from functools import lru_cache
from importlib.metadata import version
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext

from posts.moderation.content import Content
from posts.moderation.scanners import Finding, reached

RULE: Final = "profanity"


class TextScanner:
    """The worst of the texts counts.

    Cost: some 1.5 s and 130 MB a process at the first scan, a few ms at each.
    """

    name: Final = "text"
    version: Final = version("alt-profanity-check")

    def scan(self, content: Content) -> list[Finding]:
        """One finding at most."""
        if not content.texts or not settings.TEXT_THRESHOLDS:
            return []
        score = round(float(max(_model().predict_prob(list(content.texts)))), 4)
        outcome = reached(settings.TEXT_THRESHOLDS, score)
        reason = gettext("Strong language")
        return [] if outcome is None else [Finding(self.name, RULE, outcome, reason, score)]


@lru_cache(maxsize=1)
def _model() -> Any:
    import profanity_check  # noqa: PLC0415  # loads the model: web servers never need it

    return profanity_check
