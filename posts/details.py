"""What an author says of a post beside its text and photos: a warning, the language, a place, who may comment."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from config.languages import language_tag
from posts.text import limits

WARNING_MAX_CHARACTERS: Final = 200
LOCATION_MAX_CHARACTERS: Final = 100


class Commenting(StrEnum):
    """Who may comment, of those who may see the post; its author always may."""

    EVERYONE = "everyone"
    FOLLOWERS = "followers"
    MENTIONED = "mentioned"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Details:
    """Everything has a default, which is what posts of before have."""

    warning: str = ""
    """Shown instead of text and photos until the reader asks for them; empty: they are shown at once."""
    language: str = ""
    """BCP 47, of the text; empty: nobody said."""
    location: str = ""
    """A place in words, as the author calls it."""
    commenting: Commenting = Commenting.EVERYONE


NOTHING_SAID: Final = Details()


def details_read(
    *, warning: str = "", language: str = "", location: str = "", commenting: str = Commenting.EVERYONE
) -> Details:
    """What somebody sent, as it is stored.

    Raises: TextTooLong, InvalidLanguage.
    """
    return Details(
        warning=limits.one_line(warning, WARNING_MAX_CHARACTERS),
        language=language_tag(language),
        location=limits.one_line(location, LOCATION_MAX_CHARACTERS),
        commenting=Commenting(commenting),
    )


def details_to_item(details: Details) -> dict[str, Any]:
    """As stored: what was not said costs nothing."""
    said = {"warning": details.warning, "lang": details.language, "location": details.location}
    item = {name: value for name, value in said.items() if value}
    if details.commenting is not Commenting.EVERYONE:
        item["commenting"] = details.commenting.value
    return item


def details_of_item(item: dict[str, Any]) -> Details:
    """The reverse of `details_to_item`."""
    return Details(
        warning=item.get("warning", ""),
        language=item.get("lang", ""),
        location=item.get("location", ""),
        commenting=Commenting(item.get("commenting", Commenting.EVERYONE)),
    )
