"""From a due step to a plan: pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from billing.charging.states import Purpose
from billing.documents.states import InvoiceKind
from billing.rules.addon_ends import plan_addons_over
from billing.rules.agenda import Appointment, Step
from billing.rules.changes.dates import cut_today
from billing.rules.changes.dropping import own_events, plan_dropped
from billing.rules.coming import said_coming
from billing.rules.declined import awaits
from billing.rules.facts import BillingFacts, CaseFacts
from billing.rules.fallback import plan_fallback
from billing.rules.own_events import own_event, said_limits, with_note
from billing.rules.paid import plan_paid_from_balance
from billing.rules.papers import issued, noted, voiding
from billing.rules.pause import plan_paused, plan_resumed
from billing.rules.plan import AttemptDraft, BillingPlan, CaseDraft, ChangeMove, CreditNoteDraft, InvoiceDraft
from billing.rules.renewal import NOT_WRITTEN, next_period, renewal_invoice
from billing.rules.return_dropped import plan_return_dropped
from billing.rules.start import plan_start
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.grace import GraceThen
from partnerpanel.policy.rules.schedule import deadline_on
from subscriptions.rules.changes import ChangeState
from subscriptions.rules.movements import said
from subscriptions.rules.states import Access, Collection, Lifecycle


def plan_step(facts: BillingFacts, appointment: Appointment, *, now: datetime, ids: tuple[UUID, UUID]) -> BillingPlan:
    """The plan of the step that is due. `ids` are those of an invoice and an attempt, should they be made."""
    if appointment.step is Step.START:
        return plan_start(facts, now=now, ids=ids)
    if appointment.step is Step.RENEW:
        return plan_renewal(facts, now=now, ids=ids)
    if appointment.step is Step.RETRY:
        return _retry(facts, attempt_id=ids[1])
    if appointment.step is Step.DEADLINE:
        return _pass_deadline(facts, now=now, change_id=ids[0])
    return _STEPS[appointment.step](facts, appointment, now) if appointment.step else BillingPlan(facts)


def plan_end(
    facts: BillingFacts,
    *,
    now: datetime,
    why: str,
    note: str = "",
    credit_note: CreditNoteDraft | None = None,
    **more: Any,
) -> BillingPlan:
    """The end of a subscription: service off, nothing billed any more, what was to change or is unpaid not wanted.

    One that was to come back and is not paid stays ended as it was.
    """
    if facts.is_restarting:
        return plan_return_dropped(facts, why=why, note=note, now=now)
    moved = said(facts.recurring, Money.zero(facts.price.currency))
    dropped, dates = plan_dropped(facts, why=why), cut_today(facts, now)
    if dates is not None and facts.term is not None:
        more["ends"] = [facts.term.period.ends_on.isoformat(), dates.period.ends_on.isoformat()]
    event = with_note(own_event(facts, "subscription.ended", own_events(dropped) + 1, why=why, **more, **moved), note)
    move, voided = voiding(facts)
    given = (noted(facts, credit_note),) if credit_note else ()
    return BillingPlan(
        facts,
        events=(*dropped.events, event, *voided, *given),
        values={
            "lifecycle": Lifecycle.ENDED,
            "ended_at": now,
            "access": Access.BLOCKED,
            "is_suspended": False,
            **({"is_limited": False} if facts.is_limited else {}),
            "cancel_at_period_end": False,
            "paused_from": None,
            "paused_until": None,
        },
        move=move,
        void=dropped.void,
        case=CaseDraft(facts.case.id, {"closed_at": now}) if facts.case else None,
        credit_note=credit_note,
        dates=dates,
        changes=dropped.changes,
    )


def plan_grace(facts: BillingFacts, *, now: datetime) -> BillingPlan:
    """Service although the period is over unpaid, until the deadline: full, or limited where the policy says so."""
    case = _case(facts)
    limits = said_limits(case.policy)
    coming = said_coming(facts, first_on=case.first_on)
    event = own_event(facts, "subscription.grace_started", until=_deadline(case).isoformat(), **limits, **coming)
    changed = CaseDraft(case.id, {"in_grace_from": facts.today(now)})
    values = {"collection": Collection.GRACE, **({"is_limited": True} if limits else {})}
    return BillingPlan(facts, events=(event,), values=values, case=changed)


def attempt_of(facts: BillingFacts, invoice: InvoiceDraft, *, id_: UUID, purpose: Purpose) -> AttemptDraft | None:
    """The first charge of an invoice with the default method, if there is one."""
    if facts.method is None:
        return None
    return AttemptDraft(id_, invoice.id, 1, purpose, invoice.due, facts.method)


def case_values(facts: BillingFacts, *, invoice_id: UUID, now: datetime, **other: Any) -> dict[str, Any]:
    """A case that opens today under the policy in force, which it keeps."""
    return {
        "invoice_id": invoice_id,
        "first_on": facts.today(now),
        "policy": facts.policy.snapshot(),
        "opened_at": now,
        **other,
    }


def _remind(facts: BillingFacts, appointment: Appointment, now: datetime) -> BillingPlan:
    ends_on = facts.term.period.ends_on if facts.term else None
    period = next_period(facts, now=now)
    price = renewal_invoice(facts, id_=NOT_WRITTEN, period=period, on=period.starts_on).total
    automatic, said = facts.auto_renew and facts.method is not None, {}
    if not automatic and ends_on is not None:
        until = deadline_on(facts.policy, first_on=ends_on).value
        said = {"until": until.isoformat(), **said_coming(facts, first_on=ends_on)}
    event = own_event(
        facts,
        "subscription.trial_ending" if facts.lifecycle is Lifecycle.TRIALING else "subscription.renewal_near",
        on=ends_on.isoformat() if ends_on else None,
        automatic=automatic,
        amount=[price.amount, price.currency],
        **said,
    )
    return BillingPlan(facts, events=(event,), values={"reminded_on": appointment.on})


def plan_renewal(facts: BillingFacts, *, now: datetime, ids: tuple[UUID, UUID]) -> BillingPlan:
    """The term is over and the next one is due: its invoice, and its charge where it renews by itself."""
    invoice = renewal_invoice(facts, id_=ids[0], period=next_period(facts, now=now), on=facts.today(now))
    if not invoice.due:
        return plan_paid_from_balance(facts, invoice, first_event=issued(facts, invoice), now=now)
    attempt = attempt_of(facts, invoice, id_=ids[1], purpose=Purpose.RENEWAL) if facts.auto_renew else None
    events: tuple[EventDraft, ...] = (issued(facts, invoice),)
    if attempt is not None:
        return BillingPlan(facts, events=events, invoice=invoice, attempt=attempt)
    # Nobody can be charged: the pay link goes out and grace begins at once, with the deadline of a first failure.
    case = CaseDraft(None, case_values(facts, invoice_id=invoice.id, now=now))
    asked = own_event(
        facts,
        "subscription.trial_over" if facts.lifecycle is Lifecycle.TRIALING else "subscription.payment_due",
        amount=[invoice.due.amount, invoice.due.currency],
        until=deadline_on(facts.policy, first_on=facts.today(now)).value.isoformat(),
        **said_limits(facts.policy),
        **said_coming(facts, first_on=facts.today(now)),
    )
    values = {"collection": Collection.RETRYING}
    return BillingPlan(facts, events=(*events, asked), values=values, invoice=invoice, case=case)


def _retry(facts: BillingFacts, *, attempt_id: UUID) -> BillingPlan:
    case = _case(facts)
    if facts.invoice is None or facts.method is None:
        raise ValueError("a retry needs an open invoice and a payment method")
    attempt = AttemptDraft(
        attempt_id, facts.invoice.id, case.attempts + 1, Purpose.RETRY, facts.invoice.due, facts.method
    )
    return BillingPlan(facts, attempt=attempt)


def _warn(facts: BillingFacts, _: Appointment, now: datetime) -> BillingPlan:
    case = _case(facts)
    coming = said_coming(facts, first_on=case.first_on)
    event = own_event(facts, "subscription.suspension_near", until=_deadline(case).isoformat(), **coming)
    return BillingPlan(facts, events=(event,), case=CaseDraft(case.id, {"warned_on": facts.today(now)}))


def _shift(facts: BillingFacts, appointment: Appointment, now: datetime) -> BillingPlan:
    case = _case(facts)
    lost = facts.today(now) - (appointment.on or facts.today(now))
    return BillingPlan(facts, case=CaseDraft(case.id, {"first_on": case.first_on + lost}))


def _pass_deadline(facts: BillingFacts, *, now: datetime, change_id: UUID) -> BillingPlan:
    """What the policy says for who has not paid: an end, the free plan, or a hold until they do."""
    then = _case(facts).policy.policy.grace.then
    if facts.lifecycle is Lifecycle.INCOMPLETE:
        return plan_end(facts, now=now, why="never_paid")
    if then is GraceThen.CANCEL:
        return plan_end(facts, now=now, why="unpaid")
    if then is GraceThen.DOWNGRADE_TO_FREE and facts.fallback is not None:
        return plan_fallback(facts, facts.fallback, now=now, change_id=change_id)
    return _hold(facts, now)


def _hold(facts: BillingFacts, now: datetime) -> BillingPlan:
    """The open renewal invoice is voided; whoever pays from now on buys a term that begins on that day."""
    case = _case(facts)
    event = own_event(facts, "subscription.grace_over", then=case.policy.policy.grace.then.value)
    # A change that took effect before it was paid stays owed; so does nothing else.
    renews = facts.invoice is not None and facts.invoice.kind is InvoiceKind.RENEWAL
    move, voided = voiding(facts) if renews else (None, ())
    gone = facts.change if facts.invoice is not None and awaits(facts, facts.invoice) else None
    then = case.policy.policy.grace.then
    plan = BillingPlan(
        facts,
        events=(event, *voided),
        values={"collection": Collection.DELINQUENT},
        move=move,
        case=CaseDraft(case.id, {"over_on": facts.today(now)}),
        changes=(ChangeMove(gone.id, ChangeState.CANCELLED),) if gone else (),
    )
    return replace(plan, hold="customer" if then is GraceThen.FREEZE else "subscription")


def _case(facts: BillingFacts) -> CaseFacts:
    if facts.case is None:
        raise ValueError("there is no collection case")
    return facts.case


def _deadline(case: CaseFacts) -> date:
    return deadline_on(case.policy, first_on=case.first_on).value


_STEPS: dict[Step, Callable[[BillingFacts, Appointment, datetime], BillingPlan]] = {
    Step.REMIND: _remind,
    Step.DROP_CHANGE: lambda facts, _, __: plan_dropped(facts, why="not_paid"),
    Step.AWAIT_RELEASE: lambda facts, _, __: BillingPlan(facts, values={"renewal_waits": True}),
    Step.END: lambda facts, _, now: plan_end(facts, now=now, why="cancelled"),
    Step.PAUSE: lambda facts, appointment, now: plan_paused(
        facts, from_at=appointment.at or now, until_at=facts.paused_until
    ),
    Step.RESUME: lambda facts, _, now: plan_resumed(facts, now=now),
    Step.ENTER_GRACE: lambda facts, _, now: plan_grace(facts, now=now),
    Step.WARN: _warn,
    Step.SHIFT: _shift,
    Step.END_ADDONS: lambda facts, _, now: plan_addons_over(facts, now=now),
}
