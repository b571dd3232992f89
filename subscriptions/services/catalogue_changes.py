"""Changing products and plans. Who edits what somebody else has changed meanwhile is told so first."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import Plan, PlanPrice, Product
from subscriptions.queries.catalogue import terms_of_plan
from subscriptions.rules.catalogue import Changes, PlanChange, checked_name, plan_changes
from subscriptions.services.catalogue import plan_name_taken, product_name_taken


class CatalogueMoved(Conflict):
    """The product or plan has changed since the version that was cited. Nothing was written."""

    code = "catalogue_moved"


def rename_product(product_id: UUID, *, name: str, version: int, actor: Actor, now: datetime) -> Changes:
    """In the open scope; what changed. Raises NotFound, CatalogueMoved, InvalidPlan, NameTaken."""
    product = locked_product(product_id, actor)
    _same(product, version)
    new = checked_name(name)
    if new == product.name:
        return {}
    changes: Changes = {"name": [product.name, new]}
    product.name = new
    product.version += 1
    try:
        with transaction.atomic():
            product.save(update_fields=["name", "version"])
    except IntegrityError:
        raise product_name_taken(new) from None
    _record("product.updated", "product", product, changes, actor=actor, now=now)
    return changes


def change_plan(plan_id: UUID, change: PlanChange, *, version: int, actor: Actor, now: datetime) -> Changes:
    """Writes what differs, in the open scope, and returns it.

    Prices are those of new sales: who holds the plan keeps the price bought at. Raises NotFound, CatalogueMoved,
    InvalidPlan, NameTaken, IntervalHeld.
    """
    plan = locked_plan(plan_id, actor)
    _same(plan, version)
    changes = plan_changes(terms_of_plan(plan), change)
    if not changes:
        return {}
    if "interval" in changes:
        count, unit = changes["interval"][1].split()
        interval = Interval(Unit(unit), int(count))
        plan.interval_unit, plan.interval_count = interval.unit.value, interval.count
    plan.name = changes.get("name", [None, plan.name])[1]
    plan.rank = changes.get("rank", [None, plan.rank])[1]
    if "allowances" in changes and change.allowances is not None:
        plan.allowances = dict(change.allowances)
    plan.version += 1
    try:
        with transaction.atomic():
            plan.save(update_fields=["name", "rank", "allowances", "interval_unit", "interval_count", "version"])
    except IntegrityError:
        raise plan_name_taken(plan.product.name, plan.name) from None
    _write_prices(plan, changes.get("prices", {}))
    _record("plan.updated", "plan", plan, changes, actor=actor, now=now)
    return changes


def locked_plan(plan_id: UUID, actor: Actor) -> Plan:
    """The plan with its product, its own row locked. Raises NotFound."""
    plans = Plan.objects.for_partner(actor.partner_id).select_related("product").select_for_update(of=("self",))
    plan = plans.filter(pk=plan_id).first()
    if plan is None:
        raise NotFound("There is no such plan.", field="plan")
    return plan


def locked_product(product_id: UUID, actor: Actor) -> Product:
    """The product, locked. Raises NotFound."""
    product = Product.objects.for_partner(actor.partner_id).select_for_update().filter(pk=product_id).first()
    if product is None:
        raise NotFound("There is no such product.", field="product")
    return product


def _same(row: Plan | Product, version: int) -> None:
    if row.version != version:
        raise CatalogueMoved("Somebody has changed this since you opened it. Nothing was done.", field="version")


def _write_prices(plan: Plan, changes: dict[str, Any]) -> None:
    prices = PlanPrice.objects.for_partner(plan.partner_id).filter(plan=plan)
    for currency, (old, new) in changes.items():
        if new is None:
            prices.filter(currency=currency).delete()
        elif old is None:
            PlanPrice.objects.create(partner_id=plan.partner_id, plan=plan, currency=currency, amount=new)
        else:
            prices.filter(currency=currency).update(amount=new)


def _record(kind: str, object_type: str, row: Plan | Product, changes: Changes, *, actor: Actor, now: datetime) -> None:
    draft = EventDraft(kind, object_type, row.pk, row.version, data={"changes": changes})
    record([draft], actor=actor, action_id=uuid7(), now=now)
