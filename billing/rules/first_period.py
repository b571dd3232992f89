"""The first paid period of a subscription: its dates, what it costs, and what a payment that comes later does to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from billing.documents.states import LineKind
from billing.rules.addons import once_line, rest_of_addon
from billing.rules.coupons import price_of_part
from billing.rules.facts import BillingFacts, InvoiceFacts
from billing.rules.plan import InvoiceDraft, LineDraft, TermDraft
from partnerpanel.kernel.clock import local_date, start_of_day
from partnerpanel.kernel.period import Interval, Period, Unit, nth_period, period_on, shifted
from subscriptions.rules.addons import AddonKind, AddonMove, HeldAddon, expires_on

STARTED_LATE = "paid_after_start"
MONTH = Interval(Unit.MONTH)


def billed_on_day(day: int, *, starts_on: date, interval: Interval) -> date:
    """The anchor of a subscription that begins on one day and is billed on another day of the month.

    Monthly plans are billed on the next such day, on the last of a month that lacks it; the others, whose periods are
    longer, on the next day of that number. Raises ValueError for a number that is no day of a month, or a plan of days
    or weeks.
    """
    if not 1 <= day <= 31 or interval.unit not in (Unit.MONTH, Unit.YEAR):
        raise ValueError("billed on a day of the month from 1 to 31")
    if starts_on.day == day:
        return starts_on
    step = timedelta(days=-1 if interval == MONTH else 1)
    found = starts_on
    while found.day != day:
        found += step
    return found


def first_period(facts: BillingFacts, on: date) -> Period:
    """From that day: a whole interval, or the days until the first billing date where that was chosen."""
    if not has_own_day(facts):
        return nth_period(anchor=on, interval=facts.interval, n=0)
    return Period(on, _around(facts, on).ends_on)


def first_line(facts: BillingFacts, period: Period) -> LineDraft | None:
    """What a first period of fewer days than its interval costs; None for a whole one, which costs the price."""
    whole = _around(facts, period.starts_on) if has_own_day(facts) else period
    if whole.days <= period.days:
        return None
    days = {"days": period.days, "period_days": whole.days}
    part = price_of_part(facts.coupon, facts.price, plan_id=facts.plan_id, term=1, **days)
    return LineDraft(LineKind.PLAN, facts.plan_name, facts.quantity, part.value, period, part.why)


def first_lines(facts: BillingFacts, period: Period) -> tuple[LineDraft, ...]:
    """The same with its recurring add-ons, at their shares of the days; empty for a whole period."""
    plan = first_line(facts, period)
    if plan is None:
        return ()
    base, days = _around(facts, period.starts_on), {"on": period.starts_on, "ends_on": period.ends_on}
    addons = [rest_of_addon(one, facts.interval, base=base, **days) for one in facts.addons if one.recurs]
    return (plan, *(line for line in addons if line.amount))


def once_lines(facts: BillingFacts, period: Period) -> tuple[LineDraft, ...]:
    """What was sold with it that is bought once, in full: on its first invoice and on no other."""
    on = period.starts_on
    once = [one for one in facts.addons if not one.recurs and one.price]
    return tuple(once_line(one, Period(on, over_on(one, facts, on=on) or on + timedelta(days=1))) for one in once)


def once_begun(facts: BillingFacts, *, anchor: date, today: date) -> tuple[AddonMove, ...]:
    """What was sold with it and lasts for one interval: its days begin with the first payment, as the service does."""
    paid = replace(facts, anchor_on=anchor)
    begun = [(one, over_on(one, paid, on=today)) for one in facts.addons]
    return tuple(
        AddonMove(one.id, {"from_on": today, "until_on": until, "ends_at": start_of_day(until, facts.zone)})
        for one, until in begun
        if until
    )


def over_on(one: HeldAddon, facts: BillingFacts, *, on: date) -> date | None:
    """The local day on which an add-on sold with it is over, where it begins on that day; None for what stays."""
    if one.offer.kind is not AddonKind.EXPIRING or one.offer.interval is None:
        return None
    anchor = facts.anchor_on if has_own_day(facts) else on
    return expires_on(one.offer.interval, facts.policy.policy.addon.month, anchor=anchor, today=on)


def first_term(facts: BillingFacts, invoice: InvoiceFacts | InvoiceDraft, today: date) -> tuple[TermDraft, date]:
    """The first term once it is paid on that day, and its anchor.

    There was no service before the payment, so a whole interval follows it: the days since the invoice are free. A
    billing date that was chosen stays, unless the period is over meanwhile.
    """
    period = invoice.period
    if today <= period.starts_on:
        return TermDraft(invoice.term_number, period), facts.anchor_on if has_own_day(facts) else period.starts_on
    if has_own_day(facts):
        ends_on = max(period.ends_on, _around(facts, today).ends_on)
        anchor = facts.anchor_on
    else:
        ends_on, anchor = shifted(today, facts.interval, 1), today
    granted = (ends_on - period.ends_on).days
    term = TermDraft(invoice.term_number, Period(period.starts_on, ends_on), granted, STARTED_LATE if granted else "")
    return term, anchor


def has_own_day(facts: BillingFacts) -> bool:
    """Whether a billing date was chosen beside the day on which it starts; one that comes back has none."""
    if facts.is_restarting:
        return False
    return facts.starts_at is not None and local_date(facts.starts_at, facts.zone) != facts.anchor_on


def _around(facts: BillingFacts, day: date) -> Period:
    """The whole period of the anchor in which that day lies."""
    return period_on(anchor=facts.anchor_on, interval=facts.interval, day=day)[1]
