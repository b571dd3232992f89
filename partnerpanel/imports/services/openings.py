"""What customers bring along, written by an import; the cards checked and taken over before the cut-over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from billing.queries.openings import WaitingOpenings, cards_to_adopt, waiting_openings
from billing.services.adopt_cards import Verified, adopt_brought, wrong_cards
from billing.services.openings import NewOpening, put_openings
from partnerpanel.imports.rules.problems import Problem
from partnerpanel.imports.rules.steps import RowPlan, Step
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

CHUNK = 200


def write_openings(
    rows: Sequence[RowPlan], customers: Mapping[int, UUID], subscriptions: Mapping[int, UUID], *, partner_id: UUID
) -> None:
    """In the open scope, after the customers and subscriptions."""
    new = []
    for row in rows:
        opening, number = row.opening, row.record.row
        if opening is not None and opening.step in (Step.CREATE, Step.UPDATE):
            new.append(NewOpening(customers[number], subscriptions.get(number), number, opening.brought))
    put_openings(new, partner_id=partner_id)


def brought(partner_id: UUID) -> WaitingOpenings:
    """What the cut-over would open; writes nothing."""
    with tenant(partner_id):
        return waiting_openings(partner_id)


def check_cards(partner_id: UUID) -> list[Problem]:
    """Asks the gateway for each card that is not taken over yet whether it is there and whose it is; writes nothing.

    Raises GatewayDown. Opens scopes of its own.
    """
    return _told(partner_id, lambda cards: wrong_cards(partner_id, cards))


def take_cards(partner_id: UUID, *, now: datetime) -> list[Problem]:
    """Takes over every card that the gateway confirms; the others are told, and wait. As `check_cards` otherwise."""
    return _told(partner_id, lambda cards: adopt_brought(cards, actor=Actor.system(partner_id), now=now))


def _told(partner_id: UUID, ask: Callable[[Sequence[tuple[UUID, str, str]]], Sequence[Verified]]) -> list[Problem]:
    with tenant(partner_id):
        cards = cards_to_adopt(partner_id)
    rows = {customer: row for row, customer, *_ in cards}
    wrong: list[Verified] = []
    for start in range(0, len(cards), CHUNK):
        wrong += ask([(customer, ref, method) for _, customer, ref, method in cards[start : start + CHUNK]])
    what, column = "cannot be taken over from Stripe", "payment_method"
    return [
        Problem(rows[one.adopted.customer_id], column, what, one.adopted.method, f"a card of its own: {one.problem}")
        for one in wrong
    ]
