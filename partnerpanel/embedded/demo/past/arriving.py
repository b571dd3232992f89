"""Those who come on one day: customers, their cards, and what they buy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from billing.gateway.registry import gateway_named
from billing.methods.services import NewMethod, add_methods
from billing.services.net_prices import without_tax
from customers.services.create import NewCustomer, create_customers
from partnerpanel.embedded.demo.past.lives import Life
from partnerpanel.embedded.demo.past.register import Register
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.start import NewSubscription
from subscriptions.services.create import create_subscriptions


def arrive(lives: Sequence[Life], register: Register, at: datetime) -> None:
    """Writes them; the first period was paid for where they bought, as with everybody whom the panel is told of."""
    actor, gateway = register.office.system, gateway_named("sandbox")
    cards = {life.card: gateway.describe_method(register.partner_id, life.card) for life in lives if life.card}
    with tenant(register.partner_id):
        ids = create_customers([NewCustomer(life.profile, at) for life in lives], actor=actor, now=at)
        methods = [
            NewMethod(id_, gateway.name, life.card, cards[life.card])
            for id_, life in zip(ids, lives, strict=True)
            if life.card
        ]
        add_methods(methods, actor=actor, now=at)
        bought = [sale(life, id_, life.plan, register, at) for id_, life in zip(ids, lives, strict=True)]
        subscriptions = create_subscriptions(without_tax(bought, actor=actor, now=at), actor=actor, now=at)
    for life, customer_id, subscription_id in zip(lives, ids, subscriptions, strict=True):
        register.customers[life.number] = customer_id
        register.sold(life.number, subscription_id)


def sale(life: Life, customer_id: UUID, plan: str, register: Register, at: datetime) -> NewSubscription:
    """A subscription that starts now; who has no card pays by bank."""
    return NewSubscription(
        customer_id=customer_id,
        plan_id=register.plans[plan],
        currency=life.currency,
        timezone=register.office.days.zone,
        started_at=at,
        auto_renew=bool(life.card),
        paid_elsewhere=True,
    )
