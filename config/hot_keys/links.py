"""Where a key of a kind is shown, as its room says: for the administration."""

from collections.abc import Callable

_links: dict[str, Callable[[str | int], str]] = {}


def link_keys_of(kind: str, address: Callable[[str | int], str]) -> None:
    """Keys of this kind are shown at that address."""
    _links[kind] = address


def link_to(kind: str, key: str | int) -> str:
    """The address, or nothing."""
    return _links[kind](key) if kind in _links else ""
