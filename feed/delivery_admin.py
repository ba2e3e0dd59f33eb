"""How each author's posts are delivered, in the administration: what is measured, and the policy that staff may choose.

The choice is stored with the author in DynamoDB and holds from then on; each one is in the history of the page, with who
took it and what was chosen before.
"""

import time
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin_lists import BoundedPaginator, HandleSearch
from config.entities import UserId
from feed import tasks
from feed.author_delivery import author_choose
from feed.author_entities import AuthorRecord
from feed.author_repository import author_record
from feed.models import Author
from feed.policies.serving import Delivery
from graph.selectors import counts

CHOICES = (
    ("", _("As the site: ROOST_DELIVERY_POLICY")),
    (Delivery.PER_EDGE.value, _("By the cost of each follow; celebrities are pulled")),
    (Delivery.FOLLOWER_THRESHOLD.value, _("Pushed; celebrities are pulled")),
    (Delivery.PUSH_ALL.value, _("Always pushed")),
    (Delivery.PULL_ALL.value, _("Always pulled")),
)


class AuthorForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """The policy alone."""

    policy = forms.ChoiceField(
        choices=CHOICES,
        required=False,
        label=_("policy"),
        help_text=_(
            "Whether everybody pulls the author changes at once; single follows as their readers come, within two weeks."
        ),
    )

    class Meta:
        model = Author
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = author_record(UserId(self.instance.pk)).rates.chosen
        self.fields["policy"].initial = chosen.value if chosen else ""


@admin.register(Author)
class AuthorAdmin(HandleSearch):
    """Found by handle or id; nothing but the policy can be changed here."""

    form = AuthorForm
    list_display = ("username", "date_joined")
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    ordering = ("-id",)
    search_fields = ("username__startswith", "=id")
    search_help_text = _("The beginning of a handle, or an id.")
    readonly_fields = ("username", "followers", "posts_per_day", "reactions_per_day", "way")
    fields = ("username", "followers", "posts_per_day", "reactions_per_day", "way", "policy")

    def has_add_permission(self, request: HttpRequest) -> bool:  # Django's signature  # noqa: ARG002
        """Authors are users."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:  # noqa: ARG002
        """See `accounts.admin`."""
        return False

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001
        """Nothing of the user is written."""
        if "policy" in form.changed_data:
            chosen = form.cleaned_data["policy"]
            author_choose(
                author_id=UserId(obj.pk),
                chosen=Delivery(chosen) if chosen else None,
                demote=tasks.demote_author_soon,
            )

    def construct_change_message(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        add: bool = False,  # noqa: FBT001, FBT002
    ) -> Any:
        """What was chosen, and instead of what."""
        if "policy" not in form.changed_data:
            return super().construct_change_message(request, form, formsets, add)
        before, after = form.fields["policy"].initial or "-", form.cleaned_data["policy"] or "-"
        return f"policy: {before} -> {after}"

    @admin.display(description=_("followers"))
    def followers(self, author: Author) -> int:
        """As the policy sees them."""
        return counts(UserId(author.pk)).followers

    @admin.display(description=_("posts a day, of late"))
    def posts_per_day(self, author: Author) -> str:
        """As the policy sees them."""
        return f"{_record(author).rates.posts_per_day(_now_ms()):.2f}"

    @admin.display(description=_("likes, comments and reposts a day, of late"))
    def reactions_per_day(self, author: Author) -> str:
        """As the policy sees them, by a sample of one in 64."""
        return f"{_record(author).rates.facts(_now_ms()).reactions_per_day:.0f}"

    @admin.display(description=_("now"))
    def way(self, author: Author) -> str:
        """What holds of all followers."""
        registration = _record(author).registration
        if registration is None:
            return str(_("pushed, or pulled, follow by follow"))
        if registration.demotion:
            return str(_("pushed again from now on; followers are being moved"))
        return str(_("pulled by everybody (%(reason)s)") % {"reason": registration.reason.value})


def _record(author: Author) -> AuthorRecord:
    return author_record(UserId(author.pk))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
