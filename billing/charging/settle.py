"""The one place where an answer becomes money: worker, webhook, return page and sweep all end here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from prometheus_client import Counter

from billing.charging.models import PaymentAttempt
from billing.charging.states import BY_A_PERSON, OPEN, AttemptStatus, Purpose
from billing.charging.waits import next_look, why_parked
from billing.documents.models import Invoice
from billing.gateway.port import CANCELLED, ChargeAnswer, ChargeStatus
from billing.queries.facts import invoice_facts, load
from billing.rules.declined import plan_declined, plan_superseded, plan_waiting
from billing.rules.facts import BillingFacts, InvoiceFacts
from billing.rules.in_turn import plans_in_turn
from billing.rules.paid import payment_of, plan_paid
from billing.rules.plan import AttemptMove, BillingPlan
from billing.services.apply import apply
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.reads import Read
from partnerpanel.tenancy.scope import tenant

CHARGES = Counter("partnerpanel_charges", "Answers of gateways that were settled", ["gateway", "outcome"])


@dataclass(frozen=True, slots=True)
class Answered:
    """What a gateway says of one attempt."""

    attempt_id: UUID
    answer: ChargeAnswer


def settle(partner_id: UUID, answered: Sequence[Answered], *, now: datetime) -> int:
    """Writes what follows from answers, each attempt once: one that is settled already is left alone.

    Opens its own scope. Returns how many attempts moved.
    """
    with tenant(partner_id):
        answers = {one.attempt_id: one.answer for one in answered}
        facts = load(partner_id, set(_SUBSCRIPTIONS(partner_id, answers)), now=now, lock=True)
        asked = [_Asked(*values) for values in _LOCKED(partner_id, answers)]
        invoices = _invoices(partner_id, asked, facts)
        plans = plans_in_turn(
            asked,
            facts=lambda row: facts[row.subscription_id],
            plan=lambda row, its: _plan(row, invoices[row.invoice_id], its, answers[row.pk], now),
        )
        apply(plans, actor=Actor.system(partner_id), action_id=uuid7(), now=now)
    for row in asked:
        CHARGES.labels(row.gateway, answers[row.pk].status.value).inc()
    return len(plans)


class _Asked(NamedTuple):
    """The columns of an attempt that its settlement needs."""

    pk: UUID
    invoice_id: UUID
    subscription_id: UUID
    ordinal: int
    purpose: str
    status: str
    amount: int
    currency: str
    gateway: str
    method_id: UUID
    method_text: str
    made_at: datetime
    first_asked_at: datetime | None
    attempts: int

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


def _open(partner_id: UUID, ids: Collection[UUID]) -> QuerySet[PaymentAttempt]:
    return PaymentAttempt.objects.for_partner(partner_id).filter(pk__among=ids, status__in=OPEN)


_SUBSCRIPTIONS = Read(lambda partner_id, ids: _open(partner_id, ids).values_list("subscription_id", flat=True))
_LOCKED = Read(
    lambda partner_id, ids: (
        _open(partner_id, ids).select_for_update(of=("self",)).order_by("pk").values_list(*_Asked._fields)
    )
)


def _invoices(
    partner_id: UUID, asked: Sequence[_Asked], facts: Mapping[UUID, BillingFacts]
) -> dict[UUID, InvoiceFacts]:
    """What was asked for: nearly always the open invoice of the subscription."""
    found = {one.id: one for its in facts.values() for one in (its.invoice, its.change_invoice) if one}
    others = [row.invoice_id for row in asked if row.invoice_id not in found]
    if others:
        rows = Invoice.objects.for_partner(partner_id).filter(pk__among=others)
        found |= {row.pk: invoice_facts(row) for row in rows}
    return found


def _plan(row: _Asked, invoice: InvoiceFacts, facts: BillingFacts, answer: ChargeAnswer, now: datetime) -> BillingPlan:
    move = AttemptMove(
        row.pk,
        AttemptStatus(answer.status.value),
        answer.gateway_id,
        answer.decline.code if answer.decline else "",
        answer.decline.kind.value if answer.decline else "",
        answer.action_url,
    )
    purpose = Purpose(row.purpose)
    if contradiction := _contradiction(row, answer):
        doubt = AttemptMove(row.pk, AttemptStatus.UNKNOWN, answer.gateway_id, again_at=now, parked=contradiction)
        return plan_waiting(facts, answer=doubt, ordinal=row.ordinal, is_told=True)
    if answer.status is ChargeStatus.SUCCEEDED:
        payment = payment_of(
            row.pk,
            invoice,
            id_=uuid7(),
            gateway=row.gateway,
            gateway_id=answer.gateway_id,
            text=row.method_text,
            on=facts.today(now),
        )
        return plan_paid(facts, invoice, payment, by_person=purpose in BY_A_PERSON, now=now, settled=move)
    if answer.status is ChargeStatus.DECLINED:
        if facts.method is not None and _is_superseded(row, facts, answer):
            return plan_superseded(facts, invoice, facts.method, answer=move, new_id=uuid7())
        if answer.refusal is not None:
            move = AttemptMove(row.pk, AttemptStatus.DECLINED, "", answer.refusal.code, "hard")
        return plan_declined(
            facts,
            invoice_id=invoice.id,
            answer=move,
            purpose=purpose,
            ordinal=row.ordinal,
            now=now,
            new_id=uuid7(),
        )
    return plan_waiting(
        facts, answer=_open_still(row, move, answer, now), ordinal=row.ordinal, is_told=row.status == move.status
    )


def _open_still(row: _Asked, move: AttemptMove, answer: ChargeAnswer, now: datetime) -> AttemptMove:
    """It is looked at again, later each time, and in the end by a person: nobody's word has to reach us."""
    age, silent = now - row.made_at, system_now() - (row.first_asked_at or system_now())
    wait = next_look(move.status, looks=row.attempts, age=age)
    parked = why_parked(move.status, age=age, silent=silent, is_known=answer.amount is not None)
    return replace(move, again_at=now + wait, parked=parked)


def _is_superseded(row: _Asked, facts: BillingFacts, answer: ChargeAnswer) -> bool:
    """Whether it was taken back while the customer has another card, which may be charged instead. Whoever hears of it
    first sees the same: a worker, or a webhook that tells what one did before it was killed."""
    taken_back = answer.decline is not None and answer.decline.code == CANCELLED
    other = facts.method is not None and facts.method.id != row.method_id
    return taken_back and other and not facts.charging_stopped


def _contradiction(row: _Asked, answer: ChargeAnswer) -> str:
    """What the gateway holds under our key is not what we asked for: nothing is booked, a person looks."""
    if answer.status is ChargeStatus.UNKNOWN and answer.refusal is not None:
        return f"The gateway refuses the question: {answer.refusal.message}"
    if answer.status is ChargeStatus.SUCCEEDED and answer.amount not in (None, row.money):
        return f"The gateway charged {answer.amount} under this key, not {row.money}."
    return ""
