"""A customer's new card: it becomes the one that renewals charge, and pays at once what is open."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from billing.charging.models import PaymentAttempt
from billing.charging.states import Purpose
from billing.charging.superseding import look_again
from billing.charging.worker import drain_charges
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
from subscriptions.services.own_cards import choose_card


def replace_card(customer_id: UUID, *, gateway: str, ref: str, actor: Actor, now: datetime) -> int:
    """Makes the gateway's method `ref` the customer's card; returns how many open renewals it is charged for.

    One that is being charged already is left to its outcome, unless it waits for the customer: that charge is taken
    back at the gateway, and the new card is charged instead. While charging is stopped nothing is charged. The
    gateway is asked before the one transaction in which everything is written. Raises NotFound, UnknownGateway,
    UnknownMethod, InvalidRequest; then nothing is written.
    """
    refuse_open_scope("A new card")
    facts = gateway_named(gateway).describe_method(actor.partner_id, ref)
    action_id = uuid7()
    with tenant(actor.partner_id):
        add_method(customer_id, gateway=gateway, ref=ref, facts=facts, actor=actor, now=now, action_id=action_id)
        made, waiting = charge_open(customer_id, actor=actor, action_id=action_id, now=now)
    return made + len(charged_instead(actor.partner_id, waiting, ref=ref, now=now))


def charge_open(customer_id: UUID, *, actor: Actor, action_id: UUID, now: datetime) -> tuple[int, Collection[UUID]]:
    """Writes the charges of open renewals with the default method, in the open scope: how many, and the charges that
    are to be taken back since they wait for the customer with another one."""
    found = on_the_default(
        load(actor.partner_id, subscriptions_of(actor.partner_id, customer_id), now=now, lock=True),
        actor=actor,
        action_id=action_id,
        now=now,
    )
    plans = [
        plan_charge(one, purpose=Purpose.NEW_CARD, now=now)[0]
        for one in found.values()
        if not one.has_own_card
        and not one.is_charging
        and open_now(one, now=now) is not None
        and not one.charging_stopped
    ]
    apply(plans, actor=actor, action_id=action_id, now=now)
    return len(plans), look_again(actor.partner_id, customer_id, now=now)


def on_the_default(
    found: Mapping[UUID, BillingFacts], *, also: UUID | None = None, actor: Actor, action_id: UUID, now: datetime
) -> Mapping[UUID, BillingFacts]:
    """A card that comes pays what is open: whatever owes something, and the subscription `also`, leaves the card of its
    own. In the open scope, under the customer's lock; the facts as they are then."""
    leaving = [
        id_
        for id_, one in found.items()
        if one.has_own_card and (id_ == also or open_now(one, now=now) is not None) and not is_left_alone(one)
    ]
    if not leaving:
        return found
    choose_card(leaving, None, actor=actor, action_id=action_id, now=now)
    return load(actor.partner_id, found, now=now, lock=True)


def is_left_alone(facts: BillingFacts) -> bool:
    """It is being charged, and nobody knows yet how that ends."""
    return facts.is_charging and not facts.awaits_customer


def charged_instead(partner_id: UUID, waiting: Collection[UUID], *, ref: str, now: datetime) -> list[UUID]:
    """Takes charges back that waited for the customer; the attempts with the method `ref` that were made instead.

    What the gateway does not answer now is looked at again by itself. Opens scopes of its own.
    """
    if not waiting:
        return []
    drain_charges(partner_id, now, only=waiting)
    with tenant(partner_id):
        attempts = PaymentAttempt.objects.for_partner(partner_id)
        invoices = attempts.filter(pk__in=waiting).values("invoice_id")
        made = attempts.filter(invoice__in=invoices, method_ref=ref, made_at__gte=now).exclude(pk__in=waiting)
        return list(made.values_list("pk", flat=True))


def open_now(facts: BillingFacts, *, now: datetime) -> Money | None:
    """What a new card is charged for this subscription at once: its open renewal, the term after the deadline, or what
    the customer was asked to confirm with the card before."""
    if is_left_alone(facts):
        return None
    if facts.invoice is None and facts.case is None and not facts.awaits_customer:
        return None
    try:
        return owed(facts, now=now)[0].due
    except NothingToPay:
        return None
