"""The form of a report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from posts.reports.models import NOTE_MAX_LENGTH, Report


class ReportForm(forms.Form):
    """Why, and what else moderators should know."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=Report.Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Anything else moderators should know?"),
        required=False,
        max_length=NOTE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
