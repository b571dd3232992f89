"""How a subscription stands once a plan is carried out and what it asks for is paid: for previews."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from billing.documents.states import InvoiceKind, InvoiceStatus, PaymentSource
from billing.rules.addons import after_moves, with_addons
from billing.rules.after import balance_after, still_open
from billing.rules.changes.effect import on_new_deal
from billing.rules.facts import BillingFacts, InvoiceFacts, TermFacts
from billing.rules.next_charge import NextCharge, next_charge
from billing.rules.paid import plan_paid
from billing.rules.plan import BillingPlan, InvoiceDraft, PaymentDraft
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Period
from subscriptions.rules.changes import ChangeKind, ChangeState, OpenChange
from subscriptions.rules.next_price import NextPrice
from subscriptions.rules.states import SERVED, Collection, Lifecycle

COLUMNS = (
    "lifecycle",
    "collection",
    "anchor_on",
    "auto_renew",
    "cancel_at_period_end",
    "renewal_waits",
    "reminded_on",
    "paused_from",
    "paused_until",
    "ended_before",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person compares: the plan and its price, the running period, access, and the next invoice."""

    plan_name: str
    price: Money
    interval: Interval
    quantity: int
    period: Period | None
    lifecycle: Lifecycle
    collection: Collection
    is_open: bool
    cancels: bool
    next: NextCharge
    mrr: Money
    next_price: NextPrice | None = None


def standing_of(facts: BillingFacts, *, now: datetime) -> Standing:
    """How it stands."""
    return Standing(
        plan_name=facts.plan_name,
        price=facts.price,
        interval=facts.interval,
        quantity=facts.quantity,
        period=facts.term.period if facts.term else None,
        lifecycle=facts.lifecycle,
        collection=facts.collection,
        is_open=facts.lifecycle in SERVED and not facts.is_held and not facts.is_paused,
        cancels=facts.cancel_at_period_end,
        next=next_charge(facts, now=now),
        next_price=facts.next_price,
        mrr=facts.mrr,
    )


def paid(plan: BillingPlan, *, now: datetime) -> BillingPlan | None:
    """What the settlement does once the invoice that a start or a change waits for is paid; None where none does."""
    draft, made = plan.invoice, plan.change
    restarts = plan.values.get("ended_before") is not None
    begins = plan.facts.term is None or plan.facts.lifecycle is Lifecycle.TRIALING or restarts
    # One that is only written anew waits for its payment as the one before did.
    if draft is not None and begins and made is None and plan.move is None and plan.void is None:
        return _first_paid(plan, draft, now=now)
    if draft is None or made is None or made.state is not ChangeState.AWAITING:
        return None
    invoice = InvoiceFacts(
        draft.id, "", draft.term_number, draft.period, draft.due, 1, draft.credit or None, draft.kind, draft.change_id
    )
    renews = draft.kind is InvoiceKind.RENEWAL
    facts = replace(
        plan.facts,
        change=replace(made.change, state=ChangeState.AWAITING),
        invoice=invoice if renews else plan.facts.invoice,
        change_invoice=None if renews else invoice,
    )
    attempt = plan.attempt.id if plan.attempt else draft.id
    payment = PaymentDraft(attempt, draft.id, PaymentSource.CARD, draft.due, facts.today(now))
    return plan_paid(facts, invoice, payment, by_person=True, now=now)


def _first_paid(plan: BillingPlan, draft: InvoiceDraft, *, now: datetime) -> BillingPlan:
    invoice = InvoiceFacts(draft.id, "", draft.term_number, draft.period, draft.due, 1, draft.credit or None)
    facts = replace(_written(plan.facts, plan, now), version=plan.version, invoice=invoice)
    attempt = plan.attempt.id if plan.attempt else draft.id
    payment = PaymentDraft(attempt, draft.id, PaymentSource.CARD, draft.due, facts.today(now))
    return plan_paid(facts, invoice, payment, by_person=True, now=now)


def events_ahead(plan: BillingPlan, *, now: datetime) -> tuple[EventDraft, ...]:
    """The plan's events, and where a card is charged at once those that follow when it is."""
    after = paid(plan, now=now) if plan.attempt else None
    if after is None:
        return plan.events
    waiting = {"subscription.change_awaits_payment"}
    return (*(event for event in plan.events if event.kind not in waiting), *after.events)


def facts_ahead(plan: BillingPlan, *, now: datetime) -> BillingFacts:
    """The facts once everything is written and paid."""
    after = paid(plan, now=now)
    facts = _written(plan.facts, plan, now)
    return replace(_written(facts, after, now), change=None, change_invoice=None, invoice=None) if after else facts


def _written(facts: BillingFacts, plan: BillingPlan, now: datetime) -> BillingFacts:
    change = plan.change
    if change and change.state is ChangeState.APPLIED:
        facts = replace(_on(facts, change.change), change=None, change_invoice=None)
    elif change:
        facts = replace(facts, change=change.change, change_invoice=None)
    elif any(move.state is ChangeState.APPLIED for move in plan.changes) and facts.change:
        facts = replace(_on(facts, facts.change), change=None, change_invoice=None)
    elif plan.changes:
        facts = replace(facts, change=None, change_invoice=None)
    if plan.addons or plan.addon_moves:
        facts = with_addons(facts, after_moves(facts.addons, plan.addons, plan.addon_moves))
    if plan.coupon or plan.coupons_gone:
        facts = replace(facts, coupon=plan.coupon)
    columns = {name: value for name, value in plan.values.items() if name in COLUMNS}
    closed = plan.case is not None and "closed_at" in plan.case.values
    return replace(
        facts,
        **columns,
        **_price(facts, plan),
        term=_term(facts, plan),
        invoice=_invoice(facts, plan),
        case=None if closed else facts.case,
        is_held=facts.is_held and not plan.release,
        is_paused=_is_paused(facts, plan, now),
        balance=balance_after(plan, facts.balance),
        is_charging=False,
        awaits_customer=False,
    )


def _on(facts: BillingFacts, change: OpenChange) -> BillingFacts:
    plain = (ChangeKind.BILLING_DATE, ChangeKind.ADDON)
    return facts if change.kind in plain else on_new_deal(facts, change.deal)


def _price(facts: BillingFacts, plan: BillingPlan) -> dict[str, Any]:
    found: dict[str, Any] = {}
    values, currency = plan.values, facts.price.currency
    if "price_amount" in values:
        price = Money(values["price_amount"], currency).times(facts.quantity)
        found |= {"price": price}
    if "next_price_amount" in values:
        amount, from_on = values["next_price_amount"], values["next_price_from"]
        found["next_price"] = NextPrice.of(amount, from_on, values["next_price_announced_on"], currency)
    return found


def _term(facts: BillingFacts, plan: BillingPlan) -> TermFacts | None:
    for draft in (plan.term, plan.dates):
        if draft is not None:
            return TermFacts(draft.number, draft.period, start_of_day(draft.period.ends_on, facts.zone))
    return facts.term


def _invoice(facts: BillingFacts, plan: BillingPlan) -> InvoiceFacts | None:
    gone = {move.id for move in (plan.void, plan.move) if move and move.status is not InvoiceStatus.OPEN}
    found = facts.invoice
    if found is not None and plan.move is not None and plan.move.id == found.id:
        found = still_open(found, plan.move)
    if plan.invoice is not None and plan.invoice.kind is InvoiceKind.RENEWAL:
        draft = plan.invoice
        found = InvoiceFacts(draft.id, "", draft.term_number, draft.period, draft.due, 1, draft.credit or None)
    if found is not None and plan.reduce and plan.reduce.id == found.id:
        found = replace(found, due=found.due - plan.reduce.amount)
    return None if found is None or found.id in gone else found


def _is_paused(facts: BillingFacts, plan: BillingPlan, now: datetime) -> bool:
    if "paused_from" not in plan.values:
        return facts.is_paused
    begins = plan.values["paused_from"]
    return begins is not None and begins <= now
