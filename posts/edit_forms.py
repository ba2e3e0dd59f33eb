"""The form of an edit: what is there, one description a photo, and the version that was looked at."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from config.errors import AppError
from posts.detail_fields import AUDIENCES, NAMES, DetailFields
from posts.entities import Post
from posts.text.limits import ALT_MAX_BYTES, POST_MAX_BYTES


class EditForm(DetailFields):
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
    field_order = ("text", "audience", *NAMES)

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
        self.alts = [f"alt_{number}" for number in range(1, len(post.photos) + 1)]
        for number, (name, photo) in enumerate(zip(self.alts, post.photos, strict=True), start=1):
            self.fields[name] = forms.CharField(
                label=_now("Description of photo %(number)d") % {"number": number},
                required=False,
                max_length=ALT_MAX_BYTES,
                initial=photo.alt,
                widget=forms.TextInput(attrs={"dir": "auto"}),
            )

    def changes(self) -> dict[str, Any]:
        """What to hand to `editing.post_edit`."""
        given = {name: self.cleaned_data[name] for name in ("text", "audience", "version", *NAMES)}
        return given | {"alts": [self.cleaned_data[name] for name in self.alts]}

    def refuse(self, refusal: AppError) -> None:
        """Show why the service refused."""
        self.add_error(None, str(refusal))

    def look_at(self, post: Post) -> None:
        """What was written stays, to be saved over the version that is there now and is shown beside it."""
        self.data = {**self.data.dict(), "version": str(post.version)}  # type: ignore[attr-defined]  # a QueryDict
