"""Whom a post names, repeats or quotes, and when that changes: for whoever tells them. Read off the table's stream."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from config.entities import PostId, UserId
from config.streams import Change
from posts.entities import PostRef
from posts.tables import META
from posts.text.facets import FacetKind, facets_of_item


@dataclass(frozen=True, slots=True)
class Naming:
    """Whom one post is about: of one that is deleted or archived nobody."""

    mentioned: frozenset[UserId] = frozenset()
    repost_of: PostRef | None = None
    quote_of: PostRef | None = None


NOBODY = Naming()


@dataclass(frozen=True, slots=True)
class NamingChanged:
    """A post came, went or came back, or mentions others now.

    Units: `at_ms` is when, as the post itself says: it grows with each change, so late events can be told from new ones.
    """

    event_id: str
    post_id: PostId
    author_id: UserId
    at_ms: int
    before: Naming
    after: Naming

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old, new = change.old or {}, change.new or {}
        item = new or old
        if item["sk"] != META:
            return None
        before, after = naming_of(old), naming_of(new)
        if before == after:
            return None
        post_id, author_id = PostId(item["id"]), UserId(item["author_id"])
        return cls(change.event_id, post_id, author_id, _changed_at_ms(old, new), before, after)


def naming_of(item: Mapping[str, Any]) -> Naming:
    """What a stored post says; empty: there is none."""
    if not item or "deleted_at_ms" in item or "archived_at_ms" in item:
        return NOBODY
    return Naming(frozenset(mentioned_in(item)), _ref(item.get("repost_of")), _ref(item.get("quote_of")))


def mentioned_in(item: Mapping[str, Any]) -> tuple[UserId, ...]:
    """Those whom a stored text mentions and who had an account then, each once."""
    facets = facets_of_item(item.get("text", ""), item.get("facets", []))
    found = (facet.user_id for facet in facets if facet.kind is FacetKind.MENTION)
    return tuple(dict.fromkeys(user_id for user_id in found if user_id is not None))


def _ref(stored: Mapping[str, Any] | None) -> PostRef | None:
    return PostRef(PostId(stored["post_id"]), UserId(stored["author_id"])) if stored else None


def _changed_at_ms(old: Mapping[str, Any], new: Mapping[str, Any]) -> int:
    if not new:  # taken away at once, a moment after whatever it said last
        return _changed_at_ms({}, old) + 1
    went = ("deleted_at_ms", "archived_at_ms")
    said = [int(new[name]) for name in ("created_at_ms", "edited_at_ms", *went) if name in new]
    # What is back says no more when it went, so the last word was a moment after that.
    back = [int(old[name]) + 1 for name in went if name in old and name not in new]
    return max(said + back)
