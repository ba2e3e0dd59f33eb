"""Photos that come, go and move in an edit, and what becomes of the files of those that went.

A photo that was taken out stays as long as a kept version shows it, for whoever may read that version. When the last such
version goes, with the fifty-first change or with the post, its medium and its files go too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from config.entities import PostId
from posts.entities import MediumId, Photo, Post
from posts.media import files
from posts.media.choosing import Chosen, Source, photos_of
from posts.media.errors import MediumNotFound
from posts.media.names import folder_of, key_of
from posts.repository import edits, media, posts
from posts.text.limits import alt_text

logger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo that the post has, by its place from 0: those of before media have no other name."""

    place: int
    alt: str | None = None


Wanted = Source | Kept


def photos_after(post: Post, wanted: Sequence[Wanted]) -> tuple[Photo, ...]:
    """The photos of a post as they are to be; media that it has not are the author's, and free.

    Cost: 1 batch, 1 RU for each that comes. Raises: MediumNotFound, MediumNotReady, TextTooLong.
    """
    own = {photo.id: photo for photo in post.photos if photo.id is not None}
    new = [one for one in wanted if isinstance(one, Chosen) and one.id not in own]
    come = iter(photos_of(post.author_id, new) if new else ())
    photos = list[Photo]()
    for one in wanted:
        if isinstance(one, Kept):
            photos.append(_kept(post, one))
        elif isinstance(one, Chosen):
            photos.append(_described(own[one.id], one.alt) if one.id in own else next(come))
    if len({identity(photo) for photo in photos}) < len(photos):
        raise MediumNotFound
    return tuple(photos)


def identity(photo: Photo) -> int | str:
    """What a photo stays known by, whatever is said of it."""
    return photo.id or key_of(photo)


def new_photos(before: Post, after: Post) -> list[Photo]:
    """Those that come with an edit."""
    had = {identity(photo) for photo in before.photos}
    return [photo for photo in after.photos if identity(photo) not in had]


def version_photos_clear(*, post_id: PostId, medium_ids: Sequence[int], folders: Sequence[str]) -> int:
    """A version has gone: take away those of its photos that neither the post nor another version shows.

    Cost: 2 requests, 1 RU a 4 KB; 2 WU a photo. Idempotent: by photo.
    """
    post = posts.get_post(post_id)
    shown = list(post.photos) if post else []
    if post:
        for version in edits.query_versions(post, consistent=True):
            shown += version.post.photos
    used_ids, used_folders = {photo.id for photo in shown}, {folder_of(photo) for photo in shown}
    gone = [medium_id for medium_id in medium_ids if medium_id not in used_ids]
    for medium_id in gone:
        media.delete_medium(MediumId(medium_id))  # its files follow from the stream
    for folder in set(folders) - used_folders:
        files.remove_folder(folder)
    logger.info("version_photos_cleared", post_id=post_id, media=len(gone))
    return len(gone)


def _kept(post: Post, kept: Kept) -> Photo:
    if not 0 <= kept.place < len(post.photos):
        raise MediumNotFound
    return _described(post.photos[kept.place], kept.alt)


def _described(photo: Photo, alt: str | None) -> Photo:
    return photo if alt is None else replace(photo, alt=alt_text(alt))
