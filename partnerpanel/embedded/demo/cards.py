"""Which card a customer has, so that the engine brings it into the state that its case asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from billing.gateway.registry import gateway_named
from billing.gateway.sandbox.methods import DECLINES_ON_RENEWAL, HARD_DECLINE, OK
from billing.methods.services import add_method
from partnerpanel.embedded.demo.cases import Case
from partnerpanel.embedded.demo.office import Office
from partnerpanel.embedded.demo.shapes import CustomerDraft

CARDS = {
    Case.RETRYING: DECLINES_ON_RENEWAL,
    Case.GRACE: DECLINES_ON_RENEWAL,
    Case.DELINQUENT: DECLINES_ON_RENEWAL,
    Case.FROZEN: DECLINES_ON_RENEWAL,
    Case.CLOSED_CARD: HARD_DECLINE,
    Case.BY_HAND: "",
    Case.CUT_OVER: "",
}


def card_for(case: Case) -> str:
    """The sandbox's name of the card; empty for a customer without one."""
    return CARDS.get(case, OK)


def give_cards(customers: Sequence[tuple[UUID, CustomerDraft]], office: Office, at: datetime) -> None:
    """Puts the cards on file, in the open scope."""
    gateway = gateway_named("sandbox")
    for customer_id, draft in customers:
        if draft.card:
            facts = gateway.describe_method(office.partner.pk, draft.card)
            add_method(customer_id, gateway=gateway.name, ref=draft.card, facts=facts, actor=office.system, now=at)
