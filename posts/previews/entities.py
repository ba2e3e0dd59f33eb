"""What is known of a link's page."""

from dataclasses import dataclass
from typing import Final

FRESH_SECONDS: Final = 90 * 24 * 3600
FAILURE_FRESH_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class PreviewPicture:
    """A stored picture. Units: pixels."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a page says of itself, as plain text. Without a title it is the memory of a failure: nothing is shown."""

    url: str
    title: str = ""
    description: str = ""
    site: str = ""
    picture: PreviewPicture | None = None
    outcome: str = "ready"
    fetched_at_ms: int = 0
    """0 while it was only asked for."""

    @property
    def fresh_until_ms(self) -> int:
        """Until then it is not fetched again; a failure for a day, so that a thousand posts of one dead link are one try."""
        return self.fetched_at_ms + (FRESH_SECONDS if self.title else FAILURE_FRESH_SECONDS) * 1000

    def is_fresh(self, now_ms: int) -> bool:
        """Whether it is as good as one that is fetched now."""
        return now_ms < self.fresh_until_ms


@dataclass(frozen=True, slots=True)
class PreviewCard:
    """A preview made ready to be shown."""

    url: str
    title: str
    description: str
    site: str
    picture_url: str
    picture_width: int
    picture_height: int
