"""Addresses on which a customer pays what is owed, or leaves another card: signed, and good for some weeks.

They stand behind the “#”, which browsers keep to themselves. The same day gives the same address, so that a mail which
was previewed is the mail that is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from billing.gateway.registry import card_desk_of
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.hosts import at_host

GOOD_FOR = timedelta(days=45)
_SIGNER = Signer(salt="pay-link")


class LinkUnusable(DomainError):
    """Changed, expired, or of another partner: nobody is told which."""

    code = "pay_link_unusable"


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose card it is to be, and what it is to pay at once, if anything."""

    customer_id: UUID
    subscription_id: UUID | None = None


def takes_cards(partner_id: UUID) -> bool:
    """Whether customers of the partner can enter a card; in the open scope."""
    return card_desk_of(partner_id) is not None


def pay_link(partner_id: UUID, payer: Payer, *, at: str = "") -> str:
    """The address; `at` is what it begins with, where `at_host` was asked already for many."""
    return _link("pay-link", partner_id, payer, at)


def confirm_link(partner_id: UUID, payer: Payer, *, at: str = "") -> str:
    """The address at which the customer confirms the charge that waits for it; `at` as above."""
    return _link("pay-confirm", partner_id, payer, at)


def _link(name: str, partner_id: UUID, payer: Payer, at: str) -> str:
    until = (system_now() + GOOD_FOR).date().isoformat()
    subscription = payer.subscription_id.hex if payer.subscription_id else ""
    token = _SIGNER.sign_object([partner_id.hex, payer.customer_id.hex, subscription, until])
    return f"{at or at_host(partner_id)}{reverse(name, args=[public('par', partner_id)])}#{token}"


def payer_of(partner_id: UUID, token: str) -> Payer:
    """Raises LinkUnusable."""
    try:
        partner, customer, subscription, until = _SIGNER.unsign_object(token)
        is_good = UUID(partner) == partner_id and system_now().date() <= date.fromisoformat(until)
        payer = Payer(UUID(customer), UUID(subscription) if subscription else None)
    except (BadSignature, ValueError, TypeError) as error:
        raise LinkUnusable("This link does not work.") from error
    if not is_good:
        raise LinkUnusable("This link does not work.")
    return payer
