"""Credit by hand: added to a customer's balance, and taken back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.ledger.states import CreditReason
from billing.services import credit as services
from billing.services.credit import Credit, CreditTakenBack, InvalidCredit
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.events.consumers import Foreseen, foresee
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

__all__ = [
    "Credit",
    "CreditReason",
    "CreditTakenBack",
    "InvalidCredit",
    "add_credit",
    "mails_of_credit",
    "take_back_credit",
]


def add_credit(customer_id: UUID, credit: Credit, *, key: UUID, actor: Actor, now: datetime) -> UUID:
    """Once for one key. Raises Forbidden, NotFound, InvalidCredit naming the field."""
    permit(actor, Permission.CREDIT)
    with tenant(actor.partner_id):
        return services.add_credit(customer_id, credit, key=key, actor=actor, now=now)


def take_back_credit(entry_id: UUID, *, note: str, actor: Actor, now: datetime) -> Money:
    """How much was left of it. Raises Forbidden, NotFound, CreditTakenBack, BalanceTooSmall, InvalidCredit."""
    permit(actor, Permission.CREDIT)
    with tenant(actor.partner_id):
        return services.take_back_credit(entry_id, note=note, actor=actor, now=now)


def mails_of_credit(customer_id: UUID, credit: Credit, *, actor: Actor) -> list[Foreseen]:
    """The mails that adding it would send, in a scope of its own."""
    with tenant(actor.partner_id):
        return list(foresee([services.credit_event(customer_id, credit, uuid7())]))
