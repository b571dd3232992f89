"""Rows of tenants in the operator's site: looked at, never touched, and quick however many there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.operator import chosen
from partnerpanel.tenancy.scope import current_partner

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Any]
    BasePaginator = Paginator[Any]
else:
    BaseAdmin, BasePaginator = admin.ModelAdmin, Paginator

COUNT_CAP = 10_001


class CappedPaginator(BasePaginator):
    """Counts no further than COUNT_CAP: nobody leafs through more, and counting a large table takes seconds."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[:COUNT_CAP].count()


class ReadOnlyRows(BaseAdmin):
    """State is changed by the product's verbs alone, so here it is only looked at.

    Search asks for ids (`by_id`), for the beginning of normalised columns (`by_beginning`, with how they are
    normalised) and for whole values (`by_value`): what row-level security leaves an index for.
    """

    by_id: ClassVar[tuple[str, ...]] = ("id",)
    by_beginning: ClassVar[Mapping[str, Callable[[str], str]]] = {}
    by_value: ClassVar[tuple[str, ...]] = ()
    hidden: ClassVar[tuple[str, ...]] = ()

    actions = None
    ordering: ClassVar[tuple[str, ...]] = ("-id",)
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    search_fields = ("id",)  # shows the box; what is searched stands above
    view_on_site = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return chosen.partner_of(request) is not None

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return chosen.partner_of(request) is not None

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: object = None) -> list[Any]:
        return ["id", *(f.name for f in self.opts.local_fields if f.name not in (*self.hidden, "id", "partner"))]

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[Any]:
        return self.get_fields(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(partner_id=current_partner())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip().replace("\x00", "")
        if not text:
            return queryset, False
        wanted = Q(pk=None)
        if (id_ := _id(text)) is not None:
            for column in self.by_id:
                wanted |= Q(**{column: id_})
        for column, normalised in self.by_beginning.items():
            beginning = normalised(text)
            if beginning:
                wanted |= Q(**{f"{column}__gte": beginning, f"{column}__lt": beginning + "\U0010ffff"})
        for column in self.by_value:
            wanted |= Q(**{column: text})
        return queryset.filter(wanted), False


def _id(text: str) -> UUID | None:
    """A row's id as it stands in the database, or as interfaces show it."""
    try:
        return UUID(text)
    except ValueError:
        pass
    try:
        return parse(text.partition("_")[0], text)
    except NotFound:
        return None
