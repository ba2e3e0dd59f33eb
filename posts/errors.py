"""What the posts room refuses.

NotFound    PostNotFound, CommentNotFound   hidden and missing look the same
Forbidden   NotYours, CommentsClosed, NotShareable
Conflict    PostChanged, TooLateToRestore, PostArchived, TooManyPins, RepostFixed
Invalid     EmptyPost, TextTooLong, AltsDiffer, AudienceTooWide, IdempotencyKeyReused (and what config/images.py says of a photo)
"""

from django.utils.translation import gettext_lazy as _

from config.errors import Conflict, Forbidden, Invalid, NotFound


class PostNotFound(NotFound):
    """No such post, or not for this viewer: nobody can tell which."""

    code = "post_not_found"
    default_message = _("This post is not there, or not for you to see.")


class CommentNotFound(NotFound):
    """No such comment under this post."""

    code = "comment_not_found"
    default_message = _("This comment is not there any more.")


class NotYours(Forbidden):
    """Only its author may do that."""

    code = "not_yours"
    default_message = _("Only its author can do that.")


class CommentsClosed(Forbidden):
    """Seen, but not for this viewer to comment. `data["commenting"]` says who may."""

    code = "comments_closed"
    default_message = _("The author has not opened the comments to you.")


class NotShareable(Forbidden):
    """Seen, but not for everyone."""

    code = "not_shareable"
    default_message = _("Only what is for everyone can be reposted and quoted by others.")


class RepostFixed(Conflict):
    """A repost has nothing of its own to change."""

    code = "repost_fixed"
    default_message = _("A repost can only be taken back.")


class AudienceTooWide(Invalid):
    """More would see the quote than the quoted post is for. `data["audience"]` says whom that is for."""

    code = "audience_too_wide"
    default_message = _(
        "The post that you quote is for fewer people. Choose the same audience, or a smaller one."
    )


class PostChanged(Conflict):
    """The post is not of the version that was edited."""

    code = "post_changed"
    default_message = _("The post was changed meanwhile. Look at it and edit it again.")


class AltsDiffer(Invalid):
    """As many descriptions as photos."""

    code = "alts_differ"
    default_message = _("Send one description for each photo, in their order.")


class TooLateToRestore(Conflict):
    """Deleted for good, or about to be."""

    code = "too_late_to_restore"
    default_message = _("This post can't be brought back any more.")


class PostArchived(Conflict):
    """Not while it is in the archive."""

    code = "post_archived"
    default_message = _("Take the post out of the archive first.")


class TooManyPins(Conflict):
    """`data["limit"]` says how many there may be."""

    code = "too_many_pins"
    default_message = _("Three posts are pinned. Unpin one of them first.")


class EmptyPost(Invalid):
    """Neither text nor photo, or a comment without text."""

    code = "empty"
    default_message = _("Write something or add a photo.")


class TextTooLong(Invalid):
    """Over the limit. `data["limit"]` says the limit, `data["unit"]` what is counted."""

    code = "text_too_long"
    default_message = _("This text is too long.")


class IdempotencyKeyReused(Invalid):
    """The key was used for another post."""

    code = "idempotency_key_reused"
    default_message = _("This idempotency key belongs to another post.")
