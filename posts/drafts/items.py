"""Drafts as plain items, and back."""

from typing import Any

from config.entities import PostId, UserId
from posts.details import details_of_item, details_to_item
from posts.drafts.entities import Draft, DraftContent, DraftId, DraftPhoto, Timing
from posts.entities import Audience, MediumId

Item = dict[str, Any]


def body_of_draft(draft: Draft) -> Item:
    """A draft without its key: what is not said costs nothing."""
    content = draft.content
    body: Item = {
        "draft_id": draft.id,
        "author_id": draft.author_id,
        "version": draft.version,
        "saved_at_ms": draft.saved_at_ms,
        "audience": content.audience.value,
        **details_to_item(content.details),
    }
    if content.photos:
        body["media"] = [{"id": photo.id, "alt": photo.alt} for photo in content.photos]
    optional = {
        "text": content.text,
        "quote_of": content.quote_of,
        "due_at_ms": draft.due_at_ms,
        "zone": draft.timing.zone,
        "problem": draft.problem,
    }
    return body | {name: value for name, value in optional.items() if value}


def draft_of_item(item: Item) -> Draft:
    """The reverse of `body_of_draft`."""
    content = DraftContent(
        text=item.get("text", ""),
        photos=tuple(DraftPhoto(MediumId(one["id"]), one["alt"]) for one in item.get("media", ())),
        audience=Audience(item["audience"]),
        details=details_of_item(item),
        quote_of=PostId(item["quote_of"]) if "quote_of" in item else None,
    )
    return Draft(
        id=DraftId(item["draft_id"]),
        author_id=UserId(item["author_id"]),
        content=content,
        saved_at_ms=item["saved_at_ms"],
        version=item["version"],
        timing=Timing(item.get("due_at_ms"), item.get("zone", "")),
        problem=item.get("problem", ""),
    )
