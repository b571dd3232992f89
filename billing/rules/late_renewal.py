"""Renewing after the deadline: a new term from the day of the payment, and the fee that the policy asks for it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.documents.states import LineKind
from billing.rules.facts import BillingFacts, CaseFacts, TermFacts
from billing.rules.plan import InvoiceDraft, LineDraft
from billing.rules.renewal import at_renewal, renewal_invoice
from partnerpanel.kernel.period import Period, nth_period, period_on
from partnerpanel.policy.rules.late_fee import late_fee
from partnerpanel.policy.rules.schedule import deadline_on


def late_renewal(facts: BillingFacts, *, id_: UUID, now: datetime, waive_fee: bool = False) -> InvoiceDraft:
    """The full price of the plan that is bought now, from today on, and the fee unless it is waived."""
    period = nth_period(anchor=facts.today(now), interval=at_renewal(facts).interval, n=0)
    fee = () if waive_fee or facts.case is None or facts.term is None else _fee(facts, facts.case, facts.term, period)
    return renewal_invoice(facts, id_=id_, period=period, on=facts.today(now), more=fee)


def _fee(facts: BillingFacts, case: CaseFacts, term: TermFacts, period: Period) -> tuple[LineDraft, ...]:
    """By the days of grace, from the due date to the deadline, of the period that was not paid."""
    _, unpaid = period_on(anchor=facts.anchor_on, interval=facts.interval, day=term.period.ends_on)
    grace_days = (deadline_on(case.policy, first_on=case.first_on).value - case.first_on).days
    fee = late_fee(case.policy, price=facts.price, grace_days=grace_days, period_days=unpaid.days)
    return (LineDraft(LineKind.FEE, facts.plan_name, 1, fee.value, period, fee.why),) if fee.value else ()
