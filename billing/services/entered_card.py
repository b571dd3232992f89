"""A card that a customer entered at the gateway: kept once, whoever tells of it and how often, and charged at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.charging.at_once import ask_now
from billing.charging.models import PaymentAttempt
from billing.charging.states import AttemptStatus, Purpose
from billing.charging.superseding import look_again
from billing.gateway.cards import EnteredCard
from billing.methods.models import PaymentMethod
from billing.methods.queries import default_method_of
from billing.methods.services import add_method
from billing.queries.facts import load
from billing.rules.plan import BillingPlan
from billing.services.apply import apply
from billing.services.new_card import charged_instead, on_the_default, open_now
from billing.services.pay import BeingCharged, ChargingStopped, NothingToPay, plan_charge
from customers.queries.facts import identities
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.scope import refuse_open_scope, tenant
from subscriptions.queries.facts import subscriptions_of


def take_entered_card(partner_id: UUID, gateway: str, entered: EnteredCard, *, now: datetime) -> list[UUID]:
    """Makes it the customer's card and writes the charges of what is open; the ids of these. A charge that waits for
    the customer to confirm it with another card is taken back at the gateway first, and this one is charged instead.

    One that is wished beside another is kept and charged for nothing. A card that the customer has, or had, was taken
    already: then nothing is done. Opens its own scope. Raises NotFound
    for a customer of nobody.
    """
    refuse_open_scope("A card that was entered")
    actor = Actor(ActorKind.CUSTOMER, partner_id, customer_id=entered.customer_id)
    action_id = uuid7()
    with tenant(partner_id):
        identities(partner_id, {entered.customer_id}, lock=True)
        rows = PaymentMethod.objects.for_partner(partner_id).filter(customer=entered.customer_id, gateway=gateway)
        if rows.filter(gateway_ref=entered.ref).exists():
            return []
        is_beside = entered.beside and bool(default_method_of(partner_id, [entered.customer_id]))
        add_method(
            entered.customer_id,
            gateway=gateway,
            ref=entered.ref,
            facts=entered.facts,
            actor=actor,
            now=now,
            action_id=action_id,
            make_default=not is_beside,
        )
        if is_beside:
            return []
        plans = _charges(entered, actor=actor, action_id=action_id, now=now)
        apply(plans, actor=actor, action_id=action_id, now=now)
        waiting = look_again(partner_id, entered.customer_id, now=now)
    instead = charged_instead(partner_id, waiting, ref=entered.ref, now=now)
    return [plan.attempt.id for plan in plans if plan.attempt is not None] + instead


def charge_of(partner_id: UUID, entered: EnteredCard, *, now: datetime) -> UUID | None:
    """The newest charge of this card, asked for now where nobody has; None where there was nothing to pay.

    Opens scopes of its own.
    """
    with tenant(partner_id):
        newest = _newest(partner_id, entered)
    if newest is None:
        return None
    if newest.status == AttemptStatus.INTENT:
        ask_now(partner_id, [newest.pk], now=now)
    id_: UUID = newest.pk
    return id_


def _newest(partner_id: UUID, entered: EnteredCard) -> PaymentAttempt | None:
    rows = PaymentAttempt.objects.for_partner(partner_id).filter(customer=entered.customer_id)
    return rows.filter(method_ref=entered.ref).order_by("-made_at", "-pk").first()


def _charges(entered: EnteredCard, *, actor: Actor, action_id: UUID, now: datetime) -> list[BillingPlan]:
    """Of every open renewal, and of whatever else the subscription owes that the customer came to pay."""
    theirs = load(actor.partner_id, subscriptions_of(actor.partner_id, entered.customer_id), now=now, lock=True)
    found = on_the_default(theirs, also=entered.subscription_id, actor=actor, action_id=action_id, now=now)
    plans = []
    for one in found.values():
        if one.is_charging or one.charging_stopped or one.has_own_card:
            continue
        if open_now(one, now=now) is None and one.subscription_id != entered.subscription_id:
            continue
        try:
            plans.append(plan_charge(one, purpose=Purpose.NEW_CARD, now=now)[0])
        except (NothingToPay, BeingCharged, ChargingStopped):
            continue
    return plans
