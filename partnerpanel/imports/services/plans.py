"""Products and plans that an import makes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from partnerpanel.imports.rules.steps import NewPlan
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.moving_in import held_products
from subscriptions.services.catalogue import create_plan, create_product


def make_plans(plans: Iterable[NewPlan], *, actor: Actor, now: datetime) -> None:
    """Makes the plans in the open scope, and products where there is none of the name."""
    wanted = list(plans)
    products = held_products(actor.partner_id) if wanted else {}
    for plan in wanted:
        if plan.product not in products:
            products[plan.product] = create_product(name=plan.product, actor=actor, now=now)
        create_plan(
            product_id=products[plan.product],
            name=plan.name,
            interval=plan.interval,
            prices=[plan.price],
            actor=actor,
            now=now,
        )
