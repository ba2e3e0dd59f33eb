"""What the accounts room itself does when its rows change, whoever changed them: the site, the API or the admin."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts import avatars, export_files, selectors
from accounts.export_models import Export
from accounts.models import Profile, User
from accounts.signals import account_deleted
from config.entities import UserId


@receiver(post_save, sender=User)
@receiver(post_save, sender=Profile)
def forget_card(instance: User | Profile, **_: Any) -> None:
    """No cached card is older than the rows, once they are committed."""
    transaction.on_commit(partial(selectors.forget_card, UserId(instance.pk)))


@receiver(post_delete, sender=Profile)
def forget_profile(instance: Profile, **_: Any) -> None:
    """No card and no picture outlive their profile."""
    transaction.on_commit(partial(selectors.forget_card, UserId(instance.pk)))
    transaction.on_commit(partial(avatars.avatar_remove, instance.avatar))


@receiver(post_delete, sender=User)
def tell_deleted(instance: User, **_: Any) -> None:
    """Other rooms hear that the id is free of its owner."""
    user_id = UserId(instance.pk)
    transaction.on_commit(lambda: account_deleted.send(sender=User, user_id=user_id))


@receiver(post_delete, sender=Export)
def forget_export(instance: Export, **_: Any) -> None:
    """No copy of somebody's data outlives its row, which goes with the account."""
    transaction.on_commit(partial(export_files.work_remove, instance.pk))
