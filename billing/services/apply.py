"""Writing billing plans: bulk statements for a list of them, in the open scope, under the locks that loading took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from billing.collection.models import CollectionCase
from billing.documents.models import Payment
from billing.queries.facts import load
from billing.rules.agenda import next_appointment
from billing.rules.plan import BillingPlan
from billing.services import attempts, credit_notes, invoices, ledger
from partnerpanel.events.services import record
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import update_rows
from subscriptions.queries.facts import load_facts
from subscriptions.rules.access_plan import AccessPlan
from subscriptions.rules.changes import ChangeState
from subscriptions.rules.states import HoldKind
from subscriptions.rules.suspension import plan_reactivation, plan_suspension
from subscriptions.services import access
from subscriptions.services.changes import MovedChange, NewChange, make_changes, move_changes
from subscriptions.services.terms import MovedTerm, NewTerm, move, move_terms, open_terms, refresh

BATCH = 1_000


def apply(plans: Sequence[BillingPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
    """Writes the plans and sets when each subscription is looked at next.

    Raises IntegrityError where another transaction was first, which the locks prevent.
    """
    if not plans:
        return
    partner_id = actor.partner_id
    _changes(plans, partner_id=partner_id, action_id=action_id, now=now)
    invoices.void(plans, partner_id=partner_id, now=now)
    invoices.issue(plans, partner_id=partner_id, now=now)
    invoices.pay(plans, partner_id=partner_id, now=now)
    credit_notes.issue(plans, partner_id=partner_id, now=now)
    attempts.settle(plans, partner_id=partner_id, now=now)
    attempts.intend(plans, partner_id=partner_id, now=now)
    _payments(plans, partner_id=partner_id, now=now)
    ledger.enter(plans, partner_id=partner_id, now=now)
    _cases(plans, partner_id=partner_id)
    move_terms(partner_id, [_dates(plan) for plan in plans if plan.dates])
    open_terms(partner_id, [_term(plan) for plan in plans if plan.term])
    changed = {plan.facts.subscription_id: {**plan.values, "version": plan.version} for plan in plans}
    move(partner_id, changed)
    record([event for plan in plans for event in plan.events], actor=actor, action_id=action_id, now=now)
    refresh(partner_id, {plan.facts.customer_id for plan in plans if plan.values}, now=now)
    _access(plans, actor=actor, action_id=action_id, now=now)
    reschedule([plan.facts.subscription_id for plan in plans], partner_id=partner_id, now=now)


def reschedule(subscription_ids: Sequence[UUID], *, partner_id: UUID, now: datetime) -> None:
    """Sets `due_at` of each from its facts as they are now."""
    found = load(partner_id, subscription_ids, now=now)
    move(partner_id, {id_: {"due_at": next_appointment(facts, now=now).at} for id_, facts in found.items()})
    wake("subscriptions", partner_id)


def _term(plan: BillingPlan) -> NewTerm:
    if plan.term is None:
        raise ValueError("this plan opens no term")
    facts, term = plan.facts, plan.term
    return NewTerm(facts.subscription_id, facts.zone, term.number, term.period, term.granted_days, term.granted_for)


def _dates(plan: BillingPlan) -> MovedTerm:
    if plan.dates is None:
        raise ValueError("this plan moves no term")
    facts, dates = plan.facts, plan.dates
    return MovedTerm(
        facts.subscription_id, facts.zone, dates.number, dates.period, dates.granted_days, dates.granted_for
    )


def _changes(plans: Sequence[BillingPlan], *, partner_id: UUID, action_id: UUID, now: datetime) -> None:
    """What was open comes to an end before another is made: a subscription has one."""
    moved = [MovedChange(one.id, one.state, one.term) for plan in plans for one in plan.changes]
    move_changes(partner_id, moved, now=now)
    made = []
    for plan in plans:
        if plan.change is None:
            continue
        facts, term = plan.facts, plan.facts.term
        after = plan.term.number if plan.term else term.number if term else None
        made.append(
            NewChange(
                subscription_id=facts.subscription_id,
                customer_id=facts.customer_id,
                change=plan.change.change,
                state=plan.change.state,
                before=plan.change.before,
                anchor_before=facts.anchor_on,
                ends_before=term.period.ends_on if term else None,
                term_before=term.number if term else None,
                term_after=after if plan.change.state is ChangeState.APPLIED else None,
                reverses=plan.change.reverses,
            )
        )
    make_changes(partner_id, made, action_id=action_id, now=now)


def _payments(plans: Sequence[BillingPlan], *, partner_id: UUID, now: datetime) -> None:
    Payment.objects.bulk_create(
        [
            Payment(
                id=plan.payment.id,
                partner_id=partner_id,
                customer_id=plan.facts.customer_id,
                invoice_id=plan.payment.invoice_id,
                attempt_id=plan.payment.attempt_id,
                source=plan.payment.source,
                currency=plan.payment.amount.currency,
                amount=plan.payment.amount.amount,
                gateway=plan.payment.gateway,
                gateway_id=plan.payment.gateway_id,
                method_text=plan.payment.method_text,
                note=plan.payment.note,
                received_on=plan.payment.received_on,
                recorded_at=now,
            )
            for plan in plans
            if plan.payment
        ],
        batch_size=BATCH,
    )


def _cases(plans: Sequence[BillingPlan], *, partner_id: UUID) -> None:
    new = [plan for plan in plans if plan.case and plan.case.id is None]
    CollectionCase.objects.bulk_create(
        [
            CollectionCase(partner_id=partner_id, subscription_id=plan.facts.subscription_id, **plan.case.values)
            for plan in new
            if plan.case
        ],
        batch_size=BATCH,
    )
    groups: dict[tuple[str, ...], list[tuple[object, ...]]] = {}
    for plan in plans:
        if plan.case and plan.case.id is not None:
            columns = tuple(sorted(plan.case.values))
            groups.setdefault(columns, []).append((plan.case.id, *(plan.case.values[name] for name in columns)))
    for columns, rows in groups.items():
        update_rows(CollectionCase, partner_id=partner_id, columns=columns, rows=rows)


def _access(plans: Sequence[BillingPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
    """Holds that collection places and releases, planned like any other hold from what stands now."""
    touched = [plan for plan in plans if plan.hold or plan.release]
    if not touched:
        return
    done: set[UUID] = set()
    for plan in touched:
        customer_id = plan.facts.customer_id
        facts = load_facts(actor.partner_id, [customer_id], now=now, lock=True)[customer_id]
        target = None if plan.hold == "customer" else plan.facts.subscription_id
        found: list[AccessPlan] = []
        if plan.hold:
            found = [plan_suspension(facts, subscription_id=target, kind=HoldKind.NONPAYMENT, reason="")]
        elif customer_id not in done:
            kinds = frozenset({HoldKind.NONPAYMENT})
            wide = any(hold.kind is HoldKind.NONPAYMENT for hold in facts.holds)
            target = None if wide else plan.facts.subscription_id
            found = [plan_reactivation(facts, subscription_id=target, kinds=kinds, reason="")]
            done |= {customer_id} if wide else set()
        access.apply(found, actor=actor, action_id=action_id, now=now)
