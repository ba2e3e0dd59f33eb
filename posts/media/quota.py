"""How much of what nobody has posted a person may keep here."""

from django.conf import settings

from config.entities import UserId
from posts.media.errors import TooManyUploads
from posts.repository import media


def quota_require(owner_id: UserId) -> None:
    """Refuse a person who has too many media that are in no post: unfinished, or unused.

    Cost: 1 Query, 0.5 RU. Consistency: eventual, so a hurried client may get a few more.
    Raises: TooManyUploads.
    """
    limit = settings.UNUSED_MEDIA_AT_MOST
    if len(media.query_unused(owner_id, limit=limit)) >= limit:
        raise TooManyUploads(limit=limit)
