"""Rows about people who leave. They hang on no user row, for they outlive it."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.handles import MAX_LENGTH


class Departure(models.Model):
    """One person's leaving: for a while (deactivated) or for good (deletion), and how far the clean-up has come.

    A user who is not active and has no departure was switched off by staff: that, they can't undo themselves.
    """

    class Kind(models.TextChoices):
        DEACTIVATED = "deactivated", _("deactivated")
        DELETION = "deletion", _("deletion")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")

    user_id = models.BigIntegerField(_("user id"), primary_key=True, editable=False)
    handle = models.CharField(_("handle"), max_length=MAX_LENGTH, db_index=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    # When the clean-up begins; none for those who may come back at any time.
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    moved_at = models.DateTimeField(_("moved on"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    # Staff have switched the account off besides: then its owner can't bring it back.
    is_held = models.BooleanField(_("held by staff"), default=False)
    # The step that is under way, where it goes on, and how many items each step has taken away.
    step = models.CharField(_("step"), max_length=60, blank=True)
    cursor = models.TextField(blank=True)
    counts = models.JSONField(_("taken away"), default=dict, blank=True)

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="departure_by_due")]

    def __str__(self) -> str:
        return f"@{self.handle}"

    @property
    def can_be_undone(self) -> bool:
        """Whether its owner may bring the account back now: never after the due date, whether or not anything is gone."""
        is_early = self.due_at is None or timezone.now() < self.due_at
        return self.state == self.State.WAITING and is_early and not self.is_held


class RetiredHandle(models.Model):
    """A handle whose owner is gone: nobody else may take it, for others' texts still mean them."""

    handle = models.CharField(_("handle"), max_length=MAX_LENGTH, primary_key=True)
    retired_at = models.DateTimeField(_("retired"), default=timezone.now)

    class Meta:
        verbose_name = _("retired handle")
        verbose_name_plural = _("retired handles")

    def __str__(self) -> str:
        return f"@{self.handle}"

    @classmethod
    def has(cls, handle: str) -> bool:
        """Whether somebody had this handle once who is gone."""
        return cls.objects.filter(pk=handle).exists()
