"""Products and plans as their pages show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.paging import Page
from partnerpanel.tenancy.keyset import page
from subscriptions.models import Plan, PlanPrice, Product, Subscription
from subscriptions.queries.plan_holders import Held, held_by_plan
from subscriptions.rules.catalogue import PlanTerms


class CatalogueTab(StrEnum):
    """On sale: neither the plan nor its product is archived."""

    ON_SALE = "on_sale"
    ARCHIVED = "archived"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan with its prices, and what those who hold it come to. `is_archived` of its own, not of its product."""

    id: UUID
    product_id: UUID
    product_name: str
    name: str
    interval_unit: str
    interval_count: int
    rank: int
    allowances: dict[str, int]
    prices: tuple[Money, ...]
    held: Held
    is_archived: bool
    is_sellable: bool
    version: int


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product with its plans, the lowest rank first."""

    id: UUID
    name: str
    is_archived: bool
    version: int
    plans: tuple[PlanLine, ...]

    @property
    def holders(self) -> int:
        """Subscriptions that hold one of these plans."""
        return sum(plan.held.subscriptions for plan in self.plans)


def catalogue_page(
    partner_id: UUID, *, tab: CatalogueTab, search: str, cursor: str | None, limit: int
) -> Page[ProductLine]:
    """Products by name with those of their plans that the tab shows. A product's name finds all its plans."""
    plans = _plans(partner_id, tab, search)
    products = Product.objects.for_partner(partner_id)
    has_plans, is_empty = Exists(plans.filter(product=OuterRef("pk"))), _is_empty(tab, search)
    found = page(products.filter(Q(has_plans) | is_empty), key="name", cursor=cursor, limit=limit)
    its_plans = list(plans.filter(product__in=[row.pk for row in found.rows]).order_by("rank", "name", "pk"))
    return Page(_product_lines(partner_id, found.rows, its_plans), found.previous, found.next)


def catalogue_counts(partner_id: UUID, *, search: str) -> dict[CatalogueTab, int]:
    """Plans in each tab."""
    return {tab: _plans(partner_id, tab, search).count() for tab in CatalogueTab}


def product_line(partner_id: UUID, product_id: UUID) -> ProductLine:
    """A product with all its plans. Raises NotFound."""
    product = Product.objects.for_partner(partner_id).filter(pk=product_id).first()
    if product is None:
        raise NotFound("There is no such product.", field="product")
    plans = _plans(partner_id, CatalogueTab.ALL, "").filter(product=product).order_by("rank", "name", "pk")
    return _product_lines(partner_id, [product], list(plans))[0]


def plan_line(partner_id: UUID, plan_id: UUID) -> PlanLine:
    """One plan. Raises NotFound."""
    plan = Plan.objects.for_partner(partner_id).select_related("product").filter(pk=plan_id).first()
    if plan is None:
        raise NotFound("There is no such plan.", field="plan")
    return _plan_lines(partner_id, [plan])[0]


def product_choices(partner_id: UUID) -> list[tuple[UUID, str]]:
    """Products that new plans can be added to, by name."""
    rows = Product.objects.for_partner(partner_id).filter(archived_at=None).order_by("name", "pk")
    return list(rows.values_list("pk", "name"))


def currencies_sold(partner_id: UUID) -> list[str]:
    """Currencies of all prices, in their order."""
    rows = PlanPrice.objects.for_partner(partner_id).order_by("currency").values_list("currency", flat=True)
    return list(rows.distinct())


def terms_of_plan(plan: Plan) -> PlanTerms:
    """What the plan says now, for planning a change."""
    prices = PlanPrice.objects.for_partner(plan.partner_id).filter(plan=plan)
    return PlanTerms(
        name=plan.name,
        interval=plan.interval,
        rank=plan.rank,
        allowances=plan.allowances,
        prices=dict(prices.order_by("currency").values_list("currency", "amount")),
        was_sold=Subscription.objects.for_partner(plan.partner_id).filter(plan=plan).exists(),
    )


def plan_terms(partner_id: UUID, plan_id: UUID) -> PlanTerms:
    """The same by id. Raises NotFound."""
    plan = Plan.objects.for_partner(partner_id).filter(pk=plan_id).first()
    if plan is None:
        raise NotFound("There is no such plan.", field="plan")
    return terms_of_plan(plan)


def _plans(partner_id: UUID, tab: CatalogueTab, search: str) -> Any:
    rows = Plan.objects.for_partner(partner_id).select_related("product")
    if tab is CatalogueTab.ON_SALE:
        rows = rows.filter(archived_at=None, product__archived_at=None)
    elif tab is CatalogueTab.ARCHIVED:
        rows = rows.filter(Q(archived_at__isnull=False) | Q(product__archived_at__isnull=False))
    return rows.filter(Q(name__icontains=search) | Q(product__name__icontains=search)) if search else rows


def _is_empty(tab: CatalogueTab, search: str) -> Q:
    """Products without any plan that the tab shows too."""
    found = Q(~Exists(Plan.objects.filter(partner=OuterRef("partner"), product=OuterRef("pk"))))
    if tab is not CatalogueTab.ALL:
        found &= Q(archived_at__isnull=tab is CatalogueTab.ON_SALE)
    return found & Q(name__icontains=search) if search else found


def _product_lines(partner_id: UUID, products: Many[Product], plans: Many[Plan]) -> list[ProductLine]:
    by_product: defaultdict[UUID, list[PlanLine]] = defaultdict(list)
    for line in _plan_lines(partner_id, plans):
        by_product[line.product_id].append(line)
    return [
        ProductLine(row.pk, row.name, row.archived_at is not None, row.version, tuple(by_product[row.pk]))
        for row in products
    ]


def _plan_lines(partner_id: UUID, plans: Many[Plan]) -> list[PlanLine]:
    ids = [plan.pk for plan in plans]
    prices: defaultdict[UUID, list[Money]] = defaultdict(list)
    for row in PlanPrice.objects.for_partner(partner_id).filter(plan__in=ids).order_by("currency"):
        prices[row.plan_id].append(row.money)
    held = held_by_plan(partner_id, ids)
    return [
        PlanLine(
            id=plan.pk,
            product_id=plan.product_id,
            product_name=plan.product.name,
            name=plan.name,
            interval_unit=plan.interval_unit,
            interval_count=plan.interval_count,
            rank=plan.rank,
            allowances=plan.allowances,
            prices=tuple(prices[plan.pk]),
            held=held.get(plan.pk, Held()),
            is_archived=plan.archived_at is not None,
            is_sellable=plan.is_sellable,
            version=plan.version,
        )
        for plan in plans
    ]
