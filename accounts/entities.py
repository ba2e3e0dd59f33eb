"""What other rooms see of an account."""

from dataclasses import dataclass
from enum import StrEnum

from config.entities import UserId


class ArchiveState(StrEnum):
    """Where an account's edges are: all here, on their way to object storage, there, or on their way back."""

    HERE = ""
    ARCHIVING = "archiving"
    ARCHIVED = "archived"
    RETURNING = "returning"


class Trust(StrEnum):
    """What moderators think of an account: what a limited one posts is checked before anybody else sees it."""

    NORMAL = ""
    LIMITED = "limited"
    TRUSTED = "trusted"


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """One person as lists, cards and headers show them."""

    id: UserId
    handle: str
    name: str
    bio: str
    avatar_url: str
    is_private: bool
    is_active: bool
    avatar_small_url: str = ""
    avatar_large_url: str = ""
    is_archived: bool = False
    """Some of this account's own halves of its edges may be away; the other halves and all counters are here."""
    language: str = ""
    """What this person mostly writes in (BCP 47); empty: not said."""

    @property
    def display_name(self) -> str:
        """The name, or the handle of who gave none."""
        return self.name or self.handle
