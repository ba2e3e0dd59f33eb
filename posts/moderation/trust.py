"""Whose posts and comments wait for their scan before anybody else sees them."""

import time
from dataclasses import replace

from django.conf import settings

from accounts.entities import Trust
from accounts.selectors import trust_in
from config.entities import UserId
from config.ids import id_time_ms
from posts.entities import Post
from posts.standing import SHOWN, WAITING, Moderation, Standing

HOUR_MS = 3_600_000


def is_watched(author_id: UserId) -> bool:
    """Whether the account is new, or a moderator has limited it; one that a moderator trusts is neither.

    Cost: one SQL query.
    """
    trust = trust_in(author_id)
    if trust is not Trust.NORMAL:
        return trust is Trust.LIMITED
    age_ms = time.time_ns() // 1_000_000 - id_time_ms(author_id)
    return age_ms < settings.NEW_ACCOUNT_HOURS * HOUR_MS


def first_standing(author_id: UserId, *, is_import: bool = False) -> Moderation:
    """Of something that is being written; what an operator brings in from elsewhere is trusted.

    Cost: as `is_watched`.
    """
    return WAITING if not is_import and is_watched(author_id) else SHOWN


def standing_after_edit(before: Post, *, says_else: bool) -> Moderation:
    """Of a post whose author changes it. One that was shown stays so if its author is trusted; a cover stays on.

    What a moderator said of the version before holds for a version that says the same.

    Cost: as `is_watched`.
    """
    was = before.moderation
    if not says_else:
        follows = was.ruled_version == before.version
        return replace(was, ruled_version=before.version + 1) if follows else was
    if was.is_hidden or is_watched(before.author_id):
        return replace(was, standing=Standing.WAITING, reason="")
    return was
