"""Which accounts are dormant, and where their edges are, as far as the ORM has to know: to find and to warn, not to decide.

What is true of an archive is in the graph's own table. `archive_state` is set before the first edge goes and cleared
after the last one is back, so that an account without it has all of its edges where everybody looks.
"""

from collections.abc import Collection
from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import selectors
from accounts.entities import ArchiveState
from accounts.models import User
from config.entities import UserId


def dormant_ids(*, seen_before: date, fetched_before: date, after: UserId, limit: int) -> list[UserId]:
    """Accounts that nobody has used since, nor had fetched from the archive since, above an id and in order.

    Cost: one SQL query.
    """
    rested = Q(edges_returned_on__isnull=True) | Q(edges_returned_on__lt=fetched_before)
    found = User.objects.filter(
        rested, pk__gt=after, last_seen_on__lt=seen_before, archive_state="", is_active=True
    )
    return [UserId(pk) for pk in found.order_by("pk").values_list("pk", flat=True)[:limit]]


def ids_in_archive(states: Collection[ArchiveState], *, after: UserId, limit: int) -> list[UserId]:
    """Accounts whose edges are in one of these states, above an id and in order.

    Cost: one SQL query.
    """
    found = User.objects.filter(pk__gt=after, archive_state__in=[str(state) for state in states])
    return [UserId(pk) for pk in found.order_by("pk").values_list("pk", flat=True)[:limit]]


def archive_state_set(
    *,
    user_id: UserId,
    state: ArchiveState,
    only_from: Collection[ArchiveState],
    seen_before: date | None = None,
) -> bool:
    """Note where an account's edges are; False if it is in none of `only_from`, or was seen meanwhile.

    Cost: one SQL update, and the cached card.
    Idempotent: a repeat with the new state among `only_from` changes nothing.
    """
    found = User.objects.filter(pk=user_id, archive_state__in=[str(one) for one in only_from])
    if state is ArchiveState.ARCHIVING:
        found = found.filter(is_active=True)  # what belongs to somebody who leaves is being cleared away
    if seen_before is not None:
        found = found.filter(last_seen_on__lt=seen_before)
    changes: dict[str, str | date] = {"archive_state": str(state)}
    if state is ArchiveState.HERE:
        changes["edges_returned_on"] = timezone.now().date()
    with transaction.atomic():
        changed = found.update(**changes) == 1
        transaction.on_commit(partial(selectors.forget_card, user_id))
    return changed
