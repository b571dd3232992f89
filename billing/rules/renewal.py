"""The next term: its dates, its price, its invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from billing.documents.states import InvoiceKind, LineKind
from billing.rules.addons import PRICE_FOR_PERIOD, addon_lines, carried_addons, with_addons
from billing.rules.changes.effect import on_new_deal
from billing.rules.coupons import discounted
from billing.rules.facts import BillingFacts
from billing.rules.first_period import first_lines, first_period, once_lines
from billing.rules.plan import InvoiceDraft, LineDraft
from billing.rules.taxing import invoice_of
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.period import Period, nth_period, period_on
from partnerpanel.policy.rules.catchup import Catchup
from subscriptions.rules.changes import ChangeState

# The id of an invoice that is only looked at beforehand.
NOT_WRITTEN = UUID(int=0)


def at_renewal(facts: BillingFacts) -> BillingFacts:
    """The subscription as its next term is bought: on the plan agreed for then, with the add-ons that go on."""
    if facts.addons:
        facts = with_addons(facts, carried_addons(facts))
    if facts.change is None or facts.change.state is not ChangeState.SCHEDULED:
        return facts
    return on_new_deal(facts, facts.change.deal)


def at_announced_price(facts: BillingFacts, starts_on: date) -> BillingFacts:
    """The subscription as a period that begins on that day is bought: at the price announced for it, if one is."""
    price = facts.next_price
    if price is None or not price.holds_for(starts_on):
        return facts
    total = price.unit.times(facts.quantity)
    return replace(facts, price=total)


def next_period(facts: BillingFacts, *, now: datetime) -> Period:
    """The dates of the next term.

    Normally the period of the anchor that follows the last term. Another interval than before begins where that ended.
    After a hold that outlasted the term it begins on the day of the release. After an outage with `catchup = latest`
    it is the period that runs today. Before the first one, and of one that
    comes back, it is that, from today on.
    """
    if facts.term is None:
        return first_period(facts, facts.today(now))
    if facts.is_restarting:
        return nth_period(anchor=facts.today(now), interval=facts.interval, n=0)
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


def renewal_invoice(
    facts: BillingFacts, *, id_: UUID, period: Period, on: date, more: Sequence[LineDraft] = ()
) -> InvoiceDraft:
    """What the period costs, and `more` lines where there are, with the taxes of `on`, the day it is issued. The
    customer's balance is applied first."""
    change = facts.change if facts.change and facts.change.state is ChangeState.SCHEDULED else None
    number = facts.term.number + 1 if facts.term else 1
    first = first_lines(facts, period) if facts.term is None else ()
    once = once_lines(facts, period) if facts.term is None else ()
    return invoice_of(
        facts,
        (*(first or priced_lines(at_renewal(facts), period, number)), *once, *more),
        id_=id_,
        kind=InvoiceKind.RENEWAL,
        term_number=number,
        period=period,
        on=on,
        available=facts.balance,
        change_id=change.id if change else None,
    )


def priced_lines(facts: BillingFacts, period: Period, term: int | None) -> tuple[LineDraft, ...]:
    """What a whole period costs: the plan at the price agreed or announced for it, then each recurring add-on.

    `term` is the number of the term that it is, for the coupon; None for days bought ahead, which belong to none.
    """
    plan = discounted(price_line(facts, period), facts.coupon, plan_id=facts.plan_id, term=term)
    return (plan, *addon_lines(facts.addons, facts.interval, period))


def price_line(facts: BillingFacts, period: Period) -> LineDraft:
    """A whole period at what the subscription costs then, and since when where that was announced."""
    facts = at_announced_price(facts, period.starts_on)
    inputs = {
        "plan": facts.plan_name,
        "quantity": str(facts.quantity),
        "price": str(facts.price),
        "from": period.starts_on.isoformat(),
        "to": period.ends_on.isoformat(),
    }
    price = facts.next_price
    if price is not None and price.holds_for(period.starts_on):
        inputs |= {"since": price.from_on.isoformat(), "announced": price.announced_on.isoformat()}
    why = Derivation(PRICE_FOR_PERIOD, inputs)
    return LineDraft(LineKind.PLAN, facts.plan_name, facts.quantity, facts.price, period, why)
