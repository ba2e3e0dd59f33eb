"""What people fill in. Limits of content are the services' to hold; forms read, and show what was refused."""

import hashlib
import uuid
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.selectors import profiles_by_ids
from config.entities import UserId
from config.errors import AppError, Invalid
from posts.detail_fields import AUDIENCES, DetailFields
from posts.detail_fields import NAMES as DETAILS
from posts.entities import Audience
from posts.photo_fields import PhotoFields
from posts.text.limits import COMMENT_MAX_BYTES, POST_MAX_BYTES, POST_MAX_CHARACTERS


def new_key() -> str:
    """A fresh idempotency key for a form that is being shown."""
    return uuid.uuid4().hex


class PostForm(PhotoFields, DetailFields):
    """The composer. Its hidden key makes a second press of the button find the first one's post."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        max_length=2 * POST_MAX_BYTES,  # a bound alone: the service counts what is stored, as a reader counts
        widget=forms.Textarea(
            attrs={"rows": 3, "placeholder": _("What would you like to share?"), "dir": "auto"}
        ),
    )
    audience = forms.ChoiceField(
        label=_("Who can see this"), choices=AUDIENCES, initial=Audience.EVERYONE.value
    )
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, initial=new_key)

    max_characters: ClassVar[int] = POST_MAX_CHARACTERS
    max_bytes: ClassVar[int] = POST_MAX_BYTES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "composer-%s")
        super().__init__(*args, **kwargs)

    @classmethod
    def blank_for(cls, author_id: UserId) -> "PostForm":
        """A fresh one, in the language that the author writes in.

        Cost: `profiles_by_ids`.
        """
        card = profiles_by_ids([author_id]).get(author_id)
        return cls(language=card.language if card else "")

    @property
    def idempotency_key(self) -> str | None:
        """The key with what it was sent with: a form that a browser brings back keeps its key for other content."""
        key = self.cleaned_data["key"]
        content = repr(
            [self.cleaned_data[name] for name in ("text", "alt", "audience", *DETAILS)] + self.photo_marks
        )
        return f"{key}.{hashlib.sha256(content.encode(errors='replace')).hexdigest()}" if key else None

    def refuse(self, refusal: AppError) -> None:
        """Show why the service refused."""
        self.add_error(None, str(refusal))


class CommentForm(forms.Form):
    """One comment."""

    text = forms.CharField(
        label=_("Comment"),
        strip=False,
        max_length=COMMENT_MAX_BYTES * 2,  # as above
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": _("Add a comment…"), "dir": "auto"}),
    )

    def refuse(self, refusal: Invalid) -> None:
        """Show why the service refused."""
        self.add_error("text", str(refusal))
