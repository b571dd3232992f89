"""What a payment would do, from the same plan that booking it makes; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.documents.states import LineKind, PaymentSource
from billing.queries.facts import load
from billing.rules.facts import BillingFacts, MethodFacts
from billing.rules.plan import BillingPlan, LineDraft, PaymentDraft
from billing.services.new_card import open_now
from billing.services.pay import BeingCharged, NothingToPay, owed, plan_by_person
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period
from subscriptions.queries.facts import load_facts, subscriptions_of
from subscriptions.rules.states import HoldKind
from subscriptions.rules.suspension import plan_reactivation


@dataclass(frozen=True, slots=True)
class PaymentPreview:
    """One payment in full: what is owed, what it buys, and every event that follows.

    `invoice` is empty where one is issued first, with `lines`; `granted_days` were added for free; `releases` says that
    access blocked for nonpayment opens. `fee` is asked for being late, and `waivable` says whether it may be waived;
    `period_due` is what is owed without it. `paid` came in part before; `in_parts` says that less than `due` may be
    recorded.
    """

    due: Money
    term_number: int
    invoice: str
    lines: tuple[LineDraft, ...]
    plan_name: str
    before: Period | None
    after: Period
    granted_days: int
    releases: bool
    stopped: bool
    method: MethodFacts | None
    fee: LineDraft | None
    period_due: Money
    waivable: bool
    paid: Money | None
    in_parts: bool
    events: tuple[EventDraft, ...]


def preview_payment(
    partner_id: UUID, subscription_id: UUID, *, now: datetime, waive_fee: bool = False
) -> PaymentPreview:
    """In the open scope. Raises NotFound, BeingCharged, NothingToPay, NotWaivable."""
    facts = load(partner_id, [subscription_id], now=now).get(subscription_id)
    if facts is None:
        raise NotFound("There is no such subscription.", field="subscription")
    if facts.is_charging:
        raise BeingCharged("A charge for this subscription is being checked. Try again when its outcome is known.")
    invoice, draft = owed(facts, now=now, waive_fee=waive_fee)
    payment = PaymentDraft(uuid7(), invoice.id, PaymentSource.BANK, invoice.due, facts.today(now))
    plan = plan_by_person(facts, invoice, draft, payment, now=now)
    return PaymentPreview(
        due=invoice.due,
        term_number=invoice.term_number,
        invoice=invoice.label,
        lines=draft.lines if draft else (),
        plan_name=facts.plan_name,
        before=facts.term.period if facts.term else None,
        after=plan.term.period if plan.term else invoice.period,
        granted_days=plan.term.granted_days if plan.term else 0,
        releases=plan.release,
        stopped=facts.charging_stopped,
        method=facts.method,
        fee=next((line for line in draft.lines if line.kind is LineKind.FEE), None) if draft else None,
        period_due=draft.lines[0].gross if draft else invoice.due,
        waivable=facts.case is not None and facts.case.over and facts.case.policy.policy.grace.renew_after.waivable,
        paid=invoice.paid,
        in_parts=draft is None,
        events=(*plan.events, *_released(partner_id, plan, now)),
    )


@dataclass(frozen=True, slots=True)
class CardPreview:
    """What a new card is charged at once: one entry for each open renewal, by the plan's name."""

    charges: tuple[tuple[str, Money], ...]
    being_checked: bool
    stopped: bool


def preview_card(partner_id: UUID, customer_id: UUID, *, now: datetime, wanted: UUID | None = None) -> CardPreview:
    """In the open scope. The subscription `wanted` is the one that the customer comes to pay: whatever it owes."""
    found = list(load(partner_id, subscriptions_of(partner_id, customer_id), now=now).values())
    due = [(one.plan_name, _charged_to_card(one, wanted, now)) for one in found]
    return CardPreview(
        charges=tuple((name, amount) for name, amount in due if amount is not None),
        being_checked=any(one.is_charging and not one.awaits_customer for one in found),
        stopped=any(one.charging_stopped for one in found),
    )


def _charged_to_card(facts: BillingFacts, wanted: UUID | None, now: datetime) -> Money | None:
    found = open_now(facts, now=now)
    if found is not None or facts.subscription_id != wanted or facts.is_charging:
        return found
    try:
        return owed(facts, now=now)[0].due
    except NothingToPay:
        return None


def _released(partner_id: UUID, plan: BillingPlan, now: datetime) -> Sequence[EventDraft]:
    if not plan.release:
        return ()
    facts: BillingFacts = plan.facts
    customer = load_facts(partner_id, [facts.customer_id], now=now)[facts.customer_id]
    wide = any(hold.kind is HoldKind.NONPAYMENT for hold in customer.holds)
    target = None if wide else facts.subscription_id
    released = plan_reactivation(customer, subscription_id=target, kinds=frozenset({HoldKind.NONPAYMENT}), reason="")
    return released.events
