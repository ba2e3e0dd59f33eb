"""What Redis knows a thing by: an installation's prefix, its kind, its key."""

from django.conf import settings


def name_of(kind: str, key: str | int) -> str:
    """Of a value in the cache's server."""
    return f"{settings.CACHES['default']['KEY_PREFIX']}{kind}:{key}"
