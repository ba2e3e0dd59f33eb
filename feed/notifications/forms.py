"""Forms of the notification pages."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from feed.notifications.entities import Kind

KIND_LABELS: Final = {
    Kind.FOLLOW: _("Somebody follows you"),
    Kind.REQUEST: _("Somebody asks to follow you"),
    Kind.APPROVED: _("Your request to follow somebody is approved"),
    Kind.LIKE: _("Likes of your posts"),
    Kind.COMMENT: _("Comments on your posts"),
    Kind.REPLY: _("Answers to your comments"),
    Kind.COMMENT_LIKE: _("Likes of your comments"),
    Kind.MENTION: _("Mentions of you in posts and comments"),
    Kind.REPOST: _("Reposts of your posts"),
    Kind.QUOTE: _("Quotes of your posts"),
    Kind.POST: _("Posts of people whose notifications you switched on"),
}


class KindsForm(forms.Form):
    """What somebody wants to be told: a switch a kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in KIND_LABELS.items():
            self.fields[kind.value] = forms.BooleanField(label=label, required=False)

    @property
    def wanted(self) -> set[Kind]:
        """What is switched on, of a form that is valid."""
        return {kind for kind in Kind if self.cleaned_data[kind.value]}


class ReadForm(forms.Form):
    """Up to where a page was read."""

    up_to = forms.IntegerField(min_value=1, max_value=2**63 - 1)
