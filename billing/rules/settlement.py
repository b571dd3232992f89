"""What follows from a gateway's answer, or from money that a person recorded: pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from billing.charging.states import BY_A_PERSON, AttemptStatus, Purpose
from billing.documents.states import InvoiceStatus, PaymentSource
from billing.rules.facts import BillingFacts, InvoiceFacts
from billing.rules.plan import (
    AttemptMove,
    BillingPlan,
    CaseDraft,
    InvoiceDraft,
    InvoiceMove,
    PaymentDraft,
    TermDraft,
    own_event,
)
from billing.rules.renewal import anchor_after
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.period import Period, shifted
from partnerpanel.policy.rules.grace import RenewInside
from partnerpanel.policy.rules.schedule import deadline_on, retry_dates
from subscriptions.rules.movements import counted, said
from subscriptions.rules.states import Collection, Lifecycle

GRANTED_IN_GRACE = "paid_in_grace"


def plan_declined(
    facts: BillingFacts, *, invoice_id: UUID, answer: AttemptMove, purpose: Purpose, ordinal: int, now: datetime
) -> BillingPlan:
    """A decline: the case opens or goes on. A hard one ends the automatic charges; a new card is asked for.

    A charge that a person asked for does not count as one of the automatic ones.
    """
    today, hard = facts.today(now), answer.decline_kind == "hard"
    coming, deadline = _ahead(facts, purpose=purpose, hard=hard, today=today)
    event = own_event(
        facts,
        "subscription.payment_failed",
        attempt=ordinal,
        hard=hard,
        code=answer.decline_code,
        asked=purpose in BY_A_PERSON,
        retries=[day.isoformat() for day in coming],
        until=deadline.isoformat(),
    )
    if facts.case is None:
        values: dict[str, Any] = {
            "invoice_id": invoice_id,
            "first_on": today,
            "last_attempt_on": today,
            "attempts": 1,
            "is_hard": hard,
            "policy": facts.policy.snapshot(),
            "opened_at": now,
        }
        case = CaseDraft(None, values)
    elif purpose in BY_A_PERSON:
        case = CaseDraft(facts.case.id, {"is_hard": hard, "last_attempt_on": today})
    else:
        values = {"last_attempt_on": today, "attempts": facts.case.attempts + 1, "is_hard": facts.case.is_hard or hard}
        case = CaseDraft(facts.case.id, values)
    collection = facts.collection if facts.collection is not Collection.CURRENT else Collection.RETRYING
    # After the deadline every try to pay is for a term of its own day: what this one was for is owed no more.
    over = facts.case is not None and facts.case.over
    move, voided = voiding(facts) if over else (None, ())
    values = {"collection": collection}
    return BillingPlan(facts, events=(event, *voided), values=values, settled=answer, case=case, move=move)


def voiding(facts: BillingFacts) -> tuple[InvoiceMove | None, tuple[EventDraft, ...]]:
    """Takes the open renewal invoice back, and what it had taken from the balance with it; nothing where none is."""
    invoice = facts.invoice
    if invoice is None:
        return None, ()
    event = EventDraft("invoice.voided", "invoice", invoice.id, invoice.version + 1, facts.customer_id)
    return InvoiceMove(invoice.id, invoice.version, InvoiceStatus.VOID, given_back=invoice.credit), (event,)


def _ahead(facts: BillingFacts, *, purpose: Purpose, hard: bool, today: date) -> tuple[tuple[date, ...], date]:
    """The automatic charges still to come after this decline, and the deadline."""
    policy = facts.case.policy if facts.case else facts.policy
    first_on = facts.case.first_on if facts.case else today
    deadline = deadline_on(policy, first_on=first_on).value
    if hard or not facts.auto_renew:
        return (), deadline
    done = facts.case.attempts - (purpose in BY_A_PERSON) if facts.case else 0
    dates = retry_dates(policy, first_on=first_on, deadline_on=deadline).value[max(done, 0) :]
    return tuple(day for day in dates if day > today), deadline


def plan_waiting(facts: BillingFacts, *, answer: AttemptMove, ordinal: int) -> BillingPlan:
    """The gateway waits, for its bank or for the customer; the customer is told once what to confirm."""
    events: tuple[EventDraft, ...] = ()
    if answer.status is AttemptStatus.ACTION_REQUIRED:
        kind = "subscription.payment_needs_confirmation"
        events = (own_event(facts, kind, attempt=ordinal, attempt_id=str(answer.id)),)
    return BillingPlan(facts, events=events, settled=answer)


def plan_paid(
    facts: BillingFacts,
    invoice: InvoiceFacts,
    payment: PaymentDraft,
    *,
    by_person: bool,
    now: datetime,
    settled: AttemptMove | None = None,
    new_invoice: InvoiceDraft | None = None,
    first_event: EventDraft | None = None,
) -> BillingPlan:
    """Money for the whole of a renewal: the next term opens, the case closes, a nonpayment hold goes.

    What was paid beyond the invoice goes to the balance.
    """
    term, anchor = _term(facts, invoice, by_person=by_person, now=now)
    data = {
        "subscription": str(facts.subscription_id),
        "invoice": str(invoice.id),
        "amount": [payment.amount.amount, payment.amount.currency],
        "from": term.period.starts_on.isoformat(),
        "on": term.period.ends_on.isoformat(),
    }
    received = EventDraft("payment.received", "payment", payment.id, 1, facts.customer_id, data)
    paid = EventDraft("invoice.paid", "invoice", invoice.id, invoice.version + 1, facts.customer_id)
    surplus = payment.amount - invoice.due
    events = [first_event] if first_event else []
    return BillingPlan(
        facts,
        events=(*events, received, paid, _renewed(facts, term)),
        values=_current(anchor),
        invoice=new_invoice,
        move=InvoiceMove(invoice.id, invoice.version, InvoiceStatus.PAID, invoice.due),
        settled=settled,
        payment=payment,
        term=term,
        case=CaseDraft(facts.case.id, {"closed_at": now}) if facts.case else None,
        release=facts.case is not None and facts.case.over,
        surplus=surplus if surplus else None,
    )


def plan_paid_from_balance(
    facts: BillingFacts, invoice: InvoiceDraft, *, first_event: EventDraft, now: datetime
) -> BillingPlan:
    """The balance covers the renewal: paid as it is issued, and nobody is charged."""
    paid = EventDraft("invoice.paid", "invoice", invoice.id, 2, facts.customer_id)
    term = TermDraft(invoice.term_number, invoice.period)
    return BillingPlan(
        facts,
        events=(first_event, paid, _renewed(facts, term)),
        values=_current(anchor_after(facts, invoice.period, now=now)),
        invoice=invoice,
        move=InvoiceMove(invoice.id, 1, InvoiceStatus.PAID, invoice.due),
        term=term,
    )


def _current(anchor: date) -> dict[str, Any]:
    return {
        "lifecycle": Lifecycle.ACTIVE,
        "collection": Collection.CURRENT,
        "anchor_on": anchor,
        "reminded_on": None,
        "renewal_waits": False,
    }


def _renewed(facts: BillingFacts, term: TermDraft) -> EventDraft:
    """The first paid period of a trial is where its recurring revenue begins."""
    moved = said(counted(facts.lifecycle, facts.mrr), facts.mrr)
    return own_event(facts, "subscription.renewed", term=term.number, until=term.period.ends_on.isoformat(), **moved)


def _term(facts: BillingFacts, invoice: InvoiceFacts, *, by_person: bool, now: datetime) -> tuple[TermDraft, date]:
    """The term that was paid for, and the anchor from now on.

    An automatic charge keeps the schedule. A person who pays in grace with `extend` gets a full term after that day;
    the days on top are recorded as free.
    """
    today, period = facts.today(now), invoice.period
    case = facts.case
    if case is not None and case.over:  # bought anew: the term begins on the day of the payment
        return TermDraft(invoice.term_number, period), period.starts_on
    extends = (
        by_person
        and case is not None
        and case.in_grace
        and not case.over
        and case.policy.policy.grace.renew_inside is RenewInside.EXTEND
    )
    if not extends or today <= period.starts_on:
        return TermDraft(invoice.term_number, period), anchor_after(facts, period, now=now)
    ends_on = shifted(today, facts.interval, 1)
    granted = (ends_on - period.ends_on).days
    return TermDraft(invoice.term_number, Period(period.starts_on, ends_on), granted, GRANTED_IN_GRACE), today


def payment_of(
    attempt_id: UUID, invoice: InvoiceFacts, *, id_: UUID, gateway: str, gateway_id: str, text: str, on: date
) -> PaymentDraft:
    """The payment that a successful attempt makes."""
    return PaymentDraft(
        id_, invoice.id, PaymentSource.CARD, invoice.due, on, attempt_id, gateway, gateway_id, method_text=text
    )
