"""Products, plans and prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import Plan, PlanPrice, Product
from subscriptions.rules.catalogue import (
    InvalidPlan,
    checked_allowances,
    checked_name,
    checked_prices,
    checked_rank,
)


class NameTaken(InvalidPlan):
    """A product of this name, or a plan of this name among its siblings, exists already."""

    code = "name_taken"


def create_product(*, name: str, actor: Actor, now: datetime) -> UUID:
    """A product in the open scope. Raises InvalidPlan for an empty name, NameTaken."""
    product = Product(partner_id=actor.partner_id, name=checked_name(name))
    if Product.objects.for_partner(actor.partner_id).filter(name=product.name).exists():
        raise product_name_taken(product.name)
    try:
        with transaction.atomic():
            product.save(force_insert=True)
    except IntegrityError:
        raise product_name_taken(product.name) from None
    draft = EventDraft("product.created", "product", product.pk, 1)
    record([draft], actor=actor, action_id=uuid7(), now=now)
    product_id: UUID = product.pk
    return product_id


def create_plan(
    *,
    product_id: UUID,
    name: str,
    interval: Interval,
    prices: Sequence[Money],
    rank: int = 0,
    allowances: Mapping[str, int] | None = None,
    actor: Actor,
    now: datetime,
) -> UUID:
    """A plan in the open scope, with one price per currency.

    Raises InvalidPlan for an empty name, no price, two of one currency, a negative price or allowance; NameTaken.
    """
    partner_id = actor.partner_id
    product = Product.objects.for_partner(partner_id).filter(pk=product_id).first()
    if product is None:
        raise NotFound("There is no such product.", field="product")
    plan = Plan(
        partner_id=partner_id,
        product=product,
        name=checked_name(name),
        interval_unit=interval.unit,
        interval_count=interval.count,
        rank=checked_rank(rank),
        allowances=checked_allowances(allowances or {}),
    )
    amounts = checked_prices(prices)
    if Plan.objects.for_partner(partner_id).filter(product=product, name=plan.name).exists():
        raise plan_name_taken(product.name, plan.name)
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError:
        raise plan_name_taken(product.name, plan.name) from None
    PlanPrice.objects.bulk_create(
        [PlanPrice(partner_id=partner_id, plan=plan, currency=c, amount=amount) for c, amount in amounts.items()]
    )
    draft = EventDraft("plan.created", "plan", plan.pk, 1, data={"product": str(product_id)})
    record([draft], actor=actor, action_id=uuid7(), now=now)
    plan_id: UUID = plan.pk
    return plan_id


def product_name_taken(name: str) -> NameTaken:
    return NameTaken(f"There is a product named “{name}” already.", field="name")


def plan_name_taken(product: str, name: str) -> NameTaken:
    return NameTaken(f"“{product}” has a plan named “{name}” already.", field="name")
