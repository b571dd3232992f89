"""The one place where a gateway's answer about a refund becomes money: worker, webhook and sweep all end here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from billing.gateway.port import RefundAnswer
from billing.refunds.models import Refund
from billing.refunds.states import FOLLOWS, OPEN, RefundStatus
from billing.services.ledger import Movement, move
from billing.services.refunds import hold_back
from customers.queries.facts import identities
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

WAITS = [timedelta(seconds=seconds) for seconds in (20, 60, 300, 900)]
# A bank takes 5 to 10 days; a gateway that has not said how it ended by then is asked by a person.
LOOK_EVERY = timedelta(days=1)
ON_ITS_WAY_FOR = timedelta(days=30)
LOOK_FOR = timedelta(days=3)
SILENT = "The gateway gives no answer about this refund."


@dataclass(frozen=True, slots=True)
class Answered:
    """What a gateway says of one refund; `failure` is why it gives nothing back, `contradiction` why a person looks."""

    refund_id: UUID
    answer: RefundAnswer
    failure: str = ""
    contradiction: str = ""


def settle_refunds(partner_id: UUID, answered: Sequence[Answered], *, now: datetime) -> int:
    """Writes what follows from answers, each as far as it may still: one that has ended is left alone.

    Opens its own scope. Returns how many refunds moved.
    """
    with tenant(partner_id):
        answers = {one.refund_id: one for one in answered}
        mine = Refund.objects.for_partner(partner_id).filter(pk__in=answers)
        identities(partner_id, set(mine.values_list("customer_id", flat=True)), lock=True)
        rows = list(mine.select_for_update(of=("self",)).order_by("pk"))
        moved = [event for row in rows if (event := _settle(row, answers[row.pk], now)) is not None]
        record([event for event in moved if event.kind], actor=Actor.system(partner_id), action_id=uuid7(), now=now)
    return len(moved)


def _settle(row: Refund, said: Answered, now: datetime) -> EventDraft | None:
    """Moves one refund; None where nothing moves. An event without a kind is none."""
    before, after = RefundStatus(row.status), RefundStatus(said.answer.status.value)
    if contradiction := said.contradiction or _contradiction(row, said.answer):
        return _wait(row, RefundStatus.UNKNOWN, said, now, parked=contradiction) if before in OPEN else None
    if after not in FOLLOWS[before]:
        return None
    if after in (RefundStatus.UNKNOWN, RefundStatus.PENDING):
        return _wait(row, after, said, now, parked="")
    row.settled_at, row.due_at, row.parked_at = now, None, None
    row.failure_code = said.failure[:60]
    if after is RefundStatus.FAILED:
        _give_back(row, now)
    return _moved(row, after, said)


def _wait(row: Refund, status: RefundStatus, said: Answered, now: datetime, *, parked: str) -> EventDraft:
    """Looked at again, later each time, and in the end by a person."""
    asked_at = row.first_asked_at or system_now()
    if status is RefundStatus.PENDING:
        row.due_at = now + LOOK_EVERY
        silent = now - row.requested_at > ON_ITS_WAY_FOR
    else:
        row.due_at = now + WAITS[min(max(row.attempts, 1), len(WAITS)) - 1]
        silent = system_now() - asked_at > LOOK_FOR
    row.last_error = parked or (SILENT if silent else "")
    row.parked_at = now if row.last_error else None
    return _moved(row, status, said)


def _moved(row: Refund, status: RefundStatus, said: Answered) -> EventDraft:
    is_new = status != row.status
    row.status, row.leased_until = status, None
    row.gateway_id = said.answer.gateway_id[:100] or row.gateway_id
    row.version += is_new
    row.save(update_fields=Refund.updatable)
    data: dict[str, Any] = {"amount": [row.amount, row.currency]}
    named = {"subscription": row.subscription_id, "payment": row.payment_id, "credit_note": row.credit_note_id}
    data |= {name: str(id_) for name, id_ in named.items() if id_}
    return EventDraft(f"refund.{status}" if is_new else "", "refund", row.pk, row.version, row.customer_id, data)


def _give_back(row: Refund, now: datetime) -> None:
    """What did not go back can go back again: the payment has it left, and the customer has it in credit."""
    if row.payment is not None:
        hold_back(row.partner_id, row.payment_id, payment_amount=row.payment.money, refunded=-row.money)
    back = Movement(customer_id=row.customer_id, amount=row.money, reason="refund_failed", refund_id=row.pk)
    move(row.partner_id, [back], now=now)


def _contradiction(row: Refund, answer: RefundAnswer) -> str:
    """What the gateway holds under our key is not what we asked for: nothing is booked, a person looks."""
    if answer.amount is not None and answer.amount != row.money:
        return f"The gateway gave {answer.amount} back under this key, not {Money(row.amount, row.currency)}."
    return ""
