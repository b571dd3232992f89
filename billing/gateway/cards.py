"""Pages of a gateway on which customers enter a card, so that its number never reaches us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from billing.gateway.port import MethodFacts


@dataclass(frozen=True, slots=True)
class CardWish:
    """For whom a card is entered, and which subscription it is to pay at once, if any.

    `told` stands beside the button of the page; `back` is where the customer comes to with a card, the gateway's id of
    the page put into `{page}`; `away` where without one. `beside`: the card is kept beside the one that is charged.
    """

    customer_id: UUID
    subscription_id: UUID | None
    told: str
    back: str
    away: str
    beside: bool = False


@dataclass(frozen=True, slots=True)
class EnteredCard:
    """A card that was entered, as the gateway knows it by `ref`; `beside` as it was wished."""

    customer_id: UUID
    subscription_id: UUID | None
    ref: str
    facts: MethodFacts
    beside: bool = False


@dataclass(frozen=True, slots=True)
class CardPage:
    """A page that waits for its card: the gateway's id of it, and its address."""

    id: str
    address: str


class CardDesk(Protocol):
    """A gateway with such pages."""

    name: str

    def takes_cards(self, partner_id: UUID) -> bool:
        """Whether customers of the partner can enter a card there now; in the open scope."""

    def card_page(self, partner_id: UUID, wish: CardWish) -> CardPage:
        """A new page. Raises GatewayDown, GatewayRefusal. Opens scopes of its own."""

    def entered_card(self, partner_id: UUID, about: str) -> EnteredCard | None:
        """What was entered on the page, or what `about` else stands for; None while nothing was, and for what is not
        this partner's. Raises GatewayDown."""

    def bank_page(self, partner_id: UUID, charge: str, back: str) -> str:
        """The address at which the customer confirms the charge, which the gateway knows by this id, and is led `back`
        from; empty where nothing waits to be confirmed any more. Raises GatewayDown. Opens scopes of its own."""

    def detach(self, partner_id: UUID, ref: str) -> None:
        """Lets a card go, so that it can be charged no more; one that is gone already, or that the gateway does not
        know, is done. Raises GatewayDown; then it may be asked again. Opens scopes of its own."""

    def cards_since(self, partner_id: UUID, since: datetime) -> Sequence[EnteredCard]:
        """What was entered on pages that were made at that instant or later. Raises GatewayDown."""
