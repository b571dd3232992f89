"""What follows from money: the term, the change that waited for it, the end of a case. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from billing.documents.states import InvoiceKind, PaymentSource
from billing.rules.addon_ends import ends
from billing.rules.changes.effect import Effect, effect_of
from billing.rules.facts import BillingFacts, InvoiceFacts
from billing.rules.first_period import first_term, once_begun
from billing.rules.limits import with_full_access
from billing.rules.own_events import own_event
from billing.rules.papers import paid, received
from billing.rules.plan import AttemptMove, BillingPlan, CaseDraft, ChangeMove, InvoiceDraft, PaymentDraft, TermDraft
from billing.rules.renewal import anchor_after, at_announced_price
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.period import Interval, Period, shifted
from partnerpanel.policy.rules.grace import RenewInside
from subscriptions.rules.addons import AddonMove
from subscriptions.rules.changes import ChangeState
from subscriptions.rules.movements import counted, said
from subscriptions.rules.next_price import NextPrice, columns_of
from subscriptions.rules.states import Collection, Lifecycle

GRANTED_IN_GRACE = "paid_in_grace"


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
    move, paid_off = paid(facts, invoice)
    surplus = payment.amount - invoice.due
    events = [first_event] if first_event else []
    own = [changed.event] if changed else []
    values = changed.values if changed else {}
    plan = BillingPlan(
        facts,
        events=(*events, received(facts, payment, term.period), paid_off, *own, _renewed(facts, term, changed)),
        values={**_current(facts, anchor), **values},
        invoice=new_invoice,
        move=move,
        settled=settled,
        payment=payment,
        term=term,
        case=CaseDraft(facts.case.id, {"closed_at": now}) if facts.case else None,
        release=facts.case is not None and facts.case.over,
        surplus=surplus if surplus else None,
        changes=_applied(facts, invoice.change_id, term.number),
        addon_moves=_addons_moved(facts, changed, anchor, now),
    )
    return with_full_access(plan)


def plan_paid_from_balance(
    facts: BillingFacts, invoice: InvoiceDraft, *, first_event: EventDraft, now: datetime
) -> BillingPlan:
    """The balance covers the renewal: paid as it is issued, and nobody is charged."""
    move, paid_off = paid(facts, invoice)
    term, anchor = TermDraft(invoice.term_number, invoice.period), anchor_after(facts, invoice.period, now=now)
    if facts.term is None or facts.is_restarting:
        term, anchor = first_term(facts, invoice, facts.today(now))
    changed = _changed_with(facts, invoice)
    own = [changed.event] if changed else []
    values = changed.values if changed else {}
    return BillingPlan(
        facts,
        events=(first_event, paid_off, *own, _renewed(facts, term, changed)),
        values={**_current(facts, anchor), **values},
        invoice=invoice,
        move=move,
        term=term,
        changes=_applied(facts, invoice.change_id, term.number),
        addon_moves=_addons_moved(facts, changed, anchor, now),
    )


def _plan_change_paid(
    facts: BillingFacts, invoice: InvoiceFacts, payment: PaymentDraft, *, now: datetime, settled: AttemptMove | None
) -> BillingPlan:
    """Money for a change: it happens now, unless it did before it was paid; then only its collection ends."""
    waited = facts.change_invoice is not None and facts.change_invoice.id == invoice.id
    effect = effect_of(facts, facts.change) if waited and facts.change else None
    move, paid_off = paid(facts, invoice)
    collected = {} if waited else {"collection": Collection.CURRENT}
    surplus = payment.amount - invoice.due
    is_case = facts.case is not None and not waited
    plan = BillingPlan(
        facts,
        events=(received(facts, payment, invoice.period), paid_off, *([effect.event] if effect else [])),
        values={**(effect.values if effect else {}), **collected},
        move=move,
        settled=settled,
        payment=payment,
        term=effect.term if effect else None,
        dates=effect.dates if effect else None,
        addons=effect.addons if effect else (),
        addon_moves=ends(effect.addons_gone, now) if effect else (),
        case=CaseDraft(facts.case.id, {"closed_at": now}) if facts.case and is_case else None,
        release=is_case and facts.case is not None and facts.case.over,
        surplus=surplus if surplus else None,
        changes=_applied(facts, invoice.change_id, effect.term_number if effect else None) if waited else (),
    )
    return with_full_access(plan) if is_case else plan


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
        **said(facts.recurring, after.counts),
    )
    return Effect({"price_amount": price.unit.amount, **columns_of(None)}, event, after.mrr)


def _applied(facts: BillingFacts, change_id: UUID | None, term_number: int | None) -> tuple[ChangeMove, ...]:
    if facts.change is None or change_id != facts.change.id:
        return ()
    number = term_number or (facts.term.number if facts.term else None)
    return (ChangeMove(facts.change.id, ChangeState.APPLIED, number),)


def _addons_moved(facts: BillingFacts, changed: Effect | None, anchor: date, now: datetime) -> tuple[AddonMove, ...]:
    if facts.term is None:
        return once_begun(facts, anchor=anchor, today=facts.today(now))
    return ends(changed.addons_gone, now) if changed else ()


def _current(facts: BillingFacts, anchor: date) -> dict[str, Any]:
    return {
        **({"ended_before": None} if facts.is_restarting else {}),
        "lifecycle": Lifecycle.ACTIVE,
        "collection": Collection.CURRENT,
        "anchor_on": anchor,
        "reminded_on": None,
        "renewal_waits": False,
    }


def _renewed(facts: BillingFacts, term: TermDraft, changed: Effect | None) -> EventDraft:
    """The first paid period, with a trial before it or without, is where recurring revenue begins."""
    mrr = changed.mrr if changed else facts.mrr
    moved = said(counted(facts.lifecycle, mrr) if changed else facts.recurring, mrr)
    number = 1 + (changed is not None)
    kind = "subscription.renewed" if facts.term else "subscription.started"
    kind = "subscription.restarted" if facts.is_restarting else kind
    return own_event(facts, kind, number, term=term.number, until=term.period.ends_on.isoformat(), **moved)


def _term(facts: BillingFacts, invoice: InvoiceFacts, *, by_person: bool, now: datetime) -> tuple[TermDraft, date]:
    """The term that was paid for, and the anchor from now on.

    An automatic charge keeps the schedule. A person who pays in grace with `extend` gets a full term after that day;
    the days on top are recorded as free.
    """
    today, period = facts.today(now), invoice.period
    if facts.term is None or facts.is_restarting:
        return first_term(facts, invoice, today)
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
    ends_on = shifted(today, interval_of(facts, invoice), 1)
    granted = (ends_on - period.ends_on).days
    return TermDraft(invoice.term_number, Period(period.starts_on, ends_on), granted, GRANTED_IN_GRACE), today


def interval_of(facts: BillingFacts, invoice: InvoiceFacts) -> Interval:
    """Of the plan that the renewal is for: the one that it brings, or the one that is held."""
    change = facts.change
    return change.deal.plan.interval if change and invoice.change_id == change.id else facts.interval


def payment_of(
    attempt_id: UUID, invoice: InvoiceFacts, *, id_: UUID, gateway: str, gateway_id: str, text: str, on: date
) -> PaymentDraft:
    """The payment that a successful attempt makes."""
    return PaymentDraft(
        id_, invoice.id, PaymentSource.CARD, invoice.due, on, attempt_id, gateway, gateway_id, method_text=text
    )
