"""Customers who pay by a link, and the people who hand it out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from babel import Locale
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.gateway.cards import CardWish
from billing.gateway.registry import CARD_DESKS
from billing.queries.facts import load
from billing.queries.pay_links import LinkUnusable, Payer, pay_link, payer_of, takes_cards
from billing.rules.formats import money_text
from billing.services.entered_card import Outcome, outcome_of, take_entered_card
from billing.services.pay import NothingToPay, owed
from customers.queries.facts import identities
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.facts import customers_of

__all__ = ["LinkUnusable", "Outcome", "arrive", "begin", "link_for", "takes_cards"]

GATEWAY = "stripe"


def link_for(customer_id: UUID, subscription_id: UUID | None, *, actor: Actor) -> str:
    """The address to hand to the customer. Raises Forbidden, NotFound."""
    permit(actor, Permission.REPLACE_CARD)
    with tenant(actor.partner_id):
        if not identities(actor.partner_id, {customer_id}):
            raise NotFound("There is no such customer.", field="customer")
    return pay_link(actor.partner_id, Payer(customer_id, subscription_id))


def begin(partner_id: UUID, token: str, *, now: datetime) -> str:
    """Where the customer enters a card, at the gateway. Raises LinkUnusable, GatewayDown, GatewayRefusal."""
    payer = payer_of(partner_id, token)
    with tenant(partner_id):
        usable = takes_cards(partner_id) and bool(identities(partner_id, {payer.customer_id}))
        due = _due(partner_id, payer, now) if usable else None
    if not usable:
        raise LinkUnusable("This link does not work.")
    locale = Locale.parse(get_language() or "en", sep="-")
    told = (
        _("%(amount)s is charged to this card at once, and later payments too.") % {"amount": money_text(due, locale)}
        if due
        else _("The card is kept for later payments. Nothing is charged now.")
    )
    at = public("par", partner_id)
    back = settings.PUBLIC_URL + reverse("pay-back", args=[at])
    away = settings.PUBLIC_URL + reverse("pay-link", args=[at])
    wish = CardWish(payer.customer_id, payer.subscription_id, told, f"{back}?page={{page}}", away)
    return CARD_DESKS[GATEWAY].card_page(partner_id, wish)


def arrive(partner_id: UUID, page: str, *, now: datetime) -> tuple[Outcome, str] | None:
    """What came of the card that was entered there, and where its charge is confirmed; None where none was.

    The same as when the gateway tells of it, whichever comes first. Raises GatewayDown.
    """
    with tenant(partner_id):
        if not takes_cards(partner_id):
            return None
    entered = CARD_DESKS[GATEWAY].entered_card(partner_id, page)
    if entered is None:
        return None
    take_entered_card(partner_id, GATEWAY, entered, now=now)
    return outcome_of(partner_id, entered, now=now)


def _due(partner_id: UUID, payer: Payer, now: datetime) -> Money | None:
    """What the subscription of the link owes, if it is the customer's; in the open scope."""
    if payer.subscription_id is None or (
        customers_of(partner_id, {payer.subscription_id}).get(payer.subscription_id) != payer.customer_id
    ):
        return None
    facts = load(partner_id, [payer.subscription_id], now=now).get(payer.subscription_id)
    if facts is None or facts.is_charging or facts.charging_stopped:
        return None
    try:
        return owed(facts, now=now)[0].due
    except NothingToPay:
        return None
