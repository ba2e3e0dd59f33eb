"""The clean-up after a person who has left for good: the rooms' steps, page by page, resumed wherever it was cut off.

    due         state waiting -> running, under the row's lock: an undo comes before or not at all
    page        a step does up to a hundred items, then its cursor is noted; killed in between, that page is done again
    last steps  the user's row goes in one of them; the departure's own row stays and says that all is done

Two runs at once do some pages twice and harm nothing: of two notes from the same place the later one is dropped.
"""

import time
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.departure_models import Departure
from accounts.departure_steps import CleanupStep, Progress, cleanup_steps
from accounts.models import User
from config.entities import UserId
from config.metrics import DEPARTURE_OVERDUE_SECONDS, DEPARTURES

logger = structlog.get_logger()

Report = Callable[[str], None]


def departures_due(*, due_now: bool = False, idle_seconds: int = 0) -> list[UserId]:
    """Whose clean-up is to begin or to go on, the longest overdue first. `due_now`: whatever the due date.

    `idle_seconds` leaves out those that moved on so lately that somebody must be at it.
    Cost: one SQL query.
    """
    now = timezone.now()
    waiting = Q(state=Departure.State.WAITING) & (Q() if due_now else Q(due_at__lte=now))
    idle = Q(moved_at__isnull=True) | Q(moved_at__lte=now - timedelta(seconds=idle_seconds))
    running = Q(state=Departure.State.RUNNING) & idle
    found = Departure.objects.filter(waiting | running, kind=Departure.Kind.DELETION).order_by("due_at")
    return [UserId(user_id) for user_id in found.values_list("pk", flat=True)]


def departure_run(
    *, user_id: UserId, report: Report, due_now: bool = False, seconds: float | None = None
) -> bool:
    """Clean up after one person, for so long at most (None: to the end); whether it is done.

    Idempotent: by step and cursor.
    Raises: what a step raises; run again, it goes on from the last page.
    """
    if not _begun(user_id, due_now=due_now):
        return True
    ends_at = None if seconds is None else time.monotonic() + seconds
    while (departure := _running(user_id)) is not None:
        if ends_at is not None and time.monotonic() >= ends_at:
            return False
        report(_page(departure))
    return True


def departures_measure() -> None:
    """Let the metrics say how many wait and run, and how long the oldest has been due."""
    for state in (Departure.State.WAITING, Departure.State.RUNNING):
        DEPARTURES.labels(str(state)).set(Departure.objects.filter(state=state).count())
    overdue = Departure.objects.exclude(state=Departure.State.DONE).filter(due_at__lte=timezone.now())
    oldest = overdue.order_by("due_at").values_list("due_at", flat=True).first()
    DEPARTURE_OVERDUE_SECONDS.set((timezone.now() - oldest).total_seconds() if oldest else 0)


def _begun(user_id: UserId, *, due_now: bool) -> bool:
    """Whether there is a clean-up to go on with; one that is due begins here."""
    with transaction.atomic():
        departure = Departure.objects.select_for_update().filter(pk=user_id).first()
        if departure is None or departure.kind != Departure.Kind.DELETION:
            return False
        if departure.state == Departure.State.WAITING:
            is_due = departure.due_at is not None and departure.due_at <= timezone.now()
            if not (is_due or due_now):
                return False
            if User.objects.filter(pk=user_id, is_active=True).exists():
                departure.delete()  # switched on by hand: who is back is not deleted
                return False
            departure.state = Departure.State.RUNNING
            departure.save(update_fields=["state"])
            logger.info("departure_begun", user_id=user_id)
        return departure.state == Departure.State.RUNNING


def _running(user_id: UserId) -> Departure | None:
    return Departure.objects.filter(pk=user_id, state=Departure.State.RUNNING).first()


def _page(departure: Departure) -> str:
    """One page of the step that is next. What to say of it."""
    steps = cleanup_steps()
    names = [step.name for step in steps]
    # A step that no code has any more: begin anew, for every step finds what is left.
    at = names.index(departure.step) if departure.step in names else 0
    progress = steps[at].run(UserId(departure.user_id), departure.cursor or None)
    _note(departure, steps, at, progress)
    done = f"@{departure.handle}: step {at + 1} of {len(steps)}, {names[at]}: {progress.done}"
    return done if progress.cursor is not None else f"{done}, finished"


def _note(departure: Departure, steps: list[CleanupStep], at: int, progress: Progress) -> None:
    counts = dict(departure.counts)
    if progress.done:
        counts[steps[at].name] = counts.get(steps[at].name, 0) + progress.done
    changes: dict[str, object] = {"counts": counts, "moved_at": timezone.now()}
    if progress.cursor is not None:
        changes |= {"step": steps[at].name, "cursor": progress.cursor}
    elif at + 1 < len(steps):
        changes |= {"step": steps[at + 1].name, "cursor": ""}
    else:
        changes |= {"step": "", "cursor": "", "state": Departure.State.DONE, "done_at": timezone.now()}
        logger.info("departure_done", user_id=departure.user_id, **counts)
    same_place = Departure.objects.filter(
        pk=departure.pk, state=Departure.State.RUNNING, step=departure.step, cursor=departure.cursor
    )
    same_place.update(**changes)
