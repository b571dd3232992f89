"""Products, plans and prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import Plan, PlanPrice, Product


class InvalidPlan(DomainError):
    """A product's or plan's data that cannot be taken; `field` names which."""

    code = "invalid_plan"


def create_product(*, name: str, actor: Actor, now: datetime) -> UUID:
    """A product in the open scope. Raises InvalidPlan for an empty or taken name."""
    name = _name(name)
    if Product.objects.for_partner(actor.partner_id).filter(name=name).exists():
        raise InvalidPlan(f"There is a product named “{name}” already.", field="name")
    product = Product.objects.create(partner_id=actor.partner_id, name=name)
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

    Raises InvalidPlan for an empty or taken name, no price, two of one currency, a negative price or allowance.
    """
    name = _name(name)
    partner_id = actor.partner_id
    product = Product.objects.for_partner(partner_id).filter(pk=product_id).first()
    if product is None:
        raise NotFound("There is no such product.", field="product")
    if Plan.objects.for_partner(partner_id).filter(product=product, name=name).exists():
        raise InvalidPlan(f"“{product.name}” has a plan named “{name}” already.", field="name")
    currencies = {price.currency for price in prices}
    if not prices or len(currencies) != len(prices):
        raise InvalidPlan("A plan has one price per currency, and at least one.", field="prices")
    if any(price.amount < 0 for price in prices):
        raise InvalidPlan("A price is zero or more.", field="prices")
    if any(value < 0 for value in (allowances or {}).values()):
        raise InvalidPlan("An allowance is a whole number of zero or more.", field="allowances")
    plan = Plan.objects.create(
        partner_id=partner_id,
        product=product,
        name=name,
        interval_unit=interval.unit,
        interval_count=interval.count,
        rank=rank,
        allowances=dict(allowances or {}),
    )
    PlanPrice.objects.bulk_create(
        [PlanPrice(partner_id=partner_id, plan=plan, currency=p.currency, amount=p.amount) for p in prices]
    )
    draft = EventDraft("plan.created", "plan", plan.pk, 1, data={"product": str(product_id)})
    record([draft], actor=actor, action_id=uuid7(), now=now)
    plan_id: UUID = plan.pk
    return plan_id


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= 120:
        raise InvalidPlan("A name has 1 to 120 letters.", field="name")
    return name
