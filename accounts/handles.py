"""Handles: the one name of an account in addresses and mentions."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MIN_LENGTH = 2
MAX_LENGTH = 30
# Letters that look alike in other scripts would let one person pass for another, so handles are ASCII;
# names may be written in any script.
PATTERN = re.compile(r"[a-z0-9_](?:[a-z0-9_]|\.(?!\.))*[a-z0-9_]")
# Words that are or may become addresses of the site, and names that would speak for it.
RESERVED = frozenset(
    """
    about abuse account accounts admin administrator anonymous api app apps auth avatar avatars billing blog bookmarks
    careers contact copyright dashboard dev developer developers docs download downloads email everyone explore faq
    feed feeds followers following follows health healthz help home hashtag hashtags inbox info invite jobs landing
    legal list lists login logout mail me media mention mentions messages metrics mod moderation moderator moderators
    news noreply notification notifications null oauth official owner p password policy post postmaster posts press
    privacy profile profiles readyz register report reports requests robots root roost roost_official roostteam rss
    safety saved schema search security self service settings share signin signout signup site sitemap staff
    static stats status support system tag tags team terms theme tos trending undefined user username users verified
    webmaster wellknown www
    """.split()  # noqa: SIM905  # a list to be read, not a hundred quotes
)


def handle_normalised(handle: str) -> str:
    """The stored form of what a person typed: compatibility forms folded, lower case, no leading @."""
    return unicodedata.normalize("NFKC", handle).strip().removeprefix("@").lower()


def handle_validate(handle: str) -> None:
    """Accept a normalised handle.

    Raises: ValidationError with a message that says what to change.
    """
    if not MIN_LENGTH <= len(handle) <= MAX_LENGTH:
        raise ValidationError(
            _("A handle has %(low)d to %(high)d characters."),
            params={"low": MIN_LENGTH, "high": MAX_LENGTH},
            code="handle_length",
        )
    if not PATTERN.fullmatch(handle):
        raise ValidationError(
            _("Use the letters a to z, digits, underscores and single dots between them."),
            code="handle_characters",
        )
    if handle in RESERVED or handle.replace(".", "").replace("_", "") in RESERVED:
        raise ValidationError(
            _("This handle is reserved. Please choose another one."), code="handle_reserved"
        )
