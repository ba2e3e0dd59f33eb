"""Drafts for tests, as prose: `a_draft(by=ana, photos=[a_medium(by=ana)])`."""

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import User
from config.entities import UserId
from posts.drafts.entities import Draft, DraftPhoto, Timing
from posts.drafts.services import draft_create
from posts.entities import MediumId
from posts.media.entities import Medium
from posts.media.services import medium_render, medium_store
from posts.repository.media import get_medium
from tests.graph.factory import id_of
from tests.posts.factory import a_photo


def a_draft(
    *, by: User, text: str = "Low tide, soon.", photos: list[Medium] | None = None, **said: Any
) -> Draft:
    chosen = [DraftPhoto(medium.id, medium.alt) for medium in photos or []]
    return draft_create(author_id=id_of(by), text=text, photos=chosen, **said)


def a_medium(*, by: User, alt: str = "", rendered: bool = False) -> Medium:
    """An upload, waiting for its renditions unless a worker has made them."""
    made = medium_store(owner_id=UserId(by.pk), file=a_photo(320, 240), alt=alt)
    if rendered:
        medium_render(medium_id=made.id)
    return kept(made.id)


def kept(medium_id: MediumId) -> Medium:
    """The medium as it is now."""
    found = get_medium(medium_id)
    assert found
    return found


def in_seconds(seconds: float) -> Timing:
    """A time, in UTC."""
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    return Timing(round(moment.timestamp() * 1000), "UTC")
