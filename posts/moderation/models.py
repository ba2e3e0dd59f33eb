"""Rules and cases: few rows that people search, filter and change by hand, thus in the ORM."""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from posts.moderation.scanners.matching import RuleInvalid, RuleKind, matcher_of
from posts.standing import Standing

OUTCOMES = [
    (Standing.COVERED.value, _("cover: shown behind the reason")),
    (Standing.HELD.value, _("hold for review")),
    (Standing.REJECTED.value, _("reject, with the reason")),
]
REASON_MAX_LENGTH = 300


class Rule(models.Model):
    """Words, domains or patterns, and what becomes of a post or a comment that has one of them."""

    name = models.CharField(_("name"), max_length=100, help_text=_("For moderators alone."))
    kind = models.CharField(
        _("kind"),
        max_length=8,
        default=RuleKind.WORDS.value,
        choices=[
            (RuleKind.WORDS.value, _("words")),
            (RuleKind.LINKS.value, _("links")),
            (RuleKind.PATTERNS.value, _("patterns")),
        ],
    )
    entries = models.TextField(
        _("entries"),
        help_text=_(
            "One a line. Words: whole words or phrases in any script, upper and lower case and diacritics alike. "
            "Links: domains, their subdomains with them. Patterns: regular expressions as RE2 has them."
        ),
    )
    leetspeak = models.BooleanField(
        _("digits and signs as letters"),
        default=False,
        help_text=_("Words only: v14gr4 is viagra, $p@m is spam."),
    )
    outcome = models.CharField(_("outcome"), max_length=8, choices=OUTCOMES, default=Standing.HELD.value)
    reason = models.CharField(
        _("reason"),
        max_length=REASON_MAX_LENGTH,
        help_text=_("Shown to the author of what is held or rejected, and on the cover to readers."),
    )
    is_enabled = models.BooleanField(
        _("enabled"), default=False, help_text=_("Try it before: see “Dry run”.")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What can't be used is refused here, not at a scan.

        Raises: ValidationError.
        """
        super().clean()
        lines = tuple(line.strip() for line in self.entries.splitlines() if line.strip())
        try:
            matcher_of(RuleKind(self.kind), lines, leetspeak=self.leetspeak)
        except RuleInvalid as refusal:
            raise ValidationError({"entries": str(refusal)}, code=refusal.code) from refusal


class Case(models.Model):
    """A post or comment that is not simply shown, of one version; the next version's result takes its place."""

    class Kind(models.TextChoices):
        POST = "post", _("post")
        COMMENT = "comment", _("comment")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DECIDED = "decided", _("decided")
        PASSED = "passed", _("changed since, and passed")
        GONE = "gone", _("deleted")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    post_id = models.BigIntegerField(_("post"))
    thing_id = models.BigIntegerField(_("id"), unique=True, help_text=_("Of the post or the comment."))
    partition = models.CharField(max_length=200, editable=False)
    sort_key = models.CharField(max_length=200, editable=False)
    author_id = models.BigIntegerField(_("author"), db_index=True)
    version = models.IntegerField(_("version"))
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(_("outcome"), max_length=8, choices=OUTCOMES)
    reason = models.CharField(_("reason"), max_length=REASON_MAX_LENGTH, blank=True)
    findings = models.JSONField(_("findings"), default=list)
    text = models.TextField(_("text"), blank=True)
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    scanned_at = models.DateTimeField(_("scanned"), auto_now=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    ruling = models.CharField(_("ruling"), max_length=8, blank=True)
    ruling_reason = models.CharField(_("reason of the ruling"), max_length=REASON_MAX_LENGTH, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-opened_at"], name="case_queue")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.thing_id}"
