"""What the feed's pages are asked with."""

from django import forms

from config.drf import LARGEST_ID


class SinceForm(forms.Form):
    """The newest post that a page shows; 0 for an empty one."""

    since = forms.IntegerField(min_value=0, max_value=LARGEST_ID)
