"""Credit that somebody adds to a customer's balance by hand, and its taking back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from billing.ledger.models import LedgerEntry
from billing.ledger.states import GRANTED, TAKEN_BACK, CreditReason
from billing.queries.balance import given_credit
from billing.services.ledger import Movement, move
from billing.services.recover import BalanceTooSmall
from customers.queries.facts import identities
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money, exponent
from partnerpanel.tenancy.actor import Actor

NOTE_LENGTH = 500
# In minor units: what is more than this was mistyped.
MOST = 10_000_000_000


class InvalidCredit(DomainError):
    """A credit with an amount, a reason or a note that makes no sense; `field` names which."""

    code = "invalid_credit"


class CreditTakenBack(Conflict):
    """The credit was taken back already."""

    code = "credit_taken_back"


@dataclass(frozen=True, slots=True)
class Credit:
    """What is added, why, a note for the team, and whether the customer is told."""

    amount: Money
    reason: CreditReason
    note: str
    tells: bool = False


def add_credit(customer_id: UUID, credit: Credit, *, key: UUID, actor: Actor, now: datetime) -> UUID:
    """Adds to the customer's balance, in the open scope; the entry's id, which is `key`: asked for twice with one key
    it is added once. The next invoice takes it. Raises NotFound, InvalidCredit naming the field.
    """
    _check(credit)
    _lock(customer_id, actor)
    if LedgerEntry.objects.for_partner(actor.partner_id).filter(pk=key, customer=customer_id).exists():
        return key
    movement = Movement(id=key, customer_id=customer_id, amount=credit.amount, reason=GRANTED)
    move(actor.partner_id, [movement], now=now)
    record([credit_event(customer_id, credit, key)], actor=actor, action_id=uuid7(), now=now)
    return key


def credit_event(customer_id: UUID, credit: Credit, key: UUID) -> EventDraft:
    """What the customer's history says of it, and the mail, if one goes out, is made from."""
    data = {
        "amount": [credit.amount.amount, credit.amount.currency],
        "reason": credit.reason.value,
        "tells": credit.tells,
    }
    return EventDraft("balance.credited", "credit", key, 1, customer_id, data, {"note": credit.note.strip()})


def take_back_credit(entry_id: UUID, *, note: str, actor: Actor, now: datetime) -> Money:
    """Counter-books a credit as far as the balance still holds it, once; how much that was. In the open scope.

    Raises NotFound, CreditTakenBack, BalanceTooSmall where all of it is spent, InvalidCredit for a note.
    """
    _check_note(note)
    customer_id = given_credit(actor.partner_id, entry_id).customer_id
    _lock(customer_id, actor)
    if LedgerEntry.objects.for_partner(actor.partner_id).filter(reverses_id=entry_id).exists():
        raise CreditTakenBack("This credit was taken back already.")
    taken = given_credit(actor.partner_id, entry_id).left
    if not taken:
        raise BalanceTooSmall(_("All of the balance is spent: nothing is left to take back."))
    movement = Movement(customer_id=customer_id, amount=-taken, reason=TAKEN_BACK, reverses_id=entry_id)
    move(actor.partner_id, [movement], now=now)
    data = {"amount": [taken.amount, taken.currency]}
    words = {"note": note.strip()}
    event = EventDraft("balance.credit_taken_back", "credit", entry_id, 2, customer_id, data, words)
    record([event], actor=actor, action_id=uuid7(), now=now)
    return taken


def _check(credit: Credit) -> None:
    exponent(credit.amount.currency)
    if not 1 <= credit.amount.amount <= MOST:
        raise InvalidCredit("An amount is above zero, and not larger than anybody would give.", field="amount")
    _check_note(credit.note)


def _check_note(note: str) -> None:
    if not 1 <= len(note.strip()) <= NOTE_LENGTH:
        raise InvalidCredit("Give a note of at most 500 letters; your team reads it.", field="note")


def _lock(customer_id: UUID, actor: Actor) -> None:
    if customer_id not in identities(actor.partner_id, {customer_id}, lock=True):
        raise NotFound("There is no such customer.", field="customer")
