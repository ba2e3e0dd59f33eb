"""What can be asked of drafts; all of it for their author alone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from config.cursors import decode, encode
from config.entities import Page, UserId
from posts.drafts import repository
from posts.drafts.entities import Draft, DraftCard, DraftId
from posts.entities import MediumId
from posts.media.entities import Medium
from posts.repository import media

CURSOR: Final = "posts.drafts"


def drafts_of(author_id: UserId, *, cursor: str | None = None, limit: int = 20) -> Page[Draft]:
    """An author's drafts, the last begun first.

    Cost: 1 Query, 1 RU a 4 KB. Consistency: strong.
    """
    kind = f"{CURSOR}.{author_id}"
    before = None if cursor is None else DraftId(decode(kind, cursor))
    found = repository.query_drafts(author_id, before=before, limit=limit + 1)
    return Page(found[:limit], encode(kind, found[limit - 1].id) if len(found) > limit else None)


def scheduled_drafts(author_id: UserId) -> list[Draft]:
    """Those that publish themselves, the next first.

    Cost: 1 Query, 1 RU a 4 KB of all drafts, of which there are 100 at most. Consistency: strong.
    """
    found = repository.query_drafts(author_id, before=None, limit=repository.DRAFTS_AT_MOST)
    return sorted((draft for draft in found if draft.due_at_ms), key=lambda draft: draft.due_at_ms or 0)


def draft_cards(author_id: UserId, drafts: Sequence[Draft]) -> list[DraftCard]:
    """Drafts made ready to be shown, in their order.

    Cost: 1 batch, 1 RU a photo; nothing without photos.
    """
    wanted = list(dict.fromkeys(medium_id for draft in drafts for medium_id in draft.medium_ids))
    found = media.get_media(wanted) if wanted else {}
    free = {
        medium_id: medium
        for medium_id, medium in found.items()
        if medium.owner_id == author_id and medium.post_id is None and medium.look
    }
    return [DraftCard(draft, _described(draft, free)) for draft in drafts]


def _described(draft: Draft, free: dict[MediumId, Medium]) -> tuple[Medium, ...]:
    photos = [photo for photo in draft.content.photos if photo.id in free]
    return tuple(replace(free[photo.id], alt=photo.alt) for photo in photos)
