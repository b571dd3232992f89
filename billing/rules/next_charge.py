"""When a subscription is charged next and with how much, or why it is not: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from billing.rules.agenda import next_retry_on
from billing.rules.facts import BillingFacts, CaseFacts, TermFacts
from billing.rules.first_period import first_period
from billing.rules.plan import LineDraft
from billing.rules.renewal import NOT_WRITTEN, next_period, renewal_invoice
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.schedule import deadline_on
from subscriptions.rules.states import SERVED, Lifecycle


class Without(StrEnum):
    """Why nobody will be charged by itself."""

    ENDED = "ended"
    NOT_STARTED = "not_started"
    NOT_BILLED_HERE = "not_billed_here"
    BEING_CHECKED = "being_checked"
    AWAITS_CUSTOMER = "awaits_customer"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    HELD = "held"
    NEW_CARD_NEEDED = "new_card_needed"
    AWAITS_PAYMENT = "awaits_payment"
    DEADLINE_PASSED = "deadline_passed"


@dataclass(frozen=True, slots=True)
class NextCharge:
    """`on` and `amount` of the next charge, with how the amount came about; `without` says why there is none.

    `amount` has the `tax` in it that an invoice of that day carries; `line` says what of it is the price, and why.
    `by_hand`: it falls due then, but nobody is charged by itself. `credit` is taken from the balance.
    """

    on: date | None = None
    amount: Money | None = None
    credit: Money | None = None
    line: LineDraft | None = None
    by_hand: bool = False
    without: Without | None = None
    tax: Money | None = None


def next_charge(facts: BillingFacts, *, now: datetime) -> NextCharge:
    """The next charge as everything stands now; what is due already is dated today."""
    term = facts.term
    reason = _standing(facts)
    if facts.lifecycle is Lifecycle.SCHEDULED and reason is Without.NOT_STARTED:
        return _of_start(facts, now)
    if facts.lifecycle is Lifecycle.INCOMPLETE and facts.case is not None and not facts.is_charging:
        return _of_case(facts, facts.case)
    if reason is not None or term is None:
        return NextCharge(without=reason or Without.NOT_BILLED_HERE)
    if facts.case is not None:
        return _of_case(facts, facts.case)
    if facts.cancel_at_period_end:
        return NextCharge(on=term.period.ends_on, without=Without.CANCELLING)
    if facts.paused_from is not None and facts.paused_from <= term.ends_at:
        return NextCharge(on=term.period.ends_on, without=Without.PAUSED)
    if facts.is_held and now >= term.ends_at:
        return NextCharge(without=Without.HELD)
    return _of_term(facts, term, now)


def _of_start(facts: BillingFacts, now: datetime) -> NextCharge:
    """The first period, on the day it starts; after a trial, on the day that ends."""
    ends = facts.trial_ends_at or facts.starts_at
    if ends is None:
        return NextCharge(without=Without.NOT_STARTED)
    at = max(ends, now)
    draft = renewal_invoice(facts, id_=NOT_WRITTEN, period=first_period(facts, facts.today(at)), on=facts.today(at))
    return NextCharge(
        on=facts.today(at),
        amount=draft.due,
        credit=draft.credit or None,
        line=draft.lines[0],
        by_hand=bool(draft.due) and (facts.method is None or not facts.auto_renew),
        tax=draft.tax or None,
    )


def deadline_of(case: CaseFacts) -> date:
    """The local day from which the case is after grace."""
    return deadline_on(case.policy, first_on=case.first_on).value


def _standing(facts: BillingFacts) -> Without | None:
    if facts.lifecycle is Lifecycle.ENDED:
        return Without.ENDED
    if facts.lifecycle not in SERVED:
        return Without.NOT_STARTED
    if facts.is_charging:
        return Without.AWAITS_CUSTOMER if facts.awaits_customer else Without.BEING_CHECKED
    return Without.PAUSED if facts.is_paused or facts.awaits_cut_over else None


def _of_case(facts: BillingFacts, case: CaseFacts) -> NextCharge:
    due = facts.invoice.due if facts.invoice else None
    if case.over:
        return NextCharge(amount=due, without=Without.DEADLINE_PASSED)
    retry = next_retry_on(facts, case)
    if retry is not None:
        return NextCharge(on=retry, amount=due)
    reason = Without.NEW_CARD_NEEDED if case.is_hard else Without.AWAITS_PAYMENT
    return NextCharge(on=deadline_of(case), amount=due, without=reason)


def _of_term(facts: BillingFacts, term: TermFacts, now: datetime) -> NextCharge:
    on = max(term.period.ends_on, facts.today(now))
    draft = renewal_invoice(facts, id_=NOT_WRITTEN, period=next_period(facts, now=now), on=on)
    return NextCharge(
        on=on,
        amount=draft.due,
        credit=draft.credit or None,
        line=draft.lines[0],
        by_hand=bool(draft.due) and (facts.method is None or not facts.auto_renew),
        tax=draft.tax or None,
    )
