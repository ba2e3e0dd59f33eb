"""Departures for moderators: who has left and how far the clean-up is, apart from who was suspended by staff."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin_lists import BoundedPaginator
from accounts.departure_models import Departure
from accounts.departure_services import departure_drop
from accounts.departure_steps import cleanup_steps
from accounts.errors import DepartureOver
from accounts.models import User


def with_departures(users: QuerySet[User]) -> QuerySet[User]:
    """Users with `left_as` and `left_until` of their departure, None for who has not left.

    Cost: within the same SQL query.
    """
    departures = Departure.objects.filter(pk=OuterRef("pk"))
    return users.annotate(
        left_as=Subquery(departures.values("kind")), left_until=Subquery(departures.values("due_at"))
    )


def standing_of(user: User) -> str:
    """Active, suspended by staff, deactivated or deleted by their owner. Of users `with_departures`."""
    if user.is_active:
        return _now("active")
    kind, due_at = getattr(user, "left_as", None), getattr(user, "left_until", None)
    if kind is None:
        return _now("suspended by staff")
    if due_at is None:
        return _now("deactivated by its owner")
    return _now("deleted by its owner, until %(date)s") % {"date": date_format(due_at, "SHORT_DATE_FORMAT")}


class StandingFilter(admin.SimpleListFilter):
    """Users by whether they are here, and by whose wish they are not."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002  # Django's
        """The choices."""
        return [("active", _("active")), ("suspended", _("suspended by staff")), ("left", _("left"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:  # noqa: ARG002
        """Those of the choice."""
        match self.value():
            case "active":
                return queryset.filter(is_active=True)
            case "suspended":
                return queryset.filter(is_active=False).exclude(pk__in=Departure.objects.values("pk"))
            case "left":
                return queryset.filter(is_active=False, pk__in=Departure.objects.values("pk"))
            case _:
                return queryset


@admin.register(Departure)
class DepartureAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """Departures are made by their owners and ended here or by them; nothing else of them is changed."""

    list_display = ("handle", "kind", "state", "is_held", "due_at", "progress", "moved_at")
    list_filter = ("state", "kind", "is_held")
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    ordering = ("-asked_at",)
    search_fields = ("handle__startswith",)
    readonly_fields = ("user_id", "progress", "taken_away")
    fields = (
        "user_id",
        "handle",
        "kind",
        "state",
        "is_held",
        "asked_at",
        "due_at",
        "moved_at",
        "done_at",
        "progress",
        "taken_away",
    )
    actions = ("undo",)

    def has_undo_permission(self, request: HttpRequest) -> bool:
        """Who may change departures at all."""
        return request.user.has_perm("accounts.change_departure")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # Django's signature
        """Only their owners leave."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Departure | None = None) -> bool:  # noqa: ARG002
        """Seen, and undone by the action."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Departure | None = None) -> bool:  # noqa: ARG002
        """Undone, never forgotten."""
        return False

    @admin.display(description=_("progress"))
    def progress(self, departure: Departure) -> str:
        """Which step of how many."""
        names = [step.name for step in cleanup_steps()]
        if departure.state == Departure.State.DONE:
            return f"{len(names)}/{len(names)}"
        if departure.state == Departure.State.WAITING:
            return "-"
        at = names.index(departure.step) if departure.step in names else 0
        return f"{at + 1}/{len(names)} {names[at]}"

    @admin.display(description=_("taken away"))
    def taken_away(self, departure: Departure) -> str:
        """Items by step."""
        return ", ".join(f"{name}: {number}" for name, number in departure.counts.items()) or "-"

    @admin.action(description=_("Undo: bring the accounts back"), permissions=["undo"])
    def undo(self, request: HttpRequest, queryset: QuerySet[Departure]) -> None:
        """For those whose clean-up has not begun."""
        for departure in queryset:
            try:
                with transaction.atomic():
                    departure_drop(Departure.objects.select_for_update().get(pk=departure.pk))
            except DepartureOver as refusal:
                self.message_user(request, f"{departure}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, _now("%(who)s is back.") % {"who": departure})
