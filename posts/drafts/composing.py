"""The composer and its draft: saved by its button, and gone with what is posted from there.

What is on the screen is never lost: a draft that was changed elsewhere is left as it is, and the composer's text is kept
as a draft beside it.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from config.entities import UserId
from config.errors import Unavailable
from posts.drafts.entities import Draft, DraftId, DraftPhoto
from posts.drafts.errors import DraftChanged, DraftNotFound
from posts.drafts.publishing import beside_post, draft_of_composer
from posts.drafts.services import draft_create, draft_save
from posts.entities import Photo
from posts.media import choosing
from posts.media.choosing import Chosen, Source, Upload
from posts.repository.posts import Beside

Shown = tuple[DraftId, int]


def draft_keep(
    *, author_id: UserId, shown: Shown | None, sources: Sequence[Source], **said: Any
) -> tuple[Draft, bool]:
    """Save what a composer holds, files too; whether that is beside the draft it showed, which has moved or gone.

    Cost: as `draft_save` or `draft_create`; an upload as `medium_store`.
    Raises: as they do, but for DraftChanged and DraftNotFound.
    """
    choosing.require_few(sources)
    with ExitStack() as undo:
        try:
            photos = _stored(author_id, sources, undo)
            kept = _kept(author_id, shown, photos=photos, **said)
        except Unavailable:
            undo.pop_all()  # it may have been saved after all
            raise
        undo.pop_all()
        return kept


def beside_of(author_id: UserId, shown: Shown | None) -> Callable[[Sequence[Photo]], Beside] | None:
    """What goes with a post from a composer: the draft that it showed, if that is as it was.

    Cost: 1 RU a 4 KB if it showed one.
    """
    if shown is None:
        return None
    try:
        return partial(beside_post, draft_of_composer(author_id, *shown))
    except (DraftNotFound, DraftChanged):
        return None


def _stored(author_id: UserId, sources: Sequence[Source], undo: ExitStack) -> list[DraftPhoto]:
    chosen = [one for one in choosing.stored(author_id, sources, undo) if isinstance(one, Chosen)]
    alts = [one.alt or "" for one in sources if isinstance(one, Chosen | Upload)]
    return [DraftPhoto(one.id, alt) for one, alt in zip(chosen, alts, strict=True)]


def _kept(author_id: UserId, shown: Shown | None, **said: Any) -> tuple[Draft, bool]:
    if shown is None:
        return draft_create(author_id=author_id, **said), False
    draft_id, version = shown
    try:
        return draft_save(author_id=author_id, draft_id=draft_id, version=version, **said), False
    except (DraftChanged, DraftNotFound):
        return draft_create(author_id=author_id, **said), True
