"""What people fill in of the graph."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from graph.entities import FollowKind

MUTE_CHOICES: Any = [("1", _("For a day")), ("7", _("For a week")), ("", _("For good"))]


class MuteForm(forms.Form):
    """For how long. Nothing chosen is for good."""

    days = forms.TypedChoiceField(
        label=_("For how long"),
        choices=MUTE_CHOICES,
        coerce=int,
        empty_value=None,
        required=False,
        initial="7",
        widget=forms.RadioSelect,
    )
    sent = forms.CharField(initial="1", widget=forms.HiddenInput)


class FollowSettingsForm(forms.Form):
    """What one chooses for a follow; what is not sent stays."""

    notify = forms.ChoiceField(choices=[("on", "on"), ("off", "off")], required=False)
    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in FollowKind], required=False)

    def chosen(self) -> dict[str, Any]:
        """The service's arguments."""
        notify, kind = self.cleaned_data["notify"], self.cleaned_data["kind"]
        return {"notify": notify == "on" if notify else None, "kind": FollowKind(kind) if kind else None}


class RestoreForm(forms.Form):
    """What undoes a removal."""

    undo = forms.CharField(max_length=500)


class ListForm(forms.Form):
    """How a list of people is to be shown. Letters to search for put it in the order of handles."""

    order = forms.ChoiceField(choices=[("newest", "newest"), ("handle", "handle")], required=False)
    q = forms.CharField(
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Search by handle"), "dir": "ltr"}),
    )

    def clean_q(self) -> str:
        """As handles are stored."""
        return str(self.cleaned_data["q"]).strip().removeprefix("@").lower()

    def by_handle(self) -> str | None:
        """The letters to search for, "" for all by handle, None for newest first. What can't be read is as not asked."""
        if not self.is_valid():
            return None
        prefix: str = self.cleaned_data["q"]
        return prefix if prefix or self.cleaned_data["order"] == "handle" else None
