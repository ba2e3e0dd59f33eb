"""What is refused of saves.

NotFound   CollectionNotFound
Conflict   TooManyCollections, TooManyForPost
Invalid    EmptyName (and TextTooLong of a name)
"""

from django.utils.translation import gettext_lazy as _

from config.errors import Conflict, Invalid, NotFound


class CollectionNotFound(NotFound):
    """No such collection of this person."""

    code = "collection_not_found"
    default_message = _("This collection is not there any more.")


class TooManyCollections(Conflict):
    """`data["limit"]` says how many a person may have."""

    code = "too_many_collections"
    default_message = _("You have 200 collections, which is as many as there can be. Delete one first.")


class TooManyForPost(Conflict):
    """`data["limit"]` says in how many collections a post may be."""

    code = "too_many_for_post"
    default_message = _("A post can be in up to 40 collections.")


class EmptyName(Invalid):
    """Nothing that can be seen."""

    code = "empty_name"
    default_message = _("Give the collection a name.")
