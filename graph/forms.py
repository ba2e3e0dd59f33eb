"""What people fill in of the graph."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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
