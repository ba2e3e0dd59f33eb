"""What the feed room shows in the administration. It keeps nothing in the ORM."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Author(User):  # type: ignore[django-manager-missing]  # of knox
    """A user as somebody whose posts are delivered; how, is in DynamoDB (`feed.delivery_admin`)."""

    class Meta:
        proxy = True
        verbose_name = _("delivery of an author's posts")
        verbose_name_plural = _("delivery of authors' posts")
        default_permissions = ("view", "change")


class Reader(User):  # type: ignore[django-manager-missing]  # the plug-in knows one proxy of a model
    """A user as somebody who reads: why they see a post, or not (`feed.inspection_admin`)."""

    class Meta:
        proxy = True
        verbose_name = _("feed inspector: reader")
        verbose_name_plural = _("feed inspector")
        default_permissions = ("view",)
