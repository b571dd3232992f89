"""Customers who pay by a link, and the people who hand it out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from babel import Locale
from babel.lists import format_list
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.gateway.cards import CardWish
from billing.gateway.registry import card_desk_of
from billing.queries.pay_links import LinkUnusable, Payer, pay_link, payer_of, takes_cards
from billing.rules.formats import money_text
from billing.services.confirmation import Outcome, bank_page, newest_charge
from billing.services.entered_card import charge_of, take_entered_card
from billing.services.preview import preview_card
from customers.queries.facts import identities
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

__all__ = ["LinkUnusable", "Outcome", "arrive", "begin", "confirm", "confirmed", "link_for", "takes_cards"]
CHARGE = "att"


def link_for(customer_id: UUID, subscription_id: UUID | None, *, actor: Actor) -> str:
    """The address to hand to the customer. Raises Forbidden, NotFound."""
    permit(actor, Permission.REPLACE_CARD)
    with tenant(actor.partner_id):
        if not identities(actor.partner_id, {customer_id}):
            raise NotFound("There is no such customer.", field="customer")
    return pay_link(actor.partner_id, Payer(customer_id, subscription_id))


def begin(partner_id: UUID, token: str, *, now: datetime, beside: bool = False) -> str:
    """Where the customer enters a card, at the gateway; `beside` the one that is charged.

    Raises LinkUnusable, GatewayDown, GatewayRefusal.
    """
    payer = payer_of(partner_id, token)
    with tenant(partner_id):
        desk = card_desk_of(partner_id) if identities(partner_id, {payer.customer_id}) else None
        due = _amounts_due(partner_id, payer, now) if desk and not beside else []
    if desk is None:
        raise LinkUnusable("This link does not work.")
    locale = Locale.parse(get_language() or "en", sep="-")
    told = (
        _("%(amount)s is charged to this card at once, and later payments too.")
        % {"amount": format_list([money_text(one, locale) for one in due], locale=locale)}
        if due
        else _("The card is kept for later payments. Nothing is charged now.")
    )
    at = public("par", partner_id)
    back = settings.PUBLIC_URL + reverse("pay-back", args=[at])
    away = settings.PUBLIC_URL + reverse("pay-link", args=[at])
    wish = CardWish(payer.customer_id, payer.subscription_id, told, f"{back}?page={{page}}", away, beside)
    return desk.card_page(partner_id, wish).address


def confirm(partner_id: UUID, token: str, *, now: datetime) -> tuple[Outcome, str] | None:
    """What came of the charge that was to be confirmed, and where that is done; None where there is no charge.

    Where it was declined since, and something is still to be paid, the address is that of a page for another card.
    Raises LinkUnusable, GatewayDown, GatewayRefusal.
    """
    payer = payer_of(partner_id, token)
    with tenant(partner_id):
        charge = newest_charge(partner_id, payer)
    if charge is None:
        return None
    outcome, address = bank_page(partner_id, charge, back=lambda id_: _confirmed(partner_id, id_), now=now)
    if outcome is Outcome.DECLINED:
        with tenant(partner_id):
            is_due = bool(_amounts_due(partner_id, payer, now))
        address = begin(partner_id, token, now=now) if is_due else ""
    return outcome, address


def confirmed(partner_id: UUID, charge: str, *, now: datetime) -> tuple[Outcome, str]:
    """The same where the bank leads back to. Raises NotFound, GatewayDown."""
    id_ = parse(CHARGE, charge)
    return bank_page(partner_id, id_, back=lambda id_: _confirmed(partner_id, id_), now=now)


def arrive(partner_id: UUID, page: str, *, now: datetime) -> tuple[Outcome, str] | None:
    """What came of the card that was entered there, and where its charge is confirmed; None where none was.

    The same as when the gateway tells of it, whichever comes first. Raises GatewayDown.
    """
    with tenant(partner_id):
        desk = card_desk_of(partner_id)
    entered = desk.entered_card(partner_id, page) if desk else None
    if desk is None or entered is None:
        return None
    take_entered_card(partner_id, desk.name, entered, now=now)
    charge = charge_of(partner_id, entered, now=now)
    if charge is None:
        return Outcome.KEPT, ""
    return bank_page(partner_id, charge, back=lambda id_: _confirmed(partner_id, id_), now=now)


def _confirmed(partner_id: UUID, charge: UUID) -> str:
    """Where the bank leads back to."""
    return f"{settings.PUBLIC_URL}{reverse('pay-confirmed', args=[public('par', partner_id), public(CHARGE, charge)])}"


def _amounts_due(partner_id: UUID, payer: Payer, now: datetime) -> list[Money]:
    """What a card is charged at once, one amount for each currency; in the open scope."""
    found = preview_card(partner_id, payer.customer_id, now=now, wanted=payer.subscription_id)
    charges = [] if found.stopped else [amount for _plan, amount in found.charges]
    return [
        Money.sum([one for one in charges if one.currency == currency], currency)
        for currency in sorted({one.currency for one in charges})
    ]
