"""Stored pictures over HTTP. Avatars and previews of links are for everyone; a photo is for whom its post is for.

    is the address signed here, and has it not run out?      no: not there
    may who asks (session or token) see the post, now?       no: not there, by the same function as every page
    a disk: the file        a bucket: on to an address of its own, good for a minute

An avatar's address, once the avatar is removed, is answered by an edge for a minute at most, as long as it can ask.
A browser may keep what everyone may see. An edge may keep it too as long as it asks each time whether it still stands
(`config.edge`), for the account may turn private and the post's audience narrow; other shared caches have it for seconds.
What is for fewer is asked for each time, and sent again only if it changed: it never does.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView
from storages.backends.s3 import S3Storage

from accounts.selectors import profiles_by_ids
from config.edge import let_edges_keep, removable_file
from config.entities import PostId
from config.pages import signed_in_id, viewer_of
from posts.editing import earlier_photos
from posts.entities import Audience, MediumId, Photo, Post
from posts.media.addresses import first_with_key, seconds_left
from posts.media.errors import MediumNotFound
from posts.media.files import photo_storage
from posts.media.names import CONTENT_TYPES
from posts.media.services import medium_own
from posts.visibility import visible_post

# The only names that this view gives out: nothing else in the storage can be asked for, and no path can climb.
_PUBLIC_NAME: Final = re.compile(r"(?:avatars|previews)/[0-9a-f]{2}/[0-9a-f]{16,64}/[0-9]{2,5}\.webp")
_BUCKET_SECONDS: Final = 60


@require_safe
@removable_file
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """One rendition of an avatar or a preview, always as image/webp; its content never changes, but it may be removed."""
    if not _PUBLIC_NAME.fullmatch(name):
        raise Http404
    try:
        file = default_storage.open(name)
    except FileNotFoundError as missing:
        raise Http404 from missing
    tag = f'"{name.removesuffix(".webp").replace("/", "-")}"'
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == tag:
        file.close()
        response = HttpResponse(status=304)
    else:
        response = FileResponse(file, content_type="image/webp")
    response["ETag"] = tag
    response["X-Content-Type-Options"] = "nosniff"
    return response


class AnythingGoes(BaseContentNegotiation):
    """A picture is what it is, whatever the client says it accepts."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:  # noqa: ARG002
        return next(iter(parsers))

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,  # noqa: ARG002
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type or ""


@extend_schema(exclude=True)
class _FileView(APIView):
    """Asked with a session or a token; addresses come with posts and media."""

    permission_classes = (AllowAny,)
    content_negotiation_class = AnythingGoes


class PhotoFileView(_FileView):
    """One rendition of a posted photo."""

    def get(self, request: Request, number: str, key: str, size: str, form: str) -> HttpResponseBase:
        """The file, for whom the post is for."""
        seconds = _seconds_left(request)
        post = visible_post(viewer_of(request), PostId(int(number)))
        photo = first_with_key(post.photos, key)
        public = photo is not None and _is_for_everyone(post)
        if photo is None:
            photo = first_with_key(earlier_photos(viewer_of(request), post), key)
        return _answer(request, photo, int(size), form, keep_seconds=seconds if public else 0)


class MediumFileView(_FileView):
    """One rendition of a medium that no post has."""

    def get(self, request: Request, number: str, key: str, size: str, form: str) -> HttpResponseBase:
        """The file, for its owner."""
        _seconds_left(request)
        if not request.user.is_authenticated:
            raise MediumNotFound
        medium = medium_own(signed_in_id(request), MediumId(int(number)))
        photos = [medium.photo] if medium.look and medium.post_id is None else []
        return _answer(request, first_with_key(photos, key), int(size), form, keep_seconds=0)


def _seconds_left(request: Request) -> int:
    """Raises: Http404."""
    query = request.query_params
    seconds = seconds_left(request.path, query.get("until", ""), query.get("sign", ""))
    if not seconds:
        raise Http404
    return seconds


def _is_for_everyone(post: Post) -> bool:
    author = profiles_by_ids([post.author_id]).get(post.author_id)
    return post.audience is Audience.EVERYONE and author is not None and not author.is_private


def _answer(
    request: Request, photo: Photo | None, size: int, form: str, *, keep_seconds: int
) -> HttpResponseBase:
    """Raises: Http404."""
    if photo is None or size not in photo.renditions or form not in photo.formats:
        raise Http404
    name = f"{photo.renditions[size].removesuffix('webp')}{form}"
    tag = f'"{name.rpartition("/")[0][-32:]}-{size}-{form}"'
    response = _content(request, name, form, tag)
    response["Cache-Control"] = (
        f"private, max-age={keep_seconds}, immutable" if keep_seconds else "private, no-cache"
    )
    response["Vary"] = "Cookie, Authorization"
    if keep_seconds and not isinstance(
        response, HttpResponseRedirect
    ):  # a bucket's address runs out in a minute
        let_edges_keep(response, browser_seconds=keep_seconds)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _content(request: Request, name: str, form: str, tag: str) -> HttpResponseBase:
    response: HttpResponseBase
    storage = photo_storage()
    if isinstance(storage, S3Storage):
        return HttpResponseRedirect(storage.url(name, expire=_BUCKET_SECONDS))
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    try:
        file = storage.open(name)
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(file, content_type=CONTENT_TYPES[form])
    response["ETag"] = tag
    return response
