"""A customer's cards: one more, another one chosen, one taken away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.charging.states import Purpose
from billing.charging.superseding import look_again
from billing.gateway.registry import gateway_named
from billing.methods.choosing import choose_method, take_away
from billing.methods.queries import Method, default_method_of, held_method, kept_methods
from billing.methods.services import add_method
from billing.queries.facts import load
from billing.rules.needing import needs_card
from billing.services.apply import apply
from billing.services.new_card import charge_open, charged_instead, is_left_alone, open_now
from billing.services.pay import plan_charge
from customers.queries.facts import identities
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import refuse_open_scope, tenant
from subscriptions.queries.facts import subscriptions_of
from subscriptions.services.own_cards import choose_card


class CardNeeded(Conflict):
    """It is the only one, and something is to be charged to it."""

    code = "card_needed"


class CardBeingCharged(Conflict):
    """Nobody knows yet how a charge of it ends."""

    code = "being_charged"


@dataclass(frozen=True, slots=True)
class Removal:
    """What taking a card away means: which one is charged instead, None where nothing was charged to it or it was the
    last."""

    method: Method
    heir: Method | None


def add_card(customer_id: UUID, *, gateway: str, ref: str, actor: Actor, now: datetime) -> UUID:
    """Keeps it beside those that the customer has; the first one is the default. Nothing is charged.

    Raises NotFound, UnknownGateway, UnknownMethod.
    """
    refuse_open_scope("A card more")
    facts = gateway_named(gateway).describe_method(actor.partner_id, ref)
    with tenant(actor.partner_id):
        identities(actor.partner_id, {customer_id}, lock=True)
        is_first = not default_method_of(actor.partner_id, [customer_id])
        return add_method(
            customer_id, gateway=gateway, ref=ref, facts=facts, actor=actor, now=now, make_default=is_first
        )


def use_card(method_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Renewals charge it from now on, and what is open at once, as with a new card; how many charges that are.

    Raises NotFound.
    """
    refuse_open_scope("Choosing a card")
    action_id = uuid7()
    with tenant(actor.partner_id):
        method = held_method(actor.partner_id, method_id)
        if not choose_method(method_id, actor=actor, action_id=action_id, now=now):
            return 0
        made, waiting = charge_open(method.customer_id, actor=actor, action_id=action_id, now=now)
    return made + len(charged_instead(actor.partner_id, waiting, ref=method.gateway_ref, now=now))


def use_card_for(subscription_id: UUID, method_id: UUID | None, *, actor: Actor, now: datetime) -> int:
    """This subscription is charged to it from now on, and what it owes at once; how many charges that are.

    None, and the default itself, are the customer's default, whichever that will be. Raises NotFound for a subscription
    of nobody and a card of another customer.
    """
    refuse_open_scope("Choosing a card")
    action_id = uuid7()
    with tenant(actor.partner_id):
        found = load(actor.partner_id, [subscription_id], now=now, lock=True).get(subscription_id)
        if found is None:
            raise NotFound("There is no such subscription.", field="subscription")
        own = _own_of(found.customer_id, method_id, actor)
        if not choose_card([subscription_id], own, actor=actor, action_id=action_id, now=now):
            return 0
        one = load(actor.partner_id, [subscription_id], now=now, lock=True)[subscription_id]
        is_due = open_now(one, now=now) is not None and not one.is_charging and not one.charging_stopped
        plans = [plan_charge(one, purpose=Purpose.NEW_CARD, now=now)[0]] if is_due and one.method else []
        apply(plans, actor=actor, action_id=action_id, now=now)
        waiting = look_again(actor.partner_id, one.customer_id, now=now)
    ref = one.method.ref if one.method else ""
    return len(plans) + len(charged_instead(actor.partner_id, waiting, ref=ref, now=now))


def _own_of(customer_id: UUID, method_id: UUID | None, actor: Actor) -> UUID | None:
    """What is written down for the card; under the customer's lock."""
    if method_id is None:
        return None
    method = held_method(actor.partner_id, method_id)
    if method.customer_id != customer_id:
        raise NotFound("There is no such payment method.", field="payment_method")
    return None if method.is_default else method.id


def plan_removal(partner_id: UUID, method_id: UUID, *, now: datetime, lock: bool = False) -> Removal:
    """In the open scope. Raises NotFound, CardNeeded, CardBeingCharged."""
    method = held_method(partner_id, method_id)
    if lock:
        identities(partner_id, {method.customer_id}, lock=True)
        method = held_method(partner_id, method_id)
    found = load(partner_id, subscriptions_of(partner_id, method.customer_id), now=now, lock=lock)
    others = [one for one in kept_methods(partner_id, method.customer_id) if one.id != method_id]
    charged = [one for one in found.values() if one.method and one.method.id == method_id]
    if any(is_left_alone(one) for one in (found.values() if method.is_default else charged)):
        raise CardBeingCharged("This card is being charged. Remove it when that has ended.", field="payment_method")
    if not others:
        _refuse_needed({one.plan_name for one in found.values() if needs_card(one)})
    is_followed = others and (method.is_default or charged)
    return Removal(method, others[0] if is_followed else None)


def remove_card(method_id: UUID, *, actor: Actor, now: datetime) -> Removal:
    """It is charged no more. Raises NotFound, CardNeeded, CardBeingCharged."""
    with tenant(actor.partner_id):
        removal = plan_removal(actor.partner_id, method_id, now=now, lock=True)
        take_away(method_id, actor=actor, action_id=uuid7(), now=now)
    return removal


def _refuse_needed(names: Collection[str]) -> None:
    if names:
        message = f"{', '.join(sorted(names))} is charged to this card, and there is no other. Add another one first."
        raise CardNeeded(message, field="payment_method")
