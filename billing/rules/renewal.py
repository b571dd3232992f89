"""The next term: its dates, its price, its invoice."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from billing.documents.states import InvoiceKind, LineKind
from billing.rules.changes.effect import on_new_deal
from billing.rules.facts import BillingFacts
from billing.rules.plan import InvoiceDraft, LineDraft
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period, nth_period, period_on
from partnerpanel.policy.rules.catchup import Catchup
from subscriptions.rules.changes import ChangeState

# The derivation of a plan's line.
PRICE_FOR_PERIOD = "price_for_period"


def at_renewal(facts: BillingFacts) -> BillingFacts:
    """The subscription as its next term is bought: on the plan that was agreed for then."""
    if facts.change is None or facts.change.state is not ChangeState.SCHEDULED:
        return facts
    return on_new_deal(facts, facts.change.deal)


def next_period(facts: BillingFacts, *, now: datetime) -> Period:
    """The dates of the next term.

    Normally the period of the anchor that follows the last term. Another interval than before begins where that ended.
    After a hold that outlasted the term it begins on the day of the release. After an outage with `catchup = latest`
    it is the period that runs today.
    """
    if facts.term is None:
        raise ValueError("a subscription without a term has no next one")
    today, last, interval = facts.today(now), facts.term.period, at_renewal(facts).interval
    if facts.renewal_waits and today > last.ends_on:
        return nth_period(anchor=today, interval=interval, n=0)
    following = max(last.ends_on, today) if facts.policy.policy.catchup is Catchup.LATEST else last.ends_on
    anchor = facts.anchor_on if interval == facts.interval else last.ends_on
    _, period = period_on(anchor=anchor, interval=interval, day=following)
    return Period(max(period.starts_on, last.ends_on), period.ends_on)


def anchor_after(facts: BillingFacts, period: Period, *, now: datetime) -> date:
    """The anchor that the period's successors are counted from: it moves when a hold, a payment or another interval
    moved it."""
    waited = facts.term is not None and facts.renewal_waits and facts.today(now) > facts.term.period.ends_on
    return period.starts_on if waited or at_renewal(facts).interval != facts.interval else facts.anchor_on


def renewal_invoice(facts: BillingFacts, *, id_: UUID, period: Period) -> InvoiceDraft:
    """One line: the price agreed for one interval. The customer's balance is applied first."""
    if facts.term is None:
        raise ValueError("a subscription without a term is not renewed")
    change = facts.change if facts.change and facts.change.state is ChangeState.SCHEDULED else None
    number, facts = facts.term.number + 1, at_renewal(facts)
    why = Derivation(
        PRICE_FOR_PERIOD,
        {
            "plan": facts.plan_name,
            "quantity": str(facts.quantity),
            "price": str(facts.price),
            "from": period.starts_on.isoformat(),
            "to": period.ends_on.isoformat(),
        },
    )
    line = LineDraft(LineKind.PLAN, facts.plan_name, facts.quantity, facts.price, period, why)
    available = facts.balance or Money.zero(facts.price.currency)
    return InvoiceDraft(
        id=id_,
        kind=InvoiceKind.RENEWAL,
        term_number=number,
        period=period,
        lines=(line,),
        total=facts.price,
        credit=Money(min(available.amount, facts.price.amount), facts.price.currency),
        change_id=change.id if change else None,
    )
