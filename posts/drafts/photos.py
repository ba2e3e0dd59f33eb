"""Media that drafts keep: in no list of the unused and without an end, until no draft and no post has them.

Each change of a medium is conditioned on the drafts that were read, so of two that come and go at once one is refused
and reads again: no medium is left without an end that nobody has, and none is swept that somebody has.
"""

from collections.abc import Iterable

from config.dynamodb import Change, Condition, Update, attr
from config.entities import UserId
from posts.drafts.entities import Draft
from posts.entities import MediumId
from posts.media.entities import Medium
from posts.media.errors import MediumNotFound, MediumNotReady, MediumUsed
from posts.media.services import unused_until
from posts.repository import keys, media
from posts.repository.media import UNUSED
from posts.tables import POSTS


def photo_changes(before: Draft | None, after: Draft | None) -> list[Change]:
    """The part of a draft's transaction that is about its media; each 2 WU a KB + 2 WU index.

    Cost: 1 batch, 1 RU for each that comes or goes; nothing if none does. Raises: as `require_free`.
    """
    old = set(before.medium_ids) if before else set[MediumId]()
    new = set(after.medium_ids) if after else set[MediumId]()
    if old == new:
        return []
    draft = after or before
    assert draft  # noqa: S101  # one of the two is given
    found = media.get_media(sorted(old ^ new))
    require_free(draft.author_id, new - old, found)
    left = [found[medium_id] for medium_id in sorted(old - new) if medium_id in found]
    return [_kept(found[medium_id], draft) for medium_id in sorted(new - old)] + [
        _left(medium, draft) for medium in left if medium.post_id is None and draft.id in medium.draft_ids
    ]


def require_free(owner_id: UserId, wanted: Iterable[MediumId], found: dict[MediumId, Medium]) -> None:
    """Refuse what is not there, another's, not uploaded whole or in a post.

    Raises: MediumNotFound, MediumNotReady, MediumUsed.
    """
    for medium_id in wanted:
        medium = found.get(medium_id)
        if medium is None or medium.owner_id != owner_id:
            raise MediumNotFound
        if medium.look is None:
            raise MediumNotReady
        if medium.post_id is not None:
            raise MediumUsed


def _kept(medium: Medium, draft: Draft) -> Change:
    update = Update(set={"drafts": sorted({*medium.draft_ids, draft.id})}, remove=("ttl", "gpk", "gsk"))
    return Change(POSTS, keys.medium(medium.id), update, _as_read(medium))


def _left(medium: Medium, draft: Draft) -> Change:
    others = [draft_id for draft_id in medium.draft_ids if draft_id != draft.id]
    if others:
        update = Update(set={"drafts": others})
    else:
        nobodys = {"ttl": unused_until(), "gpk": keys.media_of(medium.owner_id), "gsk": medium.id}
        update = Update(set=nobodys, remove=("drafts",))
    return Change(POSTS, keys.medium(medium.id), update, _as_read(medium))


def _as_read(medium: Medium) -> Condition:
    drafts = attr("drafts")
    return UNUSED & (drafts == list(medium.draft_ids) if medium.draft_ids else drafts.missing())
