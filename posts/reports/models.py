"""Reports in the ORM: moderators search and filter them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

NOTE_MAX_LENGTH = 1_000


class Report(models.Model):
    """What one person says of one post, comment or account; of each thing they have one open report at most."""

    class Kind(models.TextChoices):
        POST = "post", _("post")
        COMMENT = "comment", _("comment")
        ACCOUNT = "account", _("account")

    class Reason(models.TextChoices):
        SPAM = "spam", _("Spam or a scam")
        HARASSMENT = "harassment", _("Harassment or hate")
        VIOLENCE = "violence", _("Violence or threats")
        NUDITY = "nudity", _("Nudity or sexual content")
        SELF_HARM = "self_harm", _("Self-harm or suicide")
        MINOR = "minor", _("A child is in danger")
        IMPERSONATION = "impersonation", _("Pretends to be somebody else")
        ILLEGAL = "illegal", _("Something illegal")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        RESOLVED = "resolved", _("resolved")
        DISMISSED = "dismissed", _("dismissed")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    thing_id = models.BigIntegerField(_("id"), help_text=_("Of the post, the comment or the account."))
    post_id = models.BigIntegerField(_("post"), null=True, blank=True)
    subject_id = models.BigIntegerField(_("whose"), db_index=True, help_text=_("Of whom the report is."))
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reporter"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Nobody: their account is gone."),
    )
    reason = models.CharField(_("reason"), max_length=13, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=NOTE_MAX_LENGTH, blank=True)
    snapshot = models.JSONField(_("as it was"), default=dict)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(_("reported"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, db_index=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["reporter", "kind", "thing_id"], condition=Q(state="open"), name="one_open_report"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-created_at"], name="report_queue"),
            models.Index(fields=["kind", "thing_id"], name="report_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.thing_id}"
