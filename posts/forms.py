"""What people fill in. Limits of content are the services' to hold; forms read, and show what was refused."""

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.selectors import profiles_by_ids
from config.drf import LARGEST_ID
from config.entities import PostId, UserId
from config.errors import AppError, Invalid
from posts.detail_fields import AUDIENCES, DetailFields
from posts.detail_fields import NAMES as DETAILS
from posts.drafts.entities import DraftCard
from posts.drafts.forms import DraftFields
from posts.entities import Audience, Post, QuotedCard
from posts.photo_fields import PhotoFields
from posts.selectors import quoted_card
from posts.text.limits import COMMENT_MAX_BYTES, POST_MAX_BYTES, POST_MAX_CHARACTERS


def new_key() -> str:
    """A fresh idempotency key for a form that is being shown."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class BlankPost:
    """What one empty composer differs in from others: its key, and the language that its author writes in."""

    key: str
    language: str

    @classmethod
    def of(cls, author_id: UserId) -> "BlankPost":
        """A fresh one. Cost: `profiles_by_ids`."""
        card = profiles_by_ids([author_id]).get(author_id)
        return cls(new_key(), card.language if card else "")


class PostForm(PhotoFields, DetailFields, DraftFields):
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
    quote = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, initial=new_key)

    max_characters: ClassVar[int] = POST_MAX_CHARACTERS
    max_bytes: ClassVar[int] = POST_MAX_BYTES
    quoted: QuotedCard | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "composer-%s")
        super().__init__(*args, **kwargs)

    @classmethod
    def blank_for(cls, author_id: UserId, *, quoting: Post | None = None) -> "PostForm":
        """A fresh one, in the language that the author writes in; of a post to be quoted it has the audience.

        Cost: `profiles_by_ids`.
        """
        blank = BlankPost.of(author_id)
        quote = {"quote": quoting.id, "audience": quoting.audience.value} if quoting else {}
        form = cls(language=blank.language, initial={"key": blank.key, **quote})
        form.show_quoted(quoting)
        return form

    def show_quoted(self, post: Post | None) -> None:
        """Have the post under the text, as it will be in the card."""
        self.quoted = quoted_card(post) if post is not None else None

    @property
    def quote_of(self) -> PostId | None:
        """The post to be quoted, once the form is valid."""
        quote = getattr(self, "cleaned_data", {}).get("quote")
        return PostId(quote) if quote else None

    @classmethod
    def of_draft(cls, card: DraftCard, *, quoting: Post | None = None) -> "PostForm":
        """What has been written so far, with the post that it quotes if that is still to be had."""
        draft, content = card.draft, card.draft.content
        form = cls(
            initial={
                "text": content.text,
                "audience": content.audience.value,
                "warning": content.details.warning,
                "location": content.details.location,
                "commenting": content.details.commenting.value,
                "quote": content.quote_of,
                "draft": str(draft.id),
                "draft_version": draft.version,
            },
            language=content.details.language,
        )
        form.keep(card.media)
        form.show_quoted(quoting)
        return form

    @property
    def idempotency_key(self) -> str | None:
        """The key with what it was sent with: a form that a browser brings back keeps its key for other content."""
        key = self.cleaned_data["key"]
        content = repr(
            [self.cleaned_data[name] for name in ("text", "alt", "audience", *DETAILS)]
            + self.photo_marks
            + ([self.quote_of] if self.quote_of else [])
        )
        return f"{key}.{hashlib.sha256(content.encode(errors='replace')).hexdigest()}" if key else None

    def refuse(self, refusal: AppError) -> None:
        """Show why the service refused."""
        self.add_error(None, str(refusal))


class QuoteForm(forms.Form):
    """Which post the composer is to quote, in its address."""

    quote = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)


class OEmbedForm(forms.Form):
    """What another site asks of oEmbed."""

    url = forms.CharField(max_length=2_000)
    maxwidth = forms.IntegerField(required=False, min_value=1)
    maxheight = forms.IntegerField(required=False, min_value=1)
    format = forms.ChoiceField(required=False, choices=[("json", "json"), ("xml", "xml")])


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
