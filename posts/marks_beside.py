"""What a viewer has put on the posts of a page, read beside the question which of them they may see."""

from collections.abc import Iterable

from config.entities import UserId
from posts.entities import Post
from posts.mark_entities import UNMARKED, KnownMarks
from posts.selectors import marks_among


class MarksBeside:
    """Handed to what makes a page of posts, and with it to `post_cards`, which then asks for nothing."""

    def __init__(self, viewer_id: UserId | None) -> None:
        self._viewer_id = viewer_id
        self.known = KnownMarks(frozenset(), UNMARKED)

    def read(self, posts: Iterable[Post]) -> None:
        """Of these besides; which of them the viewer may see need not be known yet.

        Cost: as `marks_among`.
        """
        asked = frozenset(post.shown.id for post in posts)
        self.known = self.known.with_those(KnownMarks(asked, marks_among(self._viewer_id, asked)))
