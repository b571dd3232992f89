"""More time: given, or bought with money that came outside the gateway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from billing.documents.states import InvoiceKind, PaymentSource
from billing.rules.changes.dates import (
    Ending,
    after_intervals,
    after_months,
    moved_end,
    on_grid,
    said_dates,
    term_of,
)
from billing.rules.changes.dropping import own_events, plan_unpaid_dropped
from billing.rules.changes.outcome import ChangeCaution, ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange, refuse_paused, refuse_unserved
from billing.rules.facts import BillingFacts, ChangeFacts, InvoiceFacts
from billing.rules.limits import with_full_access
from billing.rules.own_events import own_event, with_note
from billing.rules.paid import interval_of, plan_paid
from billing.rules.papers import issued, received, voiding
from billing.rules.papers import paid as document_paid
from billing.rules.plan import BillingPlan, CaseDraft, InvoiceDraft, PaymentDraft, TermDraft
from billing.rules.renewal import at_renewal, priced_lines, renewal_invoice
from billing.rules.taxing import invoice_of
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Period, Unit, nth_period
from subscriptions.rules.states import Collection, Lifecycle

EXTENDED = "extended"
MONTHS = (1, 3, 6, 12)
MOST_DAYS = 366
WHOLE_PERIODS = "A payment buys whole periods of the plan. Choose such a time, or extend it without a payment."


@dataclass(frozen=True, slots=True)
class OutsidePayment:
    """Money that came outside the gateway."""

    amount: Money
    source: PaymentSource
    received_on: date


@dataclass(frozen=True, slots=True)
class ExtensionWish:
    """So many months or days, and why."""

    note: str
    months: int = 0
    days: int = 0
    payment: OutsidePayment | None = None

    @property
    def field(self) -> str:
        return "months" if self.months else "days"


def plan_extension(facts: ChangeFacts, wish: ExtensionWish, *, ids: ChangeIds, now: datetime) -> Planned:
    """The extension as asked for. Nothing is charged, and no fee for grace. Raises CannotChange with the reason.

    Without a payment an open renewal is not owed any more. A payment is for the renewal that is owed, whose term is
    then the extension; where none is, it buys whole periods.
    """
    billing = facts.billing
    refuse_unserved(billing)
    refuse_paused(billing)
    _refuse_wish(billing, wish, now)
    if billing.invoice is not None and billing.invoice.kind is not InvoiceKind.RENEWAL:
        raise CannotChange("unpaid", "An earlier change is not paid yet. Take its payment first.")
    if wish.payment is None:
        return _given(facts, wish, now)
    if billing.invoice is not None or is_over(billing):
        return _renewed(facts, wish, wish.payment, ids, now)
    return _bought(facts, wish, wish.payment, ids, now)


def is_over(facts: BillingFacts) -> bool:
    """Past the deadline of an unpaid renewal: it is not owed any more, and access is closed for it."""
    return facts.collection is Collection.DELINQUENT or (facts.case is not None and facts.case.over)


def _given(facts: ChangeFacts, wish: ExtensionWish, now: datetime) -> Planned:
    billing = facts.billing
    ending = _ending(wish, after=term_of(billing).period.ends_on, anchor=billing.anchor_on, interval=billing.interval)
    _refuse_past(billing, ending, wish, now)
    dates, values = moved_end(billing, ending, granted_for=EXTENDED)
    dropped = plan_unpaid_dropped(billing, why=EXTENDED)
    move, voided = voiding(billing)
    event = _extended(billing, wish, ending, own_events(dropped) + 1)
    plan = BillingPlan(
        billing,
        events=(*dropped.events, event, *voided),
        values={**values, "collection": Collection.CURRENT, "renewal_waits": False},
        move=move,
        void=dropped.void,
        dates=dates,
        changes=dropped.changes,
        case=CaseDraft(billing.case.id, {"closed_at": now}) if billing.case else None,
        release=is_over(billing),
    )
    cautions = (ChangeCaution.REPLACES_SCHEDULED,) if dropped.changes else ()
    return Planned(
        with_full_access(plan), facts.deal, cautions=(*cautions, *((ChangeCaution.VOIDS_OPEN_INVOICE,) if move else ()))
    )


def _renewed(
    facts: ChangeFacts, wish: ExtensionWish, payment: OutsidePayment, ids: ChangeIds, now: datetime
) -> Planned:
    """The payment is for the renewal that is owed, or after the deadline for one from today on; what the extension is
    longer than that is given."""
    billing = facts.billing
    draft = None
    invoice = billing.invoice
    interval = interval_of(billing, invoice) if invoice else at_renewal(billing).interval
    if invoice is None:
        period = nth_period(anchor=billing.today(now), interval=interval, n=0)
        draft = renewal_invoice(billing, id_=ids.document, period=period, on=billing.today(now))
        draft = replace(draft, credit=Money.zero(draft.total.currency))
        invoice = InvoiceFacts(draft.id, "", draft.term_number, period, draft.due, 1, change_id=draft.change_id)
    start = invoice.period.starts_on
    anchor = billing.anchor_on if on_grid(start, anchor=billing.anchor_on, interval=interval) else start
    ending = _ending(wish, after=start, anchor=anchor, interval=interval)
    _refuse_past(billing, ending, wish, now)
    granted = (ending.on - invoice.period.ends_on).days
    if granted < 0:
        message = f"{invoice.due} pays until {invoice.period.ends_on:%-d %B %Y}. Extend it at least until then."
        raise CannotChange("shorter_than_invoice", message, field=wish.field)
    term = TermDraft(invoice.term_number, Period(start, ending.on), granted, EXTENDED if granted else "")
    paid = _payment(invoice.id, invoice.due, payment, wish, ids)
    plan = plan_paid(
        billing,
        invoice,
        paid,
        by_person=False,
        now=now,
        new_invoice=draft,
        first_event=issued(billing, draft) if draft else None,
        until=(term, ending.anchor),
    )
    event = _extended(billing, wish, ending, own_events(plan) + 1, invoice=str(invoice.id))
    values = {**plan.values, "anchor_on": ending.anchor}
    plan = replace(plan, events=(*plan.events, event), values=values, release=is_over(billing))
    deal = billing.change.deal if billing.change and invoice.change_id == billing.change.id else facts.deal
    return Planned(plan, deal)


def _bought(facts: ChangeFacts, wish: ExtensionWish, payment: OutsidePayment, ids: ChangeIds, now: datetime) -> Planned:
    """Whole periods on top of what is paid, at the price agreed; those of an announced one's days, at that."""
    billing, term = facts.billing, term_of(facts.billing)
    if billing.lifecycle is Lifecycle.TRIALING:
        raise CannotChange("trialing", "Nothing is paid in a trial. Extend it without a payment.", field="payment")
    if not facts.deal.price:
        raise CannotChange("nothing_to_pay", "It costs nothing. Extend it without a payment.", field="payment")
    count = _whole_periods(wish, billing.interval)
    periods = after_intervals(count, after=term.period.ends_on, anchor=billing.anchor_on, interval=billing.interval)
    ends_on = periods[-1].ends_on
    stays = on_grid(ends_on, anchor=billing.anchor_on, interval=billing.interval)
    ending = Ending(ends_on, billing.anchor_on if stays else ends_on)
    _refuse_past(billing, ending, wish, now)
    draft = _invoice_of(facts, periods, ids, now)
    move, paid_off = document_paid(billing, draft)
    paid = _payment(draft.id, draft.due, payment, wish, ids)
    dates, values = moved_end(billing, ending)
    dropped = plan_unpaid_dropped(billing, why=EXTENDED)
    event = _extended(billing, wish, ending, own_events(dropped) + 1, invoice=str(draft.id))
    events = (
        *dropped.events,
        issued(billing, draft),
        received(billing, paid, draft.period),
        paid_off,
        event,
    )
    surplus = paid.amount - draft.due
    plan = BillingPlan(
        billing,
        events=events,
        values={**values, "renewal_waits": False},
        invoice=draft,
        move=move,
        void=dropped.void,
        payment=paid,
        dates=dates,
        changes=dropped.changes,
        surplus=surplus if surplus else None,
    )
    return Planned(plan, facts.deal, cautions=(ChangeCaution.REPLACES_SCHEDULED,) if dropped.changes else ())


def _invoice_of(facts: ChangeFacts, periods: Sequence[Period], ids: ChangeIds, now: datetime) -> InvoiceDraft:
    billing = facts.billing
    return invoice_of(
        billing,
        [line for period in periods for line in priced_lines(billing, period, None)],
        id_=ids.document,
        kind=InvoiceKind.EXTENSION,
        term_number=term_of(billing).number,
        period=Period(periods[0].starts_on, periods[-1].ends_on),
        on=billing.today(now),
    )


def _ending(wish: ExtensionWish, *, after: date, anchor: date, interval: Interval) -> Ending:
    """Months follow the anchor; days move it to the new end."""
    if wish.months:
        return after_months(wish.months, after=after, anchor=anchor, interval=interval)
    end = after + timedelta(days=wish.days)
    return Ending(end, end)


def _whole_periods(wish: ExtensionWish, interval: Interval) -> int:
    by_months = interval.unit in (Unit.MONTH, Unit.YEAR)
    factor = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 1, Unit.YEAR: 12}[interval.unit]
    asked = wish.months if by_months else wish.days
    count, rest = divmod(asked, interval.count * factor)
    if rest or not count:
        raise CannotChange("not_whole_periods", WHOLE_PERIODS, field="payment")
    return count


def _payment(
    invoice_id: UUID, due: Money, payment: OutsidePayment, wish: ExtensionWish, ids: ChangeIds
) -> PaymentDraft:
    if payment.amount < due:
        raise CannotChange("too_little", f"{due} is owed; a payment covers all of it.", field="amount")
    return PaymentDraft(
        ids.attempt, invoice_id, payment.source, payment.amount, payment.received_on, note=wish.note.strip()
    )


def _extended(facts: BillingFacts, wish: ExtensionWish, ending: Ending, number: int, **data: Any) -> EventDraft:
    asked = {"months": wish.months} if wish.months else {"days": wish.days}
    event = own_event(facts, "subscription.extended", number, asked=asked, **said_dates(facts, ending), **data)
    return with_note(event, wish.note)


def _refuse_past(facts: BillingFacts, ending: Ending, wish: ExtensionWish, now: datetime) -> None:
    if ending.on <= facts.today(now):
        message = f"It would end on {ending.on:%-d %B %Y}, which is not after today. Extend it for longer."
        raise CannotChange("not_long_enough", message, field=wish.field)


def _refuse_wish(facts: BillingFacts, wish: ExtensionWish, now: datetime) -> None:
    if not wish.note.strip():
        raise CannotChange("note_required", "A note says why it is extended.", field="note")
    if bool(wish.months) == bool(wish.days) or (wish.months and wish.months not in MONTHS):
        raise CannotChange("no_duration", "Extend it by 1, 3, 6 or 12 months, or by a number of days.", field="months")
    if wish.days and not 1 <= wish.days <= MOST_DAYS:
        raise CannotChange("no_duration", f"Extend it by 1 to {MOST_DAYS} days.", field="days")
    payment = wish.payment
    if payment is None:
        return
    if payment.source is PaymentSource.CARD:
        raise CannotChange("not_outside", "Say how it came: bank, cash or other.", field="source")
    if payment.amount.currency != facts.price.currency:
        raise CannotChange("other_currency", f"The subscription is in {facts.price.currency}.", field="currency")
    if payment.received_on > facts.today(now):
        raise CannotChange("not_received", "A payment is received today or earlier.", field="received_on")
    if payment.received_on < term_of(facts).period.starts_on:
        raise CannotChange("closed_period", "That day lies in a period that is closed.", field="received_on")
