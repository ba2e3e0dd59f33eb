"""What can go wrong in the accounts room. The root and its tree are in `config/errors.py`."""

from django.utils.translation import gettext_lazy as _

from config.errors import AppError, Conflict, Forbidden, Invalid, NotFound, TooFast


class ProfileNotFound(NotFound):
    """No account has this handle or id, or it is switched off."""

    code = "profile_not_found"
    default_message = _("There is nobody here by that name.")


class AccountInvalid(Invalid):
    """What was given for an account can't be taken; `data["fields"]` maps each field to its messages."""

    code = "account_invalid"
    default_message = _("Some of this can't be used. Please look at the marked fields.")


class SignInFailed(AppError):
    """The name and the password do not belong together."""

    code = "sign_in_failed"
    http_status = 401
    default_message = _("The handle or e-mail and the password do not match.")


class TooManyAttempts(TooFast):
    """Too many sign-ins or sign-ups from one place in a short time."""

    code = "too_many_attempts"
    default_message = _("Too many attempts. Please wait a few minutes and try again.")


class AccountDeparted(Forbidden):
    """The right password of an account whose owner has left and may come back.

    `data["departure"]` tells the kind, when it is deleted, and where to bring it back.
    """

    code = "account_departed"
    default_message = _("You have left this account. You can bring it back.")


class DepartureOver(Conflict):
    """Too late to bring an account back, or not its owner's to do."""

    code = "departure_over"
    default_message = _("This account can’t be brought back any more.")


class PasswordWrong(Invalid):
    """The password that was asked once more, before something that can't be taken back."""

    code = "password_wrong"
    default_message = _("This is not your password.")


class TooManyTokens(Forbidden):
    """An account may hold a bounded number of API tokens."""

    code = "too_many_tokens"
    default_message = _("You have as many API tokens as an account may have. Revoke one first.")


class ExportNotFound(NotFound):
    """No such export, or it is another's, or its file is gone."""

    code = "export_not_found"
    default_message = _("This export is not there, or no longer.")


class ExportTooSoon(TooFast):
    """One export a day. `data["retry_after_seconds"]` says when the next may be asked for."""

    code = "export_too_soon"
    default_message = _("You can ask for one copy of your data a day.")
