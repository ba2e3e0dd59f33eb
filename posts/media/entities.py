"""A medium: a picture that was uploaded, whether or not a post has it yet."""

from dataclasses import dataclass
from enum import StrEnum

from config.entities import PostId, UserId
from posts.entities import MediumId, Photo


class MediumState(StrEnum):
    """How far it is."""

    UPLOADING = "uploading"  # its bytes are still coming
    WAITING = "waiting"  # checked; a worker makes its renditions
    READY = "ready"
    FAILED = "failed"  # `reason` says why


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture looks like, told from its pixels. Units: pixels, of the largest rendition."""

    width: int
    height: int
    blurhash: str
    colour: str
    animated: bool


@dataclass(frozen=True, slots=True)
class Medium:
    """One uploaded picture. Units: bytes, of the upload."""

    id: MediumId
    owner_id: UserId
    state: MediumState
    size: int
    folder: str
    alt: str = ""
    look: Look | None = None
    """None until it was uploaded whole."""
    sizes: tuple[int, ...] = ()
    formats: tuple[str, ...] = ()
    perceptual_hash: str = ""
    reason: str = ""
    post_id: PostId | None = None
    draft_ids: tuple[int, ...] = ()
    """Drafts that show it; as long as there are any it is kept."""
    offset: int = 0
    parts: tuple[str, ...] = ()
    """Names of the pieces that have come, in their order."""
    declared: str = ""
    """The kind that the uploader says it is."""

    @property
    def photo(self) -> Photo:
        """As a post has it."""
        if self.look is None:
            raise ValueError(self.state)
        return Photo(
            renditions={size: f"{self.folder}/{size}.webp" for size in self.sizes},
            width=self.look.width,
            height=self.look.height,
            blurhash=self.look.blurhash,
            alt=self.alt,
            id=self.id,
            colour=self.look.colour,
            formats=self.formats,
            animated=self.look.animated,
            failed=self.state is MediumState.FAILED,
        )
