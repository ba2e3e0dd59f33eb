"""What other rooms see of an account."""

from dataclasses import dataclass

from config.entities import UserId


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

    @property
    def display_name(self) -> str:
        """The name, or the handle of who gave none."""
        return self.name or self.handle
