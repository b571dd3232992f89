"""What follows from a gateway's answer that is no money: a decline, or a charge that waits. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from billing.charging.states import BY_A_PERSON, AttemptStatus, Purpose
from billing.rules.coming import said_coming
from billing.rules.facts import BillingFacts, InvoiceFacts, MethodFacts
from billing.rules.own_events import own_event, said_limits
from billing.rules.papers import issued, voided, voiding
from billing.rules.plan import AttemptDraft, AttemptMove, BillingPlan, CaseDraft, ChangeMove
from billing.rules.renewal import next_period, renewal_invoice
from billing.rules.start import first_payment_needed
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.schedule import deadline_on, retry_dates
from subscriptions.rules.changes import ChangeState, OpenChange
from subscriptions.rules.states import Collection, Lifecycle


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
    said: dict[str, Any] = {
        "attempt": ordinal,
        "hard": hard,
        "code": answer.decline_code,
        "asked": purpose in BY_A_PERSON,
        "retries": [day.isoformat() for day in coming],
    }
    if facts.lifecycle is Lifecycle.INCOMPLETE and facts.invoice is not None:
        event = first_payment_needed(facts, facts.invoice.due, until=deadline, **said)
    else:
        policy = facts.case.policy if facts.case else facts.policy
        said |= (
            _owed(facts)
            | said_limits(policy)
            | said_coming(facts, first_on=facts.case.first_on if facts.case else today)
        )
        event = own_event(facts, "subscription.payment_failed", until=deadline.isoformat(), **said)
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
    move, gone = voiding(facts) if over else (None, ())
    values = {"collection": collection}
    return BillingPlan(facts, events=(event, *gone), values=values, settled=answer, case=case, move=move)


def _owed(facts: BillingFacts) -> dict[str, Any]:
    """What the mail says is due."""
    due = facts.invoice.due if facts.invoice is not None else None
    return {"amount": [due.amount, due.currency]} if due is not None else {}


def plan_superseded(
    facts: BillingFacts, invoice: InvoiceFacts, method: MethodFacts, *, answer: AttemptMove, new_id: UUID
) -> BillingPlan:
    """A charge that waited for the customer was taken back for a new card, which is charged the same at once. That is
    nobody's failure: nothing is counted, and nobody is told of a decline."""
    ordinal = facts.case.attempts + 1 if facts.case else 1
    attempt = AttemptDraft(new_id, invoice.id, ordinal, Purpose.NEW_CARD, invoice.due, method)
    return BillingPlan(facts, settled=answer, attempt=attempt)


def plan_waiting(facts: BillingFacts, *, answer: AttemptMove, ordinal: int, is_told: bool) -> BillingPlan:
    """The gateway waits, for its bank or for the customer; the customer is told once what to confirm."""
    events: tuple[EventDraft, ...] = ()
    if answer.status is AttemptStatus.ACTION_REQUIRED and not is_told:
        kind = "subscription.payment_needs_confirmation"
        events = (own_event(facts, kind, attempt=ordinal, attempt_id=str(answer.id)),)
    return BillingPlan(facts, events=events, settled=answer)


def awaits(facts: BillingFacts, invoice: InvoiceFacts) -> bool:
    """Whether a change waits for this invoice to be paid."""
    change = facts.change
    return change is not None and change.state is ChangeState.AWAITING and invoice.change_id == change.id


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
    void, gone = voiding(facts)
    given = invoice.held or Money.zero(facts.price.currency)
    balance = (facts.balance or Money.zero(facts.price.currency)) + given
    tied = facts.coupon is not None and facts.change is not None and facts.coupon.id == facts.change.id
    old = replace(facts, balance=balance or None, coupon=None if tied else facts.coupon)
    again = renewal_invoice(old, id_=new_id, period=next_period(old, now=now), on=facts.today(now))
    again = replace(again, credit=Money.zero(again.total.currency)) if not again.due else again
    change = facts.change
    if change is None:
        raise ValueError("no change waits for this payment")
    return BillingPlan(
        facts,
        events=(failed, _not_changed(facts, change, answer, 2), *gone, issued(facts, again)),
        values={"collection": collection},
        invoice=again,
        void=void,
        settled=answer,
        case=CaseDraft(case.id, {**case.values, "invoice_id": new_id}),
        changes=(ChangeMove(change.id, ChangeState.FAILED),),
    )


def _change_failed(facts: BillingFacts, answer: AttemptMove) -> BillingPlan:
    """What waited for its payment does not happen: nothing changes, and its invoice is taken back."""
    change, invoice = facts.change, facts.change_invoice
    if change is None or invoice is None:
        raise ValueError("no change waits for this payment")
    move, gone = voided(facts, invoice)
    return BillingPlan(
        facts,
        events=(_not_changed(facts, change, answer), gone),
        settled=answer,
        move=move,
        changes=(ChangeMove(change.id, ChangeState.FAILED),),
    )


def _not_changed(facts: BillingFacts, change: OpenChange, answer: AttemptMove, number: int = 1) -> EventDraft:
    return own_event(
        facts,
        "subscription.change_failed",
        number,
        change=str(change.id),
        what=change.kind.value,
        plan=[str(facts.plan_id), str(change.deal.plan.id)],
        quantity=[facts.quantity, change.deal.quantity],
        code=answer.decline_code,
    )
