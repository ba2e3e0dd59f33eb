"""What the graph refuses, and why.

    Invalid     FollowSelf, MarkSelf
    NotFound    AccountGone, Blocked, RequestNotFound, NotFollowing
    Forbidden   ListHidden
    Conflict    TooManyFollowing, UndoTooLate
    Unavailable EdgesFetched, ListIncomplete, ArchiveAway, SegmentLost

A repeated follow or unfollow is no error: it has the same answer as the first.
"""

from django.utils.translation import gettext_lazy as _

from config.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable


class FollowSelf(Invalid):
    """Nobody follows themselves."""

    code = "follow_self"
    default_message = _("You can't follow yourself.")


class MarkSelf(Invalid):
    """Nobody blocks, mutes or befriends themselves."""

    code = "mark_self"
    default_message = _("This is for other people, not for yourself.")


class AccountGone(NotFound):
    """The account was never there, or is deactivated: from outside the two look the same."""

    code = "account_gone"
    default_message = _("This account does not exist or is no longer active.")


class Blocked(NotFound):
    """One of the two has blocked the other. Answers as `AccountGone` does: who is blocked learns nothing."""

    code = AccountGone.code
    default_message = AccountGone.default_message


class NotFollowing(NotFound):
    """There is no follow to change."""

    code = "not_following"
    default_message = _("You don't follow this account.")


class TooManyFollowing(Conflict):
    """A person follows a bounded number of others, so that a list of them is bounded work."""

    code = "too_many_following"
    default_message = _("You follow as many accounts as one can. Leave some to follow others.")


class UndoTooLate(Conflict):
    """What was done stands by now."""

    code = "undo_too_late"
    default_message = _("It is too late to undo this.")


class RequestNotFound(NotFound):
    """There is no such request: it was withdrawn, declined, or never made."""

    code = "follow_request_not_found"
    default_message = _("This follow request is no longer there.")


class ListHidden(Forbidden):
    """The lists of a private account are for itself and its followers."""

    code = "private_account"
    default_message = _("This account is private. Follow it to see who it follows and who follows it.")


class EdgesFetched(Unavailable):
    """What is asked for is being fetched from the archive. `data`: retry_after_seconds."""

    code = "being_fetched"
    default_message = _("This is being fetched from the archive. Try again in a moment.")


class ListIncomplete(Unavailable):
    """A list of which a part is lost in the archive."""

    code = "list_incomplete"
    default_message = _(
        "A part of this list can't be fetched from the archive. The people who run this site have been told."
    )


class ArchiveAway(Unavailable):
    """The archive's storage does not answer."""

    code = "archive_unavailable"
    default_message = _("The archive can't be reached right now. Try again later.")


class SegmentLost(Unavailable):
    """A part of the archive is gone or damaged. `data`: segment, reason; both are for operators."""

    code = "archive_segment_lost"
    default_message = _("A part of the archive can't be read. The people who run this site have been told.")

    def __str__(self) -> str:
        """For logs and commands."""
        return f"segment {self.data['segment']}: {self.data['reason']}"
