"""Lists of the administration pages that stay bounded however many rows there are."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from accounts.handles import handle_normalised


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # generic only in the stubs
    """Counts to a bound and no further: beyond it, search is the way."""

    ROWS_MAX = 5_000

    @cached_property
    def count(self) -> int:
        """At most `ROWS_MAX`.

        Cost: one COUNT over as many rows.
        """
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]  # the admin hands in nothing else
        return rows.order_by()[: self.ROWS_MAX].count()


class HandleSearch(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """People are found by handles as these are written: with an @, in capitals."""

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> "tuple[QuerySet[Any], bool]":
        """Django's, by the handle as it is stored."""
        return super().get_search_results(request, queryset, handle_normalised(search_term))
