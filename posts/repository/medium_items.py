"""Media as plain items, and back."""

from typing import Any

from config.entities import PostId, UserId
from posts.entities import MediumId
from posts.media.entities import Look, Medium, MediumState
from posts.repository import keys

Item = dict[str, Any]


def item_of_medium(medium: Medium) -> Item:
    """A medium that no post has yet."""
    item: Item = {
        **keys.medium(medium.id),
        "id": medium.id,
        "owner_id": medium.owner_id,
        "state": medium.state.value,
        "bytes": medium.size,
        "folder": medium.folder,
        "alt": medium.alt,
        "gpk": keys.media_of(medium.owner_id),
        "gsk": medium.id,
    }
    if medium.look:
        item["look"] = look_to_item(medium.look)
    if medium.state is MediumState.UPLOADING:
        item |= {"offset": medium.offset, "parts": list(medium.parts), "declared": medium.declared}
    return item


def medium_of_item(item: Item) -> Medium:
    return Medium(
        id=MediumId(item["id"]),
        owner_id=UserId(item["owner_id"]),
        state=MediumState(item["state"]),
        size=item["bytes"],
        folder=item["folder"],
        alt=item["alt"],
        look=Look(**item["look"]) if "look" in item else None,
        sizes=tuple(item.get("sizes", ())),
        formats=tuple(item.get("formats", ())),
        perceptual_hash=item.get("phash", ""),
        reason=item.get("reason", ""),
        post_id=PostId(item["post_id"]) if "post_id" in item else None,
        draft_ids=tuple(item.get("drafts", ())),
        offset=item.get("offset", 0),
        parts=tuple(item.get("parts", ())),
        declared=item.get("declared", ""),
    )


def look_to_item(look: Look) -> Item:
    return {
        "width": look.width,
        "height": look.height,
        "blurhash": look.blurhash,
        "colour": look.colour,
        "animated": look.animated,
    }
