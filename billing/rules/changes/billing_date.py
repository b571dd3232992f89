"""The day of the next billing moved: the days between are charged, or given back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from billing.documents.states import LineKind
from billing.rules.changes.dates import one_later, term_of
from billing.rules.changes.lines import document_of, running_lines, unused_lines
from billing.rules.changes.outcome import ChangeCaution, ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange, refuse_renewal_due, refuse_unserved, refuse_unsettled
from billing.rules.changes.settle import available_balance, plan_made
from billing.rules.facts import BillingFacts, ChangeFacts, ServiceLine
from billing.rules.plan import LineDraft
from billing.rules.proration import price_of_days
from billing.tax.rules.amounts import tax_total
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period
from partnerpanel.policy.rules.change import Unpaid
from subscriptions.rules.changes import ChangeKind, ChangeState, OpenChange
from subscriptions.rules.states import Lifecycle

BILLING_DATE = "billing_date"


@dataclass(frozen=True, slots=True)
class BillingDateWish:
    """The local day on which it is billed next."""

    on: date


def plan_billing_date(facts: ChangeFacts, wish: BillingDateWish, *, ids: ChangeIds, now: datetime) -> Planned:
    """The new day, which is the anchor from then on. A later one counts once its days are paid.

    Days cost what a day of the running period cost. Raises CannotChange with the reason.
    """
    billing, term = facts.billing, term_of(facts.billing)
    refuse_unserved(billing)
    refuse_unsettled(billing)
    refuse_renewal_due(billing, now)
    _refuse_wish(billing, wish, now)
    change = OpenChange(
        ids.change,
        ChangeKind.BILLING_DATE,
        ChangeState.AWAITING,
        facts.deal,
        ends_on=wish.on,
        anchor_on=wish.on,
    )
    later = wish.on > term.period.ends_on
    lines = _added(facts, wish.on, now) if later else unused_lines(facts, wish.on, kind=LineKind.DAYS)
    document = document_of(
        facts,
        lines,
        id_=ids.document,
        note_id=ids.note,
        reason=BILLING_DATE,
        term_number=term.number,
        on=billing.today(now),
        available=available_balance(billing),
        change_id=ids.change,
    )
    plan, cautions = plan_made(billing, change, document, before=facts.deal, unpaid=Unpaid.WAIT, ids=ids, now=now)
    if not later and not lines and billing.price:
        cautions = (*cautions, ChangeCaution.NOTHING_GIVEN_BACK)
    return Planned(plan, facts.deal, cautions=cautions)


def _added(facts: ChangeFacts, on: date, now: datetime) -> list[LineDraft]:
    """The days between, at the price of the running line ÷ its days; where nothing was paid, at the plan's."""
    term = term_of(facts.billing)
    price, days = _price_of(facts, facts.billing.today(now))
    rest = Period(term.period.ends_on, on)
    value = price_of_days(price=price, days=rest.days, period_days=days)
    plan = LineDraft(LineKind.DAYS, facts.deal.plan.name, facts.deal.quantity, value.value, rest, value.why)
    return [line for line in (plan, *_of_addons(facts, rest, now)) if line.amount]


def _of_addons(facts: ChangeFacts, rest: Period, now: datetime) -> Iterator[LineDraft]:
    """The same days of the add-ons that go with the period; those with an end of their own keep it."""
    today = facts.billing.today(now)
    held = {one.offer.id: one for one in facts.billing.addons if one.recurs}
    for line, period in running_lines(facts, today):
        one = held.get(line.addon) if line.addon else None
        if one is None or period.starts_on > today:
            continue
        value = price_of_days(price=_paid(facts, line, today), days=rest.days, period_days=period.days)
        yield LineDraft(LineKind.DAYS, line.text, one.quantity, value.value, rest, value.why, addon=line.addon)


def _price_of(facts: ChangeFacts, today: date) -> tuple[Money, int]:
    """What was paid for how many days: a line that pays for a part of a period says the price of a day as well."""
    running = [one for one in running_lines(facts, today) if one[0].addon is None]
    around = [(line, period) for line, period in running if period.starts_on <= today]
    if not around:
        return facts.deal.price, term_of(facts.billing).period.days
    line, period = max(around, key=lambda one: one[1].starts_on)
    return _paid(facts, line, today), period.days


def _paid(facts: ChangeFacts, line: ServiceLine, today: date) -> Money:
    paid = line.charged - line.returned
    if line.parts and facts.billing.tax.on(today).is_inclusive:  # a price contains its tax
        paid += tax_total(line.parts, paid.currency).times(Fraction(paid.amount, line.charged.amount))
    return paid


def _refuse_wish(facts: BillingFacts, wish: BillingDateWish, now: datetime) -> None:
    if facts.lifecycle is Lifecycle.TRIALING:
        raise CannotChange("trialing", "A trial is billed when it ends. Extend it instead.")
    if facts.cancel_at_period_end:
        raise CannotChange("cancelling", "It is cancelled and is not billed again. Keep it first.")
    ends_on, latest = term_of(facts).period.ends_on, one_later(facts).on
    if wish.on <= facts.today(now):
        raise CannotChange("not_ahead", "Choose a day after today.", field="on")
    if wish.on == ends_on:
        raise CannotChange("same_day", "It is billed on that day already.", field="on")
    if wish.on > latest:
        message = f"At most one period ahead: until {latest:%-d %B %Y}."
        raise CannotChange("too_far", message, field="on")
