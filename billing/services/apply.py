"""Writing billing plans: bulk statements for a list of them, in the open scope, under the locks that loading took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from billing.collection.models import CollectionCase
from billing.documents.models import Payment
from billing.queries.facts import load
from billing.rules.after import facts_after, recurring_after
from billing.rules.agenda import next_appointment
from billing.rules.facts import CaseFacts
from billing.rules.plan import BillingPlan
from billing.services import attempts, credit_notes, invoices, ledger, refunds
from partnerpanel.events.services import record
from partnerpanel.policy.rules.ahead import ahead
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import insert_rows, update_rows
from subscriptions.queries.facts import load_facts
from subscriptions.rules.access_plan import AccessPlan
from subscriptions.rules.changes import ChangeState
from subscriptions.rules.coupons import HeldCoupon
from subscriptions.rules.states import HoldKind
from subscriptions.rules.suspension import plan_reactivation, plan_suspension
from subscriptions.services import access
from subscriptions.services.addons import add_addons, move_addons
from subscriptions.services.changes import MovedChange, NewChange, make_changes, move_changes
from subscriptions.services.coupons import end_coupons, redeem_coupons
from subscriptions.services.opening import open_services
from subscriptions.services.terms import MovedTerm, NewTerm, move, move_terms, open_terms, refresh

# Columns of the subscription that no tab asks for.
DATES = frozenset({"anchor_on", "reminded_on"})
PAYMENT = (
    "id",
    "customer",
    "invoice",
    "attempt_id",
    "source",
    "currency",
    "amount",
    "gateway",
    "gateway_id",
    "method_text",
    "note",
    "received_on",
    "recorded_at",
)


def apply(plans: Sequence[BillingPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
    """Writes the plans and sets when each subscription is looked at next.

    Raises IntegrityError where another transaction was first, which the locks prevent.
    """
    if not plans:
        return
    partner_id = actor.partner_id
    _changes(plans, partner_id=partner_id, action_id=action_id, now=now)
    invoices.void(plans, partner_id=partner_id, now=now)
    invoices.reduce(plans, partner_id=partner_id)
    invoices.issue(plans, partner_id=partner_id, now=now)
    invoices.pay(plans, partner_id=partner_id, now=now)
    credit_notes.issue(plans, partner_id=partner_id, now=now)
    attempts.settle(plans, partner_id=partner_id, now=now)
    attempts.intend(plans, partner_id=partner_id, now=now)
    _payments(plans, partner_id=partner_id, now=now)
    add_addons(partner_id, [(plan.facts.subscription_id, one) for plan in plans for one in plan.addons], now=now)
    move_addons(partner_id, [one for plan in plans for one in plan.addon_moves])
    end_coupons(partner_id, [end for plan in plans for end in plan.coupons_gone], now=now)
    redeem_coupons(partner_id, [redeemed for plan in plans for redeemed in _redeemed(plan)], now=now)
    ledger.enter(plans, partner_id=partner_id, now=now)
    refunds.intend(plans, partner_id=partner_id, now=now)
    _cases(plans, partner_id=partner_id)
    move_terms(partner_id, [_dates(plan) for plan in plans if plan.dates])
    open_terms(partner_id, [_term(plan) for plan in plans if plan.term])
    due, unsaid = _appointed(plans, now=now)
    changed = {}
    for plan in plans:
        id_ = plan.facts.subscription_id
        changed[id_] = {**plan.values, **_recurring(plan), "version": plan.version, **due.get(id_, {})}
    move(partner_id, changed)
    begun = [plan.facts.subscription_id for plan in plans if plan.begins]
    open_services(partner_id, begun, action_id=action_id, now=now)
    record([event for plan in plans for event in plan.events], actor=actor, action_id=action_id, now=now)
    refresh(partner_id, {plan.facts.customer_id for plan in plans if _moves_standing(plan)}, now=now)
    _access(plans, actor=actor, action_id=action_id, now=now)
    _wake(partner_id, due, now)
    reschedule(unsaid, partner_id=partner_id, now=now)


def reschedule(subscription_ids: Sequence[UUID], *, partner_id: UUID, now: datetime) -> None:
    """Sets `due_at` of each from its facts as they are now, and wakes a worker for those that are due at once."""
    if subscription_ids:
        found = load(partner_id, subscription_ids, now=now)
        due = {id_: {"due_at": next_appointment(facts, now=now).at} for id_, facts in found.items()}
        move(partner_id, due)
        _wake(partner_id, due, now)


def _wake(partner_id: UUID, due: Mapping[UUID, Mapping[str, datetime | None]], now: datetime) -> None:
    if any(at is not None and at <= now for values in due.values() for at in values.values()):
        wake("subscriptions", partner_id)


def _appointed(
    plans: Sequence[BillingPlan], *, now: datetime
) -> tuple[dict[UUID, dict[str, datetime | None]], list[UUID]]:
    """When each is looked at next, as far as the plans say, and the subscriptions of which they do not."""
    due: dict[UUID, dict[str, datetime | None]] = {}
    unsaid = []
    for plan in plans:
        after = facts_after(plan)
        if after is None:
            unsaid.append(plan.facts.subscription_id)
        else:
            due[plan.facts.subscription_id] = {"due_at": next_appointment(after, now=now).at}
    return due, unsaid


def _moves_standing(plan: BillingPlan) -> bool:
    """Whether the customer's tabs may change: anything of the subscription moved but its dates."""
    return any(name not in DATES and getattr(plan.facts, name, ...) != value for name, value in plan.values.items())


def _recurring(plan: BillingPlan) -> dict[str, int]:
    after = recurring_after(plan)
    return {"mrr_amount": after.amount} if after != plan.facts.recurring else {}


def _redeemed(plan: BillingPlan) -> list[tuple[UUID, UUID, HeldCoupon]]:
    return [(plan.facts.customer_id, plan.facts.subscription_id, plan.coupon)] if plan.coupon else []


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
    rows = [
        (
            plan.payment.id,
            plan.facts.customer_id,
            plan.payment.invoice_id,
            plan.payment.attempt_id,
            plan.payment.source,
            plan.payment.amount.currency,
            plan.payment.amount.amount,
            plan.payment.gateway,
            plan.payment.gateway_id,
            plan.payment.method_text,
            plan.payment.note,
            plan.payment.received_on,
            now,
        )
        for plan in plans
        if plan.payment
    ]
    insert_rows(Payment, partner_id=partner_id, columns=PAYMENT, rows=rows)


def _cases(plans: Sequence[BillingPlan], *, partner_id: UUID) -> None:
    CollectionCase.objects.bulk_create(
        [
            CollectionCase(partner_id=partner_id, subscription_id=plan.facts.subscription_id, **plan.case.values)
            for plan in plans
            if plan.case and plan.case.id is None
        ]
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
            held = plan_suspension(facts, subscription_id=target, kind=HoldKind.NONPAYMENT, reason="")
            found = [_with_what_follows(held, plan.facts.case)]
        elif customer_id not in done:
            kinds = frozenset({HoldKind.NONPAYMENT})
            wide = any(hold.kind is HoldKind.NONPAYMENT for hold in facts.holds)
            target = None if wide else plan.facts.subscription_id
            found = [plan_reactivation(facts, subscription_id=target, kinds=kinds, reason="")]
            done |= {customer_id} if wide else set()
        access.apply(found, actor=actor, action_id=action_id, now=now)


def _with_what_follows(held: AccessPlan, case: CaseFacts | None) -> AccessPlan:
    """The suspension is told with how long data is kept, by the policy of its case."""
    if case is None:
        return held
    # What could have moved to a free plan was not suspended.
    said = ahead(case.policy, first_on=case.first_on, has_free=False, is_over=True).as_data()
    told = ("customer.suspended", "subscription.suspended")
    events = [replace(one, data={**one.data, **said}) if one.kind in told else one for one in held.events]
    return replace(held, events=tuple(events))
