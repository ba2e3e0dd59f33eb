"""Accounts in the ORM: who may sign in, what they show of themselves, and their API tokens."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, get_digest_token
from knox.settings import CONSTANTS

from accounts import departure_models, export_models  # noqa: F401  # Django looks for models here
from accounts.entities import Trust
from accounts.handles import MAX_LENGTH, handle_normalised, handle_validate
from config.ids import next_id
from config.languages import TAG_MAX_LENGTH

NAME_MAX_LENGTH = 60
BIO_MAX_LENGTH = 280


def today() -> date:
    """The day by UTC: days are compared, never shown."""
    return timezone.now().date()


class UserManager(BaseUserManager["User"]):
    """Makes users for Django's own commands; the site goes through `services.account_create`."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """By handle, however it was written."""
        return self.get(username=handle_normalised(username or ""))

    def create_user(self, username: str, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with a hashed password and an empty profile."""
        user = self.model(username=handle_normalised(username), email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        Profile.objects.using(self._db).create(user=user)
        return user

    def create_superuser(
        self, username: str, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """The user of `manage.py createsuperuser`."""
        return self.create_user(username, email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # of knox
    """One who may sign in. `username` is the handle; both it and the e-mail are kept in lower case."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    username = models.CharField(
        _("handle"),
        max_length=MAX_LENGTH,
        unique=True,
        validators=[handle_validate],
        error_messages={"unique": _("This handle is taken.")},
    )
    email = models.EmailField(
        _("e-mail"), unique=True, error_messages={"unique": _("This e-mail address has an account already.")}
    )
    is_staff = models.BooleanField(
        _("staff"), default=False, help_text=_("May sign in to the administration pages.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Switched off: hidden everywhere and can't sign in.")
    )
    trust = models.CharField(
        _("trust"),
        max_length=7,
        blank=True,
        default=Trust.NORMAL.value,
        choices=[
            (Trust.NORMAL.value, _("normal")),
            (Trust.LIMITED.value, _("limited")),
            (Trust.TRUSTED.value, _("trusted")),
        ],
        help_text=_(
            "Limited: others see posts and comments only after they were checked. Trusted: never so."
        ),
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    last_seen_on = models.DateField(_("last seen"), default=today, editable=False, db_index=True)
    # See `accounts.dormancy`.
    archive_state = models.CharField(max_length=9, blank=True, default="", editable=False, db_index=True)
    edges_returned_on = models.DateField(null=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return f"@{self.username}"

    def clean(self) -> None:
        """Also of a user made by hand: a handle that was somebody's stays theirs.

        Raises: ValidationError.
        """
        super().clean()
        if self._state.adding and departure_models.RetiredHandle.has(self.username):
            raise ValidationError({"username": _("This handle is taken.")}, code="handle_taken")

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """The stored form, for whichever library asks."""
        return handle_normalised(username)


class Profile(models.Model):
    """What a user shows of themselves."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="profile")
    name = models.CharField(_("name"), max_length=NAME_MAX_LENGTH, blank=True)
    bio = models.CharField(_("bio"), max_length=BIO_MAX_LENGTH, blank=True)
    language = models.CharField(_("language"), max_length=TAG_MAX_LENGTH, blank=True)
    # The folder of the avatar's renditions in the media storage; made by the server, empty without an avatar.
    avatar = models.CharField(_("avatar"), max_length=100, blank=True, editable=False)
    is_private = models.BooleanField(
        _("private account"), default=False, help_text=_("Only followers you approve see your posts.")
    )
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return self.name or str(self.user)


class ApiTokenManager(models.Manager["ApiToken"]):
    """Issues tokens in knox's form, which its authentication reads."""

    def issue(self, *, user: User, lifetime: timedelta, label: str) -> tuple["ApiToken", str]:
        """A token and its text; only a digest of the text is kept."""
        digest, text = get_digest_token()
        token = self.create(
            user=user,
            digest=digest,
            token_key=text[: CONSTANTS.TOKEN_KEY_LENGTH],
            expiry=timezone.now() + lifetime,
            label=label,
        )
        return token, text


class ApiToken(AbstractAuthToken):  # type: ignore[misc]  # knox ships no types
    """A hashed API token with a name for its owner and an id that may be shown."""

    public_id = models.BigIntegerField(unique=True, default=next_id, editable=False)
    label = models.CharField(_("label"), max_length=60, blank=True)

    objects: ClassVar[ApiTokenManager] = ApiTokenManager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.label or self.token_key
