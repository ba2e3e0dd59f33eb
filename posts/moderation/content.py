"""What scanners are given of a post or a comment: all that readers are shown of it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from posts.comment_entities import Comment
from posts.entities import Photo, Post
from posts.text.facets import FacetKind, Facets


@dataclass(frozen=True, slots=True)
class Content:
    """One version of a post, or a comment."""

    texts: tuple[str, ...]
    """The text first; a post's warning, place and descriptions after it."""
    hosts: tuple[str, ...] = ()
    """In ASCII and lower case, of all links of the text."""
    photos: tuple[Photo, ...] = ()
    """Those that have renditions."""
    is_whole: bool = True
    """False while photos are still being made: what is found counts, finding nothing does not."""


def content_of_post(post: Post) -> Content:
    """The post as it is."""
    said = (post.text, post.details.warning, post.details.location, *(photo.alt for photo in post.photos))
    return Content(
        texts=tuple(text for text in said if text),
        hosts=_hosts(post.shown_facets),
        photos=tuple(photo for photo in post.photos if photo.renditions),
        is_whole=not any(photo.is_waiting for photo in post.photos),
    )


def content_of_comment(comment: Comment) -> Content:
    """The comment as it is."""
    return Content(texts=(comment.text,), hosts=_hosts(comment.shown_facets))


def _hosts(facets: Facets) -> tuple[str, ...]:
    links = (facet.value for facet in facets if facet.kind is FacetKind.LINK)
    return tuple(dict.fromkeys(host.lower() for link in links if (host := urlsplit(link).hostname)))
