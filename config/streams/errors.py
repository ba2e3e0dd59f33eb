"""What a stream may refuse, in the words of its reader. None of it ever reaches a person.

    AppError
    ├── ExpiredIterator   unused for 15 minutes, or the engine was restarted: ask for a new one
    ├── TrimmedData       the position is older than the 24 hours that a stream keeps
    └── StreamGone        no such stream or shard: the table was deleted or made again

Throttles and outages are `Throttled` and `DatabaseUnavailable` of `config.dynamodb.errors`.
"""

from botocore.exceptions import BotoCoreError, ClientError

from config.dynamodb.errors import error_code, translated
from config.errors import AppError


class ExpiredIterator(AppError):
    """An iterator that may not be used any more; the position it stood for still may."""

    code = "expired_iterator"


class TrimmedData(AppError):
    """Records between this position and the oldest one kept are gone."""

    code = "trimmed_data"


class StreamGone(AppError):
    """The stream, or this shard of it, does not exist."""

    code = "stream_gone"


_BY_CODE: dict[str, type[AppError]] = {
    "ExpiredIteratorException": ExpiredIterator,
    "TrimmedDataAccessException": TrimmedData,
    "ResourceNotFoundException": StreamGone,
}


def translated_stream_error(error: ClientError | BotoCoreError) -> Exception:
    """Roost's error for botocore's, on the streams endpoint."""
    meaning = _BY_CODE.get(error_code(error))
    return meaning(str(error)) if meaning else translated(error)
