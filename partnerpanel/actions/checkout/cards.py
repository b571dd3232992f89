"""The card of an order: entered at the gateway, or in a test mode one of the sandbox's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from babel import Locale
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.gateway.cards import CardWish
from billing.gateway.registry import card_desk_of
from billing.gateway.sandbox.gateway import SandboxGateway
from billing.methods.queries import Method, default_method_of
from billing.queries.pay_links import Payer
from billing.rules.formats import money_text
from billing.services.confirmation import Outcome, bank_page, newest_charge, stands_here
from billing.services.new_card import replace_card
from partnerpanel.actions.checkout.beginning import note_card
from partnerpanel.actions.checkout.desk import CheckoutOver, find, planned
from partnerpanel.actions.checkout.events import buyer_of_row
from partnerpanel.actions.checkout.models import Checkout
from partnerpanel.actions.checkout.states import CheckoutState
from partnerpanel.actions.portal_desk import takes_test_cards
from partnerpanel.kernel.errors import Conflict
from partnerpanel.tenancy.scope import tenant

SANDBOX = SandboxGateway.name


class NoCards(Conflict):
    """Nobody can enter a card here."""

    code = "no_cards_taken"


@dataclass(frozen=True, slots=True)
class Ways:
    """How an order can be paid: on the gateway's page, by a test card, or with the card that the customer has."""

    at_gateway: bool
    test_cards: bool
    on_file: Method | None


def ways_of(row: Checkout) -> Ways:
    """In the open scope."""
    at_gateway = card_desk_of(row.partner_id) is not None
    found = default_method_of(row.partner_id, [row.customer_id]) if row.customer_id else {}
    test_cards = not at_gateway and takes_test_cards(row.partner_id)
    return Ways(at_gateway, test_cards, next(iter(found.values()), None))


def card_page(partner_id: UUID, id_: UUID, *, back: str, away: str, now: datetime) -> str:
    """The address at which the card of the order is entered; it is waited for from now on.

    Opens scopes of its own. Raises NotFound, CheckoutOver, NoCards, GatewayDown, GatewayRefusal.
    """
    with tenant(partner_id):
        row, desk = _waiting(partner_id, id_), card_desk_of(partner_id)
        told = _told(row, now)
    if desk is None or row.customer_id is None:
        raise NoCards("Cards cannot be entered here.")
    page = desk.card_page(partner_id, CardWish(row.customer_id, row.subscription_id, told, back, away))
    with tenant(partner_id):
        row = find(partner_id, id_, lock=True)
        if row.state == CheckoutState.PAYING:
            row.gateway, row.page = desk.name, page.id
            row.save(update_fields=["gateway", "page"])
    return page.address


def give_test_card(partner_id: UUID, id_: UUID, *, ref: str, now: datetime) -> None:
    """One of the sandbox's becomes the customer's card. Raises NotFound, CheckoutOver, NoCards, UnknownMethod."""
    with tenant(partner_id):
        row = _waiting(partner_id, id_)
        if not ways_of(row).test_cards:
            raise NoCards("Cards cannot be entered here.")
    if row.customer_id is not None:
        replace_card(row.customer_id, gateway=SANDBOX, ref=ref, actor=buyer_of_row(row), now=now)
        with tenant(partner_id):
            row = find(partner_id, id_, lock=True)
            note_card(row, gateway=SANDBOX, ref=ref)
            row.save(update_fields=["method_id"])


def charge_of_order(row: Checkout) -> UUID | None:
    """The newest attempt to charge what was ordered, in the open scope."""
    if row.customer_id is None or row.subscription_id is None:
        return None
    return newest_charge(row.partner_id, Payer(row.customer_id, row.subscription_id))


def stands(row: Checkout, charge: UUID) -> Outcome:
    """How the charge stands by what is written here. Opens a scope of its own."""
    with tenant(row.partner_id):
        return stands_here(row.partner_id, charge)


def charged(row: Checkout, charge: UUID, *, back: str, now: datetime) -> tuple[Outcome, str]:
    """How the charge stands, and where the bank is to be answered. Opens scopes of its own. Raises GatewayDown."""
    return bank_page(row.partner_id, charge, back=lambda _id: back, now=now)


def _waiting(partner_id: UUID, id_: UUID) -> Checkout:
    row = find(partner_id, id_)
    if row.state != CheckoutState.PAYING:
        raise CheckoutOver("This order waits for no card.")
    return row


def _told(row: Checkout, now: datetime) -> str:
    plan = None if row.subscription_id else planned(row, now=now).planned
    if plan is None:
        return _("What is open is charged to this card at once, and later payments too.")
    if not plan.due_now:
        return _("The card is kept for later payments. Nothing is charged now.")
    amount = money_text(plan.due_now, Locale.parse(get_language() or "en", sep="-"))
    return _("%(amount)s is charged to this card at once, and later payments too.") % {"amount": amount}
