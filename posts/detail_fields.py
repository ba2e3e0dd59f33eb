"""Form fields of what is said of a post beside its text: the composer and the page of an edit have the same."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.languages import TAG_MAX_LENGTH, language_choices
from posts.details import LOCATION_MAX_CHARACTERS, WARNING_MAX_CHARACTERS, Commenting
from posts.entities import Audience
from posts.text.limits import BYTES_A_CHARACTER

NAMES = ("warning", "language", "location", "commenting")
COMMENTING: Any = [
    (Commenting.EVERYONE.value, _("Everyone who sees the post")),
    (Commenting.FOLLOWERS.value, _("Followers")),
    (Commenting.MENTIONED.value, _("People it mentions")),
    (Commenting.NOBODY.value, _("Nobody")),
]


AUDIENCES: Any = [
    (Audience.EVERYONE.value, _("Everyone")),
    (Audience.FOLLOWERS.value, _("Followers")),
    (Audience.CLOSE_FRIENDS.value, _("Close friends")),
    (Audience.ONLY_ME.value, _("Only me")),
]


class DetailFields(forms.Form):
    """Limits and the form of a language tag are the service's to hold."""

    warning = forms.CharField(
        label=_("Content warning"),
        required=False,
        max_length=WARNING_MAX_CHARACTERS * BYTES_A_CHARACTER,
        help_text=_("Hides text and photos until a reader asks for them. Say what they are about."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    language = forms.CharField(
        label=_("Language of the text"),
        required=False,
        max_length=TAG_MAX_LENGTH,
        help_text=_("Screen readers and translators go by it."),
        widget=forms.Select,
    )
    location = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=LOCATION_MAX_CHARACTERS * BYTES_A_CHARACTER,
        help_text=_("In your words; nothing is looked up."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    commenting = forms.ChoiceField(
        label=_("Who can comment"),
        choices=COMMENTING,
        initial=Commenting.EVERYONE.value,
        required=False,  # a form of before, still open in a browser, has no such field
    )

    def clean_commenting(self) -> str:
        """Everyone, unless somebody said otherwise."""
        return str(self.cleaned_data["commenting"] or Commenting.EVERYONE.value)

    def __init__(self, *args: Any, language: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = language
        chosen = str(self["language"].value() or "")
        self.fields["language"].widget.choices = language_choices(chosen=chosen[:TAG_MAX_LENGTH])
