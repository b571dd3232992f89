"""Gateways by name. A new one is a package beside the sandbox's and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from billing.gateway.cards import CardDesk
from billing.gateway.manual.gateway import ManualGateway
from billing.gateway.news import Teller
from billing.gateway.port import Gateway
from billing.gateway.refusals import UnknownGateway
from billing.gateway.sandbox.gateway import SandboxGateway
from billing.gateway.stripe.gateway import StripeGateway

_STRIPE = StripeGateway()
GATEWAYS: Mapping[str, Gateway] = {gateway.name: gateway for gateway in (SandboxGateway(), ManualGateway(), _STRIPE)}
# Those that tell news by themselves.
TELLERS: Mapping[str, Teller] = {_STRIPE.name: _STRIPE}
# Those with pages on which customers enter a card.
CARD_DESKS: Mapping[str, CardDesk] = {_STRIPE.name: _STRIPE}


def gateway_named(name: str) -> Gateway:
    """Raises UnknownGateway."""
    if name not in GATEWAYS:
        raise UnknownGateway(f"There is no gateway “{name}”.", field="gateway")
    return GATEWAYS[name]


def card_desk_of(partner_id: UUID) -> CardDesk | None:
    """Where customers of the partner enter a card; None where they cannot. In the open scope."""
    return next((desk for desk in CARD_DESKS.values() if desk.takes_cards(partner_id)), None)


def teller_named(name: str) -> Teller:
    """Raises UnknownGateway for one that tells nothing by itself, too."""
    if name not in TELLERS:
        raise UnknownGateway(f"No gateway “{name}” tells news.", field="gateway")
    return TELLERS[name]
