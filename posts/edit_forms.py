"""The form of an edit: what is there, its photos, and the version that was looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from config.errors import AppError
from posts.detail_fields import AUDIENCES, NAMES, DetailFields
from posts.entities import MediumId, Photo, PhotoFile, Post
from posts.media.addresses import files_of_medium, files_of_post
from posts.media.choosing import Chosen
from posts.photo_edits import Kept, Wanted
from posts.photo_fields import KeptPhoto, PhotoFields, SeveralTokensField, ordered, thumbnail_of
from posts.text.limits import POST_MAX_BYTES


class EditForm(PhotoFields, DetailFields):
    """Limits of content are the service's to hold."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        max_length=2 * POST_MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    audience = forms.ChoiceField(label=_("Who can see this"), choices=AUDIENCES)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    media_ids = SeveralTokensField(required=False)  # type: ignore[assignment]  # places too
    has_photos = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    def __init__(self, post: Post, *args: Any, **kwargs: Any) -> None:
        details = post.details
        initial = {
            "text": post.text,
            "audience": post.audience.value,
            "version": post.version,
            "warning": details.warning,
            "location": details.location,
            "commenting": details.commenting.value,
        }
        super().__init__(*args, initial=initial, language=details.language, **kwargs)
        self.post = post
        if not self.is_bound:
            self.kept = tuple(self._own().values())

    def changes(self) -> dict[str, Any]:
        """What to hand to `editing.post_edit`."""
        given = {name: self.cleaned_data[name] for name in ("text", "audience", "version", *NAMES)}
        if self.cleaned_data["has_photos"]:
            return given | {"photos": [*self.wanted, *self.uploads]}
        # A form of before, still open in a browser, describes the photos that the post has.
        alts = [self.data.get(f"alt_{place}") for place in range(1, len(self.post.photos) + 1)]
        return given | ({"alts": alts} if alts and None not in alts else {})

    @property
    def wanted(self) -> list[Wanted]:
        """The photos that are there already, in the order that was asked for."""
        return [_wanted(token, self.data.get(f"alt_{token}")) for token in self.tokens]

    @property
    def tokens(self) -> list[str]:
        """What they are called in the form."""
        tokens: list[str] = self.cleaned_data.get("media_ids", [])
        return [tokens[position] for position in ordered(tokens, self.data)]

    def keep_sent(self, found: dict[MediumId, Photo]) -> None:
        """Show the photos that were sent once more; `found`: media among them that the post has not."""
        own = self._own()
        for medium_id, photo in found.items():
            own[str(medium_id)] = _kept(str(medium_id), photo, files_of_medium(medium_id, photo))
        self.kept = tuple(
            replace(own[token], alt=self.data.get(f"alt_{token}", own[token].alt))
            for token in self.tokens
            if token in own
        )

    def _own(self) -> dict[str, KeptPhoto]:
        """The photos that the post has, by what the form calls them."""
        named = {_token(photo, place): photo for place, photo in enumerate(self.post.photos, start=1)}
        return {
            token: _kept(token, photo, files_of_post(self.post.id, photo)) for token, photo in named.items()
        }

    def refuse(self, refusal: AppError) -> None:
        """Show why the service refused."""
        self.add_error(None, str(refusal))

    def look_at(self, post: Post) -> None:
        """What was written stays, to be saved over the version that is there now and is shown beside it."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["version"] = str(post.version)
        self.data, self.post = data, post


def _token(photo: Photo, place: int) -> str:
    return str(photo.id) if photo.id else f"p{place}"


def _kept(token: str, photo: Photo, files: Mapping[str, Sequence[PhotoFile]]) -> KeptPhoto:
    return KeptPhoto(token, photo.alt, photo.blurhash, thumbnail_of(files))


def _wanted(token: str, alt: str | None) -> Wanted:
    if token.startswith("p"):
        return Kept(int(token[1:]) - 1, alt)
    return Chosen(MediumId(int(token)), alt)
