"""The composer's photos: files that come with the form, or media that a script has uploaded before."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from posts.entities import MediumId
from posts.media.choosing import Chosen, Source, Upload
from posts.media.entities import Medium
from posts.media.limits import ACCEPT, PHOTOS_A_POST
from posts.text.limits import ALT_MAX_BYTES


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
        texts = [str(text) for text in value or ()]
        if not all(text.isascii() and text.isdecimal() and len(text) <= 19 for text in texts):
            raise forms.ValidationError(_("This photo is not there any more. Add it again."))
        return [MediumId(int(text)) for text in texts]


class PhotoFields(forms.Form):
    """Up to 20 photos, each with its description: `alt_<medium id>` of media, a line of `alt` of files."""

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
    kept: Sequence[Medium] = ()
    """Uploaded photos of a form that is shown again."""

    @property
    def photos(self) -> list[Source]:
        """Media in their order, then the files that came with the form."""
        files, alt = self.cleaned_data["photo"], self.cleaned_data["alt"]
        # One photo may be described in several lines; several have one each.
        alts = [alt] if len(files) == 1 else alt.splitlines() + [""] * len(files)
        uploads = [
            Upload(file, line, file.content_type or "") for file, line in zip(files, alts, strict=False)
        ]
        return [*self._chosen, *uploads]

    @property
    def kept_ids(self) -> list[MediumId]:
        """Of a form that is shown again; none if they made no sense."""
        ids: list[MediumId] = self.cleaned_data.get("media_ids", [])
        return ids

    @property
    def photo_marks(self) -> list[Any]:
        """What tells these photos from others, for the idempotency key."""
        files = [part for file in self.cleaned_data["photo"] for part in (file.name, file.size)]
        return files + [part for one in self._chosen for part in (one.id, one.alt)]

    @property
    def _chosen(self) -> list[Chosen]:
        return [Chosen(medium_id, self.data.get(f"alt_{medium_id}")) for medium_id in self.kept_ids]
