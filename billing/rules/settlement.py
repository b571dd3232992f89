"""What follows from a gateway's answer, or from money that a person recorded: pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from billing.charging.states import BY_A_PERSON, AttemptStatus, Purpose
from billing.documents.states import InvoiceKind, InvoiceStatus, PaymentSource
from billing.rules.changes.effect import Effect, effect_of
from billing.rules.facts import BillingFacts, InvoiceFacts
from billing.rules.limits import with_full_access
from billing.rules.plan import (
    AttemptMove,
    BillingPlan,
    CaseDraft,
    ChangeMove,
    CreditNoteDraft,
    InvoiceDraft,
    InvoiceMove,
    PaymentDraft,
    TermDraft,
    own_event,
    said_limits,
)
from billing.rules.renewal import anchor_after, at_announced_price, next_period, renewal_invoice
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period, shifted
from partnerpanel.policy.rules.grace import RenewInside
from partnerpanel.policy.rules.schedule import deadline_on, retry_dates
from subscriptions.rules.changes import ChangeState
from subscriptions.rules.movements import counted, said
from subscriptions.rules.next_price import NextPrice, columns_of
from subscriptions.rules.states import Collection, Lifecycle

GRANTED_IN_GRACE = "paid_in_grace"


def plan_declined(
    facts: BillingFacts,
    *,
    invoice_id: UUID,
    answer: AttemptMove,
    purpose: Purpose,
    ordinal: int,
    now: datetime,
    new_id: UUID,
) -> BillingPlan:
    """A decline: the case opens or goes on. A hard one ends the automatic charges; a new card is asked for.

    A charge that a person asked for does not count as one of the automatic ones. A change that waited for it does not
    happen; where it was to replace an unpaid renewal, that is issued again, as `new_id`.
    """
    if facts.change_invoice is not None and facts.change_invoice.id == invoice_id:
        return _change_failed(facts, answer)
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
        **said_limits(facts.case.policy if facts.case else facts.policy),
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
    if facts.invoice is not None and facts.invoice.id == invoice_id and awaits(facts, facts.invoice):
        return _renewal_again(facts, facts.invoice, case, event, answer, collection, new_id=new_id, now=now)
    # After the deadline every try to pay is for a term of its own day: what this one was for is owed no more.
    over = facts.case is not None and facts.case.over
    move, voided = voiding(facts) if over else (None, ())
    values = {"collection": collection}
    return BillingPlan(facts, events=(event, *voided), values=values, settled=answer, case=case, move=move)


def awaits(facts: BillingFacts, invoice: InvoiceFacts) -> bool:
    """Whether a change waits for this invoice to be paid."""
    change = facts.change
    return change is not None and change.state is ChangeState.AWAITING and invoice.change_id == change.id


def _renewal_again(
    facts: BillingFacts,
    invoice: InvoiceFacts,
    case: CaseDraft,
    failed: EventDraft,
    answer: AttemptMove,
    collection: Collection,
    *,
    new_id: UUID,
    now: datetime,
) -> BillingPlan:
    """The change does not happen, so what was owed before it is owed again."""
    void, voided = voiding(facts)
    given = invoice.credit or Money.zero(facts.price.currency)
    balance = (facts.balance or Money.zero(facts.price.currency)) + given
    old = replace(facts, balance=balance or None)
    again = renewal_invoice(old, id_=new_id, period=next_period(old, now=now))
    again = replace(again, credit=Money.zero(again.total.currency)) if not again.due else again
    change = facts.change
    if change is None:
        raise ValueError("no change waits for this payment")
    dropped = own_event(
        facts,
        "subscription.change_failed",
        2,
        change=str(change.id),
        what=change.kind.value,
        plan=[str(facts.plan_id), str(change.deal.plan.id)],
        code=answer.decline_code,
    )
    return BillingPlan(
        facts,
        events=(failed, dropped, *voided, issued(facts, again)),
        values={"collection": collection},
        invoice=again,
        void=void,
        settled=answer,
        case=CaseDraft(case.id, {**case.values, "invoice_id": new_id}),
        changes=(ChangeMove(change.id, ChangeState.FAILED),),
    )


def issued(facts: BillingFacts, invoice: InvoiceDraft) -> EventDraft:
    """The invoice's own first event."""
    data = {"subscription": str(facts.subscription_id), "term": invoice.term_number}
    return EventDraft("invoice.issued", "invoice", invoice.id, 1, facts.customer_id, data)


def noted(facts: BillingFacts, note: CreditNoteDraft) -> EventDraft:
    """The credit note's own event."""
    data = {
        "subscription": str(facts.subscription_id),
        "reason": note.reason,
        "amount": [note.total.amount, note.total.currency],
    }
    return EventDraft("credit_note.issued", "credit_note", note.id, 1, facts.customer_id, data)


def _change_failed(facts: BillingFacts, answer: AttemptMove) -> BillingPlan:
    """What waited for its payment does not happen: nothing changes, and its invoice is taken back."""
    change, invoice = facts.change, facts.change_invoice
    if change is None or invoice is None:
        raise ValueError("no change waits for this payment")
    event = own_event(
        facts,
        "subscription.change_failed",
        change=str(change.id),
        what=change.kind.value,
        plan=[str(facts.plan_id), str(change.deal.plan.id)],
        code=answer.decline_code,
    )
    voided = EventDraft("invoice.voided", "invoice", invoice.id, invoice.version + 1, facts.customer_id)
    return BillingPlan(
        facts,
        events=(event, voided),
        settled=answer,
        move=InvoiceMove(invoice.id, invoice.version, InvoiceStatus.VOID, given_back=invoice.credit),
        changes=(ChangeMove(change.id, ChangeState.FAILED),),
    )


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
    until: tuple[TermDraft, date] | None = None,
) -> BillingPlan:
    """Money for the whole of a renewal: the next term opens, the case closes, a nonpayment hold goes.

    What was paid beyond the invoice goes to the balance. An invoice that a change waits for lets it happen. `until` is
    the term and its anchor where a person extended it.
    """
    if invoice.kind is not InvoiceKind.RENEWAL:
        return _plan_change_paid(facts, invoice, payment, now=now, settled=settled)
    changed = _changed_with(facts, invoice)
    term, anchor = until or _term(facts, invoice, by_person=by_person, now=now)
    paid = EventDraft("invoice.paid", "invoice", invoice.id, invoice.version + 1, facts.customer_id)
    surplus = payment.amount - invoice.due
    events = [first_event] if first_event else []
    own = [changed.event] if changed else []
    values = changed.values if changed else {}
    plan = BillingPlan(
        facts,
        events=(*events, received(facts, payment, term.period), paid, *own, _renewed(facts, term, changed)),
        values={**_current(anchor), **values},
        invoice=new_invoice,
        move=InvoiceMove(invoice.id, invoice.version, InvoiceStatus.PAID, invoice.due),
        settled=settled,
        payment=payment,
        term=term,
        case=CaseDraft(facts.case.id, {"closed_at": now}) if facts.case else None,
        release=facts.case is not None and facts.case.over,
        surplus=surplus if surplus else None,
        changes=_applied(facts, invoice.change_id, term.number),
    )
    return with_full_access(plan)


def plan_paid_from_balance(
    facts: BillingFacts, invoice: InvoiceDraft, *, first_event: EventDraft, now: datetime
) -> BillingPlan:
    """The balance covers the renewal: paid as it is issued, and nobody is charged."""
    paid = EventDraft("invoice.paid", "invoice", invoice.id, 2, facts.customer_id)
    term = TermDraft(invoice.term_number, invoice.period)
    changed = _changed_with(facts, invoice)
    own = [changed.event] if changed else []
    values = changed.values if changed else {}
    return BillingPlan(
        facts,
        events=(first_event, paid, *own, _renewed(facts, term, changed)),
        values={**_current(anchor_after(facts, invoice.period, now=now)), **values},
        invoice=invoice,
        move=InvoiceMove(invoice.id, 1, InvoiceStatus.PAID, invoice.due),
        term=term,
        changes=_applied(facts, invoice.change_id, term.number),
    )


def _plan_change_paid(
    facts: BillingFacts, invoice: InvoiceFacts, payment: PaymentDraft, *, now: datetime, settled: AttemptMove | None
) -> BillingPlan:
    """Money for a change: it happens now, unless it did before it was paid; then only its collection ends."""
    waited = facts.change_invoice is not None and facts.change_invoice.id == invoice.id
    effect = effect_of(facts, facts.change) if waited and facts.change else None
    paid = EventDraft("invoice.paid", "invoice", invoice.id, invoice.version + 1, facts.customer_id)
    collected = {} if waited else {"collection": Collection.CURRENT}
    surplus = payment.amount - invoice.due
    is_case = facts.case is not None and not waited
    plan = BillingPlan(
        facts,
        events=(received(facts, payment, invoice.period), paid, *([effect.event] if effect else [])),
        values={**(effect.values if effect else {}), **collected},
        move=InvoiceMove(invoice.id, invoice.version, InvoiceStatus.PAID, invoice.due),
        settled=settled,
        payment=payment,
        term=effect.term if effect else None,
        dates=effect.dates if effect else None,
        case=CaseDraft(facts.case.id, {"closed_at": now}) if facts.case and is_case else None,
        release=is_case and facts.case is not None and facts.case.over,
        surplus=surplus if surplus else None,
        changes=_applied(facts, invoice.change_id, effect.term_number if effect else None) if waited else (),
    )
    return with_full_access(plan) if is_case else plan


def received(facts: BillingFacts, payment: PaymentDraft, period: Period) -> EventDraft:
    """The payment's own event, with the days that it pays for."""
    data = {
        "subscription": str(facts.subscription_id),
        "invoice": str(payment.invoice_id),
        "amount": [payment.amount.amount, payment.amount.currency],
        "from": period.starts_on.isoformat(),
        "on": period.ends_on.isoformat(),
    }
    return EventDraft("payment.received", "payment", payment.id, 1, facts.customer_id, data)


def _changed_with(facts: BillingFacts, invoice: InvoiceFacts | InvoiceDraft) -> Effect | None:
    """What this renewal brings: the change that its invoice was made for, or the price announced for its period."""
    if facts.change is not None and invoice.change_id == facts.change.id:
        return effect_of(facts, facts.change, dated=False)
    price = facts.next_price
    return _price_changed(facts, price) if price and price.holds_for(invoice.period.starts_on) else None


def _price_changed(facts: BillingFacts, price: NextPrice) -> Effect:
    """A period is paid at the price that was announced: the subscription costs it from now on."""
    after = at_announced_price(facts, price.from_on)
    event = own_event(
        facts,
        "subscription.price_changed",
        price=[after.price.amount, after.price.currency],
        price_before=[facts.price.amount, facts.price.currency],
        since=price.from_on.isoformat(),
        announced=price.announced_on.isoformat(),
        **said(counted(facts.lifecycle, facts.mrr), counted(facts.lifecycle, after.mrr)),
    )
    return Effect({"price_amount": price.unit.amount, **columns_of(None)}, event, after.mrr)


def _applied(facts: BillingFacts, change_id: UUID | None, term_number: int | None) -> tuple[ChangeMove, ...]:
    if facts.change is None or change_id != facts.change.id:
        return ()
    number = term_number or (facts.term.number if facts.term else None)
    return (ChangeMove(facts.change.id, ChangeState.APPLIED, number),)


def _current(anchor: date) -> dict[str, Any]:
    return {
        "lifecycle": Lifecycle.ACTIVE,
        "collection": Collection.CURRENT,
        "anchor_on": anchor,
        "reminded_on": None,
        "renewal_waits": False,
    }


def _renewed(facts: BillingFacts, term: TermDraft, changed: Effect | None) -> EventDraft:
    """The first paid period of a trial is where its recurring revenue begins."""
    mrr = changed.mrr if changed else facts.mrr
    moved = said(counted(facts.lifecycle, mrr), mrr)
    number = 1 + (changed is not None)
    return own_event(
        facts, "subscription.renewed", number, term=term.number, until=term.period.ends_on.isoformat(), **moved
    )


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
    brought = facts.change is not None and invoice.change_id == facts.change.id
    interval = facts.change.deal.plan.interval if facts.change and brought else facts.interval
    ends_on = max(shifted(today, interval, 1), period.ends_on)
    granted = (ends_on - period.ends_on).days
    return TermDraft(invoice.term_number, Period(period.starts_on, ends_on), granted, GRANTED_IN_GRACE), today


def payment_of(
    attempt_id: UUID, invoice: InvoiceFacts, *, id_: UUID, gateway: str, gateway_id: str, text: str, on: date
) -> PaymentDraft:
    """The payment that a successful attempt makes."""
    return PaymentDraft(
        id_, invoice.id, PaymentSource.CARD, invoice.due, on, attempt_id, gateway, gateway_id, method_text=text
    )
