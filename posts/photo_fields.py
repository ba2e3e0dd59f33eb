"""The composer's photos: files that come with the form, or media that a script has uploaded before."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from posts.entities import MediumId, PhotoFile
from posts.media.addresses import files_of_medium
from posts.media.choosing import Chosen, Source, Upload
from posts.media.entities import Medium
from posts.media.limits import ACCEPT, PHOTOS_A_POST
from posts.text.limits import ALT_MAX_BYTES

_ID: Final = re.compile(r"[0-9]{1,19}")
_TOKEN: Final = re.compile(r"[0-9]{1,19}|p[0-9]{1,2}")


class SeveralFilesInput(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """What came, as a list; whether it is pictures is the service's to say."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Django hands over one file, several or none; an empty one is refused with the others."""
        several = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(one, initial) for one in several if one is not None]


class SeveralIdsField(forms.Field):
    """Ids that a script has put there, in the order of the photos."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[MediumId]:
        """Raises: ValidationError."""
        return [MediumId(int(text)) for text in tokens_read(value, _ID)]


class SeveralTokensField(forms.Field):
    """The same, and photos of a post by their places in it: p1, p2."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        """Raises: ValidationError."""
        return tokens_read(value, _TOKEN)


def tokens_read(value: Any, pattern: re.Pattern[str]) -> list[str]:
    """Raises: ValidationError."""
    texts = [str(text) for text in value or ()]
    if not all(pattern.fullmatch(text) for text in texts):
        raise forms.ValidationError(_("This photo is not there any more. Add it again."))
    return texts


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo that a form shows: by what it is called there, with its description."""

    token: str
    alt: str
    blurhash: str
    thumbnail: str = ""
    """Its signed address; none until a worker has made it."""


def thumbnail_of(files: Mapping[str, Sequence[PhotoFile]]) -> str:
    """The address of the smallest rendition, or nothing until there is one."""
    made = files.get("webp", ())
    return made[0].url if made else ""


class PhotoFields(forms.Form):
    """Up to 20 photos, each with its description: `alt_<medium id>` of media, a line of `alt` of files.

    Without script a photo that is there already has two fields more: `place_<id>`, and `drop_<id>` to leave it out.
    """

    photo = SeveralFilesField(
        label=_("Photos"),
        required=False,
        allow_empty_file=True,
        widget=SeveralFilesInput(attrs={"accept": ACCEPT}),
    )
    media_ids = SeveralIdsField(required=False)
    alt = forms.CharField(
        label=_("Photo descriptions"),
        required=False,
        max_length=ALT_MAX_BYTES * PHOTOS_A_POST,
        help_text=_("For people who can't see them. One line for each photo."),
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 1}),
    )

    max_photos: ClassVar[int] = PHOTOS_A_POST
    kept: tuple[KeptPhoto, ...] = ()
    """Uploaded photos of a draft, or of a form that is shown again."""

    def keep(self, media: Iterable[Medium]) -> None:
        """Show these, with the descriptions that were sent if any were."""
        self.kept = tuple(
            KeptPhoto(
                str(medium.id),
                self.data.get(f"alt_{medium.id}", medium.alt),
                medium.photo.blurhash,
                thumbnail_of(files_of_medium(medium.id, medium.photo)),
            )
            for medium in media
        )

    @property
    def photos(self) -> list[Source]:
        """Media in their order, then the files that came with the form."""
        return [*self._chosen, *self.uploads]

    @property
    def uploads(self) -> list[Upload]:
        """The files that came with the form."""
        files, alt = self.cleaned_data["photo"], self.cleaned_data["alt"]
        # One photo may be described in several lines; several have one each.
        alts = [alt] if len(files) == 1 else alt.splitlines() + [""] * len(files)
        return [Upload(file, line, file.content_type or "") for file, line in zip(files, alts, strict=False)]

    @property
    def kept_ids(self) -> list[MediumId]:
        """In the order that was asked for, without those to be left out; none if they made no sense."""
        ids: list[MediumId] = self.cleaned_data.get("media_ids", [])
        return [ids[number] for number in ordered([str(medium_id) for medium_id in ids], self.data)]

    @property
    def photo_marks(self) -> list[Any]:
        """What tells these photos from others, for the idempotency key."""
        files = [part for file in self.cleaned_data["photo"] for part in (file.name, file.size)]
        return files + [part for one in self._chosen for part in (one.id, one.alt)]

    @property
    def _chosen(self) -> list[Chosen]:
        return [Chosen(medium_id, self.data.get(f"alt_{medium_id}")) for medium_id in self.kept_ids]


def ordered(tokens: Sequence[str], data: Mapping[str, Any]) -> list[int]:
    """Positions of the photos of a form as its fields ask for: those to be left out are, places move the others."""
    places = [_place(data.get(f"place_{token}"), position) for position, token in enumerate(tokens)]
    kept = [position for position, token in enumerate(tokens) if not data.get(f"drop_{token}")]
    return sorted(kept, key=lambda position: places[position])


def _place(said: Any, position: int) -> float:
    """Where a photo is to be. Moved to another's place it comes before that one, or after it if it comes from before."""
    text = str(said or "")
    place = int(text) - 1 if text.isascii() and text.isdecimal() and len(text) <= 3 else position
    return place if place == position else place + (0.5 if place > position else -0.5)
