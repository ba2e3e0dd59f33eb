"""A draft becomes a post: by hand, or when its time has come. Once, whatever is killed in between.

    beat, every 20 s     reads what is due, sends a task a draft
    worker               reads the draft ... one transaction: the post, its photos, the marker of its key,
                         the draft goes, its entry among the due goes

There is no moment in which the post is out and the draft still due. Who is killed before the transaction leaves the entry
for the next sweep; who is killed after it leaves nothing to do; of two at once one is refused and finds the other's post.
What can't be published stays a draft, without its time and with the reason.
"""

import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import structlog
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.selectors import is_active_now
from config.entities import UserId
from config.errors import AppError, Forbidden, Unavailable
from config.languages import InvalidLanguage
from config.rates import LimitReached, take
from posts.drafts import repository
from posts.drafts.entities import NEVER, Draft, DraftId
from posts.drafts.errors import DraftChanged, DraftNotFound
from posts.drafts.services import own_draft
from posts.entities import Photo, Post
from posts.errors import AudienceTooWide, EmptyPost, NotShareable, PostNotFound, TextTooLong
from posts.media.choosing import Chosen
from posts.media.errors import MediumNotFound, MediumNotReady, MediumUsed, TooManyPhotos
from posts.repository.posts import Beside, get_post_of_key
from posts.selectors import post_by_id
from posts.services import post_create
from posts.tables import DUE_SHARDS

logger = structlog.get_logger()
DRAFTS_A_SHARD: Final = 200


class AccountAway(Forbidden):
    """The author was not here when the time came."""

    code = "account_away"
    default_message = _("Your account was switched off when this was to be published.")


PROBLEMS: Final[Mapping[str, Promise | str]] = {
    **{
        refusal.code: refusal.default_message
        for refusal in (
            AccountAway,
            AudienceTooWide,
            EmptyPost,
            InvalidLanguage,
            MediumNotFound,
            MediumNotReady,
            MediumUsed,
            TextTooLong,
            TooManyPhotos,
        )
    },
    **dict.fromkeys(
        (PostNotFound.code, NotShareable.code), _("The post that it quotes can’t be quoted any more.")
    ),
    LimitReached.code: _("You had published too much in a short time by then."),
}


def problem_text(draft: Draft) -> str:
    """Why a draft was not published when it was due, for its author; empty if nothing went wrong."""
    return str(PROBLEMS.get(draft.problem, AppError.default_message)) if draft.problem else ""


def draft_publish(*, author_id: UserId, draft_id: DraftId, version: int | None = None) -> Post:
    """Publish a draft now, scheduled or not; `version`, if given, is the one that was looked at.

    Cost: 1 RU a 4 KB, `post_create` with a key, and `repository.published`.
    Idempotent: by draft, for a day: again it gives the post that the draft became.
    Raises: DraftNotFound, DraftChanged, and as `post_create`.
    """
    draft = repository.get_draft(author_id, draft_id)
    if draft is None:
        post_id = get_post_of_key(author_id, _key_of(draft_id))
        if post_id is None:
            raise DraftNotFound
        return post_by_id(post_id)
    if version not in {None, draft.version}:
        raise DraftChanged(version=draft.version)
    return _published(draft)


def due_drafts(*, now_ms: int | None = None) -> list[tuple[UserId, DraftId, int]]:
    """What is due now: whose, which, since when.

    Cost: 8 Queries, 1 RU each where little is due. Consistency: strong.
    """
    now = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    return [
        entry
        for shard in range(DUE_SHARDS)
        for entry in repository.query_due(shard, now_ms=now, limit=DRAFTS_A_SHARD)
    ]


def due_publish(*, author_id: UserId, draft_id: DraftId, due_at_ms: int) -> Post | None:
    """Publish a draft whose time has come; None if it is not due any more, or can't be published.

    Cost: 1 RU a 4 KB, one SQL query, three round trips to Redis; then as `draft_publish`, or 4 WU a KB to keep it.
    Idempotent: by draft. Raises: Unavailable, with the draft still due.
    """
    draft = repository.get_draft(author_id, draft_id)
    if draft is None or draft.due_at_ms != due_at_ms:
        repository.delete_due(draft_id, due_at_ms)
        return None
    try:
        return _published_or_kept(draft)
    except DraftChanged:  # meanwhile: the next sweep looks at it as it is then
        return None


def _published_or_kept(draft: Draft) -> Post | None:
    try:
        if not is_active_now(draft.author_id):
            raise AccountAway
        take("post", user_id=draft.author_id, address="")
        post = _published(draft)
    except (DraftChanged, Unavailable):
        raise
    except AppError as refusal:
        _keep(draft, refusal)
        return None
    late_ms = time.time_ns() // 1_000_000 - (draft.due_at_ms or 0)
    logger.info(
        "draft_published", draft_id=draft.id, post_id=post.id, author_id=draft.author_id, late_ms=late_ms
    )
    return post


def beside_post(draft: Draft, photos: Sequence[Photo]) -> Beside:
    """That a draft goes with the post that it becomes; for `post_create`."""
    return repository.published(draft, [photo.id for photo in photos if photo.id is not None])


def draft_of_composer(author_id: UserId, draft_id: DraftId, version: int) -> Draft:
    """The draft that a composer shows, to go with what is posted from there.

    Cost: 1 RU a 4 KB. Raises: DraftNotFound, DraftChanged.
    """
    draft = own_draft(author_id, draft_id)
    if draft.version != version:
        raise DraftChanged(version=draft.version)
    return draft


def _published(draft: Draft) -> Post:
    content, details = draft.content, draft.content.details
    return post_create(
        author_id=draft.author_id,
        text=content.text,
        photos=[Chosen(photo.id, photo.alt) for photo in content.photos],
        audience=content.audience,
        warning=details.warning,
        language=details.language,
        location=details.location,
        commenting=details.commenting,
        quote_of=content.quote_of,
        idempotency_key=_key_of(draft.id),
        beside=partial(beside_post, draft),
    )


def _keep(draft: Draft, refusal: AppError) -> None:
    """Without its time, so that it is not tried for ever."""
    kept = Draft(
        draft.id, draft.author_id, draft.content, draft.saved_at_ms, draft.version + 1, NEVER, refusal.code
    )
    repository.put_change(draft, kept)
    logger.info("draft_kept", draft_id=draft.id, author_id=draft.author_id, reason=refusal.code)


def _key_of(draft_id: DraftId) -> str:
    """No client can send a line break in a header, so no key of theirs is this one."""
    return f"draft\n{draft_id}"
