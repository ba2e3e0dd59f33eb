"""Languages of what people write, as BCP 47 tags: any well-formed one is taken, the usual ones are offered by name."""

import re
from functools import cache
from typing import Final

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from config.errors import Invalid

TAG_MAX_LENGTH: Final = 35
# Language, script, region, variants; no extensions and no private use: nothing that a browser reads aloud depends on them.
_TAG: Final = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*)",
    re.IGNORECASE,
)


class InvalidLanguage(Invalid):
    """Not the form of a language tag."""

    code = "invalid_language"
    default_message = _("That is no language tag. Examples: en, pt-BR, zh-Hans.")


def language_tag(tag: str) -> str:
    """The tag as it is usually written ("PT-br" is pt-BR); empty stays empty: nobody said.

    Raises: InvalidLanguage.
    """
    tag = tag.strip().replace("_", "-")
    if not tag:
        return ""
    found = _TAG.fullmatch(tag)
    if found is None or len(tag) > TAG_MAX_LENGTH:
        raise InvalidLanguage
    parts = [found["language"].lower()]
    if found["script"]:
        parts.append(found["script"].title())
    if found["region"]:
        parts.append(found["region"].upper())
    return "-".join(parts) + found["variants"].lower()


@cache
def languages_offered() -> tuple[tuple[str, str], ...]:
    """Tags with the languages' own names for themselves, by name."""
    named = {
        language_tag(code): str(known["name_local"])
        for code, known in LANG_INFO.items()
        if "name_local" in known
    }
    return tuple(sorted(named.items(), key=lambda item: item[1].casefold()))


def language_choices(*, chosen: str = "") -> list[tuple[str, str]]:
    """For a form: no language first, then those that are offered, and the one chosen before if it is another."""
    offered = languages_offered()
    other = [(chosen, chosen)] if chosen and chosen not in dict(offered) else []
    return [("", str(_("No language"))), *other, *offered]
