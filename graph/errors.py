"""What the graph refuses, and why.

    Invalid     FollowSelf
    NotFound    AccountGone, RequestNotFound
    Forbidden   ListHidden

A repeated follow or unfollow is no error: it has the same answer as the first.
"""

from django.utils.translation import gettext_lazy as _

from config.errors import Forbidden, Invalid, NotFound


class FollowSelf(Invalid):
    """Nobody follows themselves."""

    code = "follow_self"
    default_message = _("You can't follow yourself.")


class AccountGone(NotFound):
    """The account was never there, or is deactivated: from outside the two look the same."""

    code = "account_gone"
    default_message = _("This account does not exist or is no longer active.")


class RequestNotFound(NotFound):
    """There is no such request: it was withdrawn, declined, or never made."""

    code = "follow_request_not_found"
    default_message = _("This follow request is no longer there.")


class ListHidden(Forbidden):
    """The lists of a private account are for itself and its followers."""

    code = "private_account"
    default_message = _("This account is private. Follow it to see who it follows and who follows it.")
