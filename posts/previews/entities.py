"""What is known of a link's page."""

from dataclasses import dataclass


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
