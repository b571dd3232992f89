"""A customer's new card: it becomes the one that renewals charge, and pays at once what is open."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.charging.states import Purpose
from billing.gateway.registry import gateway_named
from billing.methods.services import add_method
from billing.queries.facts import load
from billing.rules.facts import BillingFacts
from billing.services.apply import apply
from billing.services.pay import NothingToPay, owed, plan_charge
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import refuse_open_scope, tenant
from subscriptions.queries.facts import subscriptions_of


def replace_card(customer_id: UUID, *, gateway: str, ref: str, actor: Actor, now: datetime) -> int:
    """Makes the gateway's method `ref` the customer's card; returns how many open renewals it is charged for.

    One that is being charged already is left to its outcome; while charging is stopped nothing is charged. The
    gateway is asked before the one transaction in which everything is written. Raises NotFound, UnknownGateway,
    UnknownMethod, InvalidRequest; then nothing is written.
    """
    refuse_open_scope("A new card")
    facts = gateway_named(gateway).describe_method(actor.partner_id, ref)
    action_id = uuid7()
    with tenant(actor.partner_id):
        add_method(customer_id, gateway=gateway, ref=ref, facts=facts, actor=actor, now=now, action_id=action_id)
        found = load(actor.partner_id, subscriptions_of(actor.partner_id, customer_id), now=now, lock=True)
        plans = [
            plan_charge(one, purpose=Purpose.NEW_CARD, now=now)[0]
            for one in found.values()
            if open_now(one, now=now) is not None and not one.charging_stopped
        ]
        apply(plans, actor=actor, action_id=action_id, now=now)
    return len(plans)


def open_now(facts: BillingFacts, *, now: datetime) -> Money | None:
    """What a new card is charged for this subscription at once: its open renewal, or the term after the deadline."""
    if facts.is_charging or (facts.invoice is None and facts.case is None):
        return None
    try:
        return owed(facts, now=now)[0].due
    except NothingToPay:
        return None
