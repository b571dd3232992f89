"""How a subscription begins: its first invoice, or its trial. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from billing.charging.states import Purpose
from billing.rules.facts import BillingFacts
from billing.rules.own_events import own_event
from billing.rules.paid import plan_paid_from_balance
from billing.rules.papers import issued
from billing.rules.plan import AttemptDraft, BillingPlan, CaseDraft, InvoiceDraft, TermDraft
from billing.rules.renewal import next_period, renewal_invoice
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.clock import local_date, start_of_day
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period
from partnerpanel.policy.rules.schedule import deadline_on
from subscriptions.rules.states import Collection, Lifecycle


def plan_start(
    facts: BillingFacts, *, now: datetime, ids: tuple[UUID, UUID], purpose: Purpose = Purpose.RENEWAL
) -> BillingPlan:
    """The day has come: the trial begins, or the first period is invoiced and charged.

    Until that is paid nobody is served: it is `incomplete`, under the calendar of an unpaid renewal. Nothing to pay,
    or a balance that covers it, starts it at once. `ids` are those of an invoice and an attempt.
    """
    trial = trial_days(facts)
    if trial:
        return _trial(facts, trial, now=now)
    invoice = renewal_invoice(facts, id_=ids[0], period=next_period(facts, now=now), on=facts.today(now))
    if not invoice.due:
        return plan_paid_from_balance(facts, invoice, first_event=issued(facts, invoice), now=now)
    values: dict[str, Any] = {"lifecycle": Lifecycle.INCOMPLETE}
    if facts.method is not None and facts.auto_renew:
        attempt = AttemptDraft(ids[1], invoice.id, 1, purpose, invoice.due, facts.method)
        return BillingPlan(facts, events=(issued(facts, invoice),), values=values, invoice=invoice, attempt=attempt)
    return _to_be_paid(facts, invoice, values=values, now=now)


def trial_days(facts: BillingFacts) -> int:
    """How long the trial is that was agreed for the start; none for one that has begun."""
    if facts.lifecycle is not Lifecycle.SCHEDULED or facts.trial_ends_at is None or facts.starts_at is None:
        return 0
    return (local_date(facts.trial_ends_at, facts.zone) - local_date(facts.starts_at, facts.zone)).days


def first_payment_needed(
    facts: BillingFacts, due: Money, *, until: date, number: int = 1, **declined: Any
) -> EventDraft:
    """Nothing is set up before the first payment: what is due, and until when. `declined` says how a charge ended."""
    return own_event(
        facts,
        "subscription.first_payment_needed",
        number,
        amount=[due.amount, due.currency],
        until=until.isoformat(),
        **{"hard": False, "retries": [], **declined},
    )


def _to_be_paid(facts: BillingFacts, invoice: InvoiceDraft, *, values: dict[str, Any], now: datetime) -> BillingPlan:
    today = facts.today(now)
    case = {"invoice_id": invoice.id, "first_on": today, "policy": facts.policy.snapshot(), "opened_at": now}
    asked = first_payment_needed(facts, invoice.due, until=deadline_on(facts.policy, first_on=today).value)
    return BillingPlan(
        facts,
        events=(issued(facts, invoice), asked),
        values={**values, "collection": Collection.RETRYING},
        invoice=invoice,
        case=CaseDraft(None, case),
    )


def _trial(facts: BillingFacts, days: int, *, now: datetime) -> BillingPlan:
    """As many days as were agreed, from today on; the first paid period follows them."""
    today = facts.today(now)
    period = Period(today, today + timedelta(days=days))
    agreed = facts.trial_ends_at is not None and facts.anchor_on == local_date(facts.trial_ends_at, facts.zone)
    event = own_event(facts, "subscription.trial_started", until=period.ends_on.isoformat())
    return BillingPlan(
        facts,
        events=(event,),
        values={
            "lifecycle": Lifecycle.TRIALING,
            "trial_ends_at": start_of_day(period.ends_on, facts.zone),
            **({"anchor_on": period.ends_on} if agreed else {}),
        },
        term=TermDraft(1, period),
    )
