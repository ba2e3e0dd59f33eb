"""Forms of drafts: which one the composer shows, and a time for one."""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from posts.drafts.entities import Draft, DraftId, Timing
from posts.drafts.errors import TimeNotAhead
from posts.drafts.scheduling import UTC_ZONE, local_time, timing_of, zones

ZONE_MAX_LENGTH: Final = 64
LOCAL_FORMAT: Final = "%Y-%m-%dT%H:%M"


class DraftFields(forms.Form):
    """What the composer says of the draft that it shows, if it shows one."""

    draft = forms.CharField(required=False, max_length=19, widget=forms.HiddenInput)
    draft_version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    @property
    def shown_draft(self) -> tuple[DraftId, int] | None:
        """Which draft, and its version; None where there is none."""
        text, version = self.cleaned_data.get("draft") or "", self.cleaned_data.get("draft_version")
        return (DraftId(int(text)), version) if version and text.isascii() and text.isdecimal() else None


class VersionForm(forms.Form):
    """Which version of a draft an action is about."""

    version = forms.IntegerField(min_value=1)


class TimeForm(forms.Form):
    """When a draft is to publish itself: as clocks show it, and where those clocks are."""

    publish_at = forms.DateTimeField(
        label=_("Date and time"),
        input_formats=[LOCAL_FORMAT, f"{LOCAL_FORMAT}:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_FORMAT),
    )
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=ZONE_MAX_LENGTH,
        help_text=_("The time is that of clocks there, in summer and in winter."),
        widget=forms.Select,
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].widget.choices = [(name, name.replace("_", " ")) for name in zones()]

    @classmethod
    def of_draft(cls, draft: Draft, *, zone: str) -> "TimeForm":
        """As the draft has it; `zone` is where a draft without a time begins."""
        local = local_time(draft.timing)
        known = zone if zone in zones() else UTC_ZONE
        return cls(
            initial={
                "publish_at": local.replace(tzinfo=None) if local else None,
                "zone": draft.timing.zone or known,
                "version": draft.version,
            }
        )

    @property
    def timing(self) -> Timing:
        """The time that was chosen.

        Raises: TimeNotAhead, UnknownZone.
        """
        moment: datetime = self.cleaned_data["publish_at"]
        try:
            return timing_of(moment.replace(tzinfo=None), self.cleaned_data["zone"])
        except OverflowError as far:
            raise TimeNotAhead from far
