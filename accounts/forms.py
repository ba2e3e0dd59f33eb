"""Forms of the accounts room: allauth's with our words, and the settings pages' own."""

from datetime import timedelta
from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.departure_services import departed_users
from accounts.handles import MAX_LENGTH, handle_normalised
from accounts.models import BIO_MAX_LENGTH, NAME_MAX_LENGTH, User
from accounts.services import account_create
from config.images import ACCEPT
from config.languages import language_choices

PASSWORD_HELP = _("At least 8 characters. A few words that have nothing to do with each other are good.")


class PlainFields:
    """A form without placeholders, whose labels say all, and with a new password typed once: it can be shown."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, forms.PasswordInput):
                field.widget.attrs["data-reveal"] = ""
        for name in ("email", "login", "username"):
            if name in self.fields:
                self.fields[name].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        if "password1" in self.fields:
            self.fields["password1"].help_text = PASSWORD_HELP


class SignupForm(PlainFields, allauth_forms.SignupForm):  # type: ignore[misc]  # allauth ships no types
    """Name, handle, e-mail, password."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_MAX_LENGTH,
        required=False,
        help_text=_("As people know you, in any script. You can leave it empty."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    field_order = ("name", "username", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Handle")
        self.fields["username"].help_text = _("Letters a to z, digits, dots and underscores.")
        self.fields["username"].widget.attrs["maxlength"] = MAX_LENGTH + 1  # an @ may lead
        self.fields["email"].label = _("E-mail")

    def save(self, request: HttpRequest) -> User:  # noqa: ARG002  # allauth's signature
        """Make the account as the API does."""
        given = self.cleaned_data
        return account_create(
            handle=given["username"], email=given["email"], password=given["password1"], name=given["name"]
        )


class SignInForm(PlainFields, allauth_forms.LoginForm):  # type: ignore[misc]
    """Handle or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Handle or e-mail")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""  # the page has the way to a new one

    def clean_login(self) -> str:
        """The stored form, so that @Ana and ana are the same."""
        return handle_normalised(self.cleaned_data["login"])


class ResetPasswordForm(PlainFields, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    """The address that the link is sent to; also of who has left, who may need a new password to come back."""

    users: list[User]

    def clean_email(self) -> str:
        """The address; `users` are whose it is."""
        email: str = super().clean_email()
        self.users = [*self.users, *departed_users(email)]
        return email


class ResetPasswordKeyForm(PlainFields, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password, by the link in the mail."""


class ChangePasswordForm(PlainFields, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    """The current and the new password."""


class ReauthenticateForm(PlainFields, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something that matters."""


class ChangeEmailForm(PlainFields, allauth_forms.AddEmailForm):  # type: ignore[misc]
    """The address to change to, once it is confirmed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail")


class ProfileForm(forms.Form):
    """What others see of a person."""

    avatar = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG, PNG, WebP, AVIF or GIF, up to 10 MB. It is cropped to a square."),
        widget=forms.FileInput(attrs={"accept": ACCEPT, "data-avatar": ""}),
    )
    remove_avatar = forms.BooleanField(label=_("Remove the picture"), required=False)
    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_MAX_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    bio = forms.CharField(
        label=_("About you"),
        max_length=BIO_MAX_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    language = forms.ChoiceField(
        label=_("Language you write in"), required=False, help_text=_("New posts begin with it.")
    )
    is_private = forms.BooleanField(
        label=_("Private account"), required=False, help_text=_("Only followers you approve see your posts.")
    )

    def __init__(self, *args: Any, has_avatar: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_avatar:
            del self.fields["remove_avatar"]
        chosen = str(self.initial.get("language", ""))
        self.fields["language"].choices = language_choices(chosen=chosen)  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        """What to hand to `services.profile_update`."""
        return {**self.cleaned_data, "avatar": self.cleaned_data.get("avatar") or None}


class TokenForm(forms.Form):
    """A new API token."""

    LIFETIMES: ClassVar = {"30": _("30 days"), "90": _("90 days"), "365": _("One year")}

    label = forms.CharField(
        label=_("What is it for?"), max_length=60, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    days = forms.ChoiceField(label=_("Valid for"), choices=list(LIFETIMES.items()), initial="90")

    def clean_days(self) -> timedelta:
        """The time as a span."""
        return timedelta(days=int(self.cleaned_data["days"]))


class DeleteForm(forms.Form):
    """The password, before an account is deleted."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "data-reveal": ""}),
    )


def add_errors(form: forms.Form, errors: dict[str, list[str]]) -> None:
    """Show a service's refusal at its fields."""
    for field, messages in errors.items():
        form.add_error(field if field in form.fields else None, [ValidationError(text) for text in messages])
