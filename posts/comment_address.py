"""How a comment is named in addresses and by clients: its id; of a reply the thread's, a hyphen, and its own."""

from typing import Final

from config.converters import LARGEST_ID
from config.entities import PostId
from posts.comment_entities import CommentRef
from posts.entities import CommentId

PATTERN: Final = "[1-9][0-9]{0,18}(?:-[1-9][0-9]{0,18})?"


class CommentConverter:
    """The part of an address that names a comment: one name for one comment."""

    regex = PATTERN

    def to_python(self, value: str) -> str:
        """Raises: ValueError, which Django answers with 404, for what no id can be."""
        if any(int(number) > LARGEST_ID for number in value.split("-")):
            raise ValueError
        return value

    def to_url(self, value: object) -> str:
        """A CommentRef as it is written, or what is written already."""
        return str(value)


def ref_of(post_id: int, key: str) -> CommentRef:
    """What a name stands for under a post. The reverse of `str`."""
    *thread, comment_id = map(int, key.split("-"))
    return CommentRef(PostId(post_id), CommentId(comment_id), CommentId(thread[0]) if thread else None)
