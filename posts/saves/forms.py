"""What people fill in about what they keep."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.errors import AppError
from posts.saves.entities import Collection, CollectionId
from posts.saves.services import NAME_MAX_CHARACTERS
from posts.text.limits import BYTES_A_CHARACTER


class NameForm(forms.Form):
    """A collection's name; the limit is the service's to hold."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=NAME_MAX_CHARACTERS * BYTES_A_CHARACTER,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def refuse(self, refusal: AppError) -> None:
        """Show why the service refused."""
        self.add_error("name", str(refusal))


class ChoiceForm(NameForm):
    """In which collections a post is, and the name of one to be made for it."""

    chosen = forms.TypedMultipleChoiceField(
        label=_("Collections"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("chosen", "name")

    def __init__(self, collections: Iterable[Collection], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = [(str(it.id), it.name) for it in collections]
        self.fields["chosen"].choices = choices  # type: ignore[attr-defined]  # of a field with choices
        self.fields["name"].label = _("New collection")

    @property
    def collection_ids(self) -> list[CollectionId]:
        """Those that were ticked."""
        return [CollectionId(number) for number in self.cleaned_data["chosen"]]
