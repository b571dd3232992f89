"""A customer's cards, for panel, portal and programs: one more, another one chosen, one taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.methods.queries import Method, held_method, kept_methods
from billing.queries.facts import load
from billing.queries.pay_links import takes_cards
from billing.services import cards
from billing.services.cards import CardNeeded, Removal
from billing.services.new_card import open_now
from partnerpanel.actions.payments import GATEWAY_OF_NEW_CARDS
from partnerpanel.actions.permission import Permission, confine, permit
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.facts import customers_of

__all__ = [
    "CardNeeded",
    "Choice",
    "Removal",
    "add",
    "card",
    "choice_for",
    "preview_removal",
    "refuse_at_gateway",
    "remove",
    "use",
    "use_for",
]


def card(method_id: UUID, *, actor: Actor) -> Method:
    """One that can be charged, in the open scope. Raises Forbidden, NotFound."""
    permit(actor, Permission.REPLACE_CARD)
    found = held_method(actor.partner_id, method_id)
    confine(actor, [found.customer_id])
    return found


class EnteredAtGateway(DomainError):
    """The partner's cards are entered by their customers, at the gateway."""

    code = "entered_at_gateway"


def refuse_at_gateway(partner_id: UUID) -> None:
    """In the open scope. Raises EnteredAtGateway."""
    if takes_cards(partner_id):
        raise EnteredAtGateway("Customers add their cards themselves: in the portal, below Payment.")


def add(customer_id: UUID, *, method: str, actor: Actor, now: datetime) -> UUID:
    """A sandbox method beside those that the customer has.

    Raises Forbidden, NotFound, UnknownMethod, EnteredAtGateway.
    """
    permit(actor, Permission.REPLACE_CARD)
    confine(actor, [customer_id])
    with tenant(actor.partner_id):
        refuse_at_gateway(actor.partner_id)
    return cards.add_card(customer_id, gateway=GATEWAY_OF_NEW_CARDS, ref=method, actor=actor, now=now)


def use(method_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Renewals charge it, and what is open at once; of how many charges. Raises Forbidden, NotFound."""
    _own(method_id, actor)
    return cards.use_card(method_id, actor=actor, now=now)


@dataclass(frozen=True, slots=True)
class Choice:
    """Of which cards one subscription may be charged to, and what choosing another one charges at once."""

    customer_id: UUID
    plan_name: str
    kept: Sequence[Method]
    charged: UUID | None
    due: Money | None


def choice_for(subscription_id: UUID, *, actor: Actor, now: datetime) -> Choice:
    """In the open scope. Raises Forbidden, NotFound."""
    permit(actor, Permission.REPLACE_CARD)
    facts = load(actor.partner_id, [subscription_id], now=now).get(subscription_id)
    if facts is None:
        raise NotFound("There is no such subscription.", field="subscription")
    confine(actor, [facts.customer_id])
    return Choice(
        customer_id=facts.customer_id,
        plan_name=facts.plan_name,
        kept=kept_methods(actor.partner_id, facts.customer_id),
        charged=facts.method.id if facts.method else None,
        due=open_now(facts, now=now),
    )


def use_for(subscription_id: UUID, method_id: UUID | None, *, actor: Actor, now: datetime) -> int:
    """This subscription alone is charged to it, and what it owes at once; of how many charges. None is the default.

    Raises Forbidden, NotFound.
    """
    permit(actor, Permission.REPLACE_CARD)
    with tenant(actor.partner_id):
        confine(actor, customers_of(actor.partner_id, [subscription_id]).values())
    return cards.use_card_for(subscription_id, method_id, actor=actor, now=now)


def preview_removal(method_id: UUID, *, actor: Actor, now: datetime) -> Removal:
    """What taking it away means, in the open scope. Raises Forbidden, NotFound, CardNeeded, CardBeingCharged."""
    permit(actor, Permission.REPLACE_CARD)
    removal = cards.plan_removal(actor.partner_id, method_id, now=now)
    confine(actor, [removal.method.customer_id])
    return removal


def remove(method_id: UUID, *, actor: Actor, now: datetime) -> Removal:
    """It is charged no more. Raises Forbidden, NotFound, CardNeeded, CardBeingCharged."""
    _own(method_id, actor)
    return cards.remove_card(method_id, actor=actor, now=now)


def _own(method_id: UUID, actor: Actor) -> None:
    permit(actor, Permission.REPLACE_CARD)
    with tenant(actor.partner_id):
        card(method_id, actor=actor)
