"""One person's export of all their data, as a row that says how far its making has come."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.ids import next_id


class ExportState(models.TextChoices):
    """`expired` also says that its owner removed it."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")
    EXPIRED = "expired", _("expired")


OPEN = (ExportState.QUEUED, ExportState.RUNNING)


class Export(models.Model):
    """The place of the work (`part`, `page`, `cursor`) and its file move together with the pages that are written."""

    State = ExportState

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(
        _("state"), max_length=8, choices=ExportState.choices, default=ExportState.QUEUED
    )
    # Asked for by an operator: in none of its owner's lists, under none of their limits.
    by_operator = models.BooleanField(_("by an operator"), default=False, editable=False)
    language = models.CharField(_("language"), max_length=20, default="en")
    # Where its owner finds it, as they reached the site when they asked: a task has no request to tell it.
    page_url = models.URLField(max_length=500, blank=True)
    # The part under way ("" before the first), its pages that are written, and where the next one begins.
    part = models.CharField(max_length=60, blank=True)
    page = models.PositiveIntegerField(default=0)
    cursor = models.TextField(blank=True)
    # By part: {"done": records, "total": records expected or null, "pages": files written, "files": pictures}
    progress = models.JSONField(_("progress"), default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    alive_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(_("size"), default=0)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering: ClassVar = ["-asked_at"]
        indexes: ClassVar = [models.Index(fields=["state", "alive_at"], name="export_by_state")]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=[state.value for state in OPEN], by_operator=False),
                name="one_export_under_way",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"

    @property
    def is_open(self) -> bool:
        """Whether it is still being made."""
        return self.state in OPEN
