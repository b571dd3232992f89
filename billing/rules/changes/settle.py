"""From a change and its document to a plan: paid for at once, waiting for its payment, or in effect and collected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from billing.charging.states import Purpose
from billing.rules.addon_ends import ends
from billing.rules.changes.dropping import own_events, plan_dropped
from billing.rules.changes.effect import effect_of
from billing.rules.changes.lines import Document
from billing.rules.changes.outcome import ChangeCaution, ChangeIds
from billing.rules.changes.refusals import CannotChange
from billing.rules.coming import said_coming
from billing.rules.facts import BillingFacts
from billing.rules.own_events import own_event
from billing.rules.papers import issued, noted, paid
from billing.rules.plan import AttemptDraft, BillingPlan, CaseDraft, ChangeDraft, ChangeMove, InvoiceDraft
from billing.rules.steps import case_values
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.change import Unpaid
from partnerpanel.policy.rules.schedule import deadline_on
from subscriptions.rules.changes import ChangeKind, ChangeState, Deal, OpenChange
from subscriptions.rules.states import Collection


def plan_made(
    facts: BillingFacts,
    change: OpenChange,
    document: Document,
    *,
    before: Deal,
    unpaid: Unpaid,
    ids: ChangeIds,
    now: datetime,
    reverses: ChangeMove | None = None,
) -> tuple[BillingPlan, tuple[ChangeCaution, ...]]:
    """What is written when the change is made, and what to know of it. What was open before is dropped.

    Raises CannotChange where something is to be paid and nobody may be charged.
    """
    dropped, cautions = _dropped(facts, change)
    moves = (*dropped.changes, *((reverses,) if reverses else ()))
    invoice, note = document.invoice, document.credit_note
    if invoice is None or not invoice.due:
        return _in_effect(facts, change, document, before=before, dropped=dropped, moves=moves, now=now), cautions
    _refuse_charge(facts)
    attempt = None
    if facts.method is not None:
        attempt = AttemptDraft(ids.attempt, invoice.id, 1, Purpose.ASKED, invoice.due, facts.method)
    else:
        cautions = (*cautions, ChangeCaution.NO_CARD)
    if unpaid is Unpaid.APPLY_AND_COLLECT and note is None:
        plan = _collected(facts, change, invoice, before=before, dropped=dropped, moves=moves, now=now, attempt=attempt)
        return plan, cautions
    number = own_events(dropped) + 1
    awaits = own_event(
        facts,
        "subscription.change_awaits_payment",
        number,
        change=str(change.id),
        what=change.kind.value,
        plan=[str(facts.plan_id), str(change.deal.plan.id)],
        quantity=[facts.quantity, change.deal.quantity],
        **({"addon": str(change.addon.offer.id)} if change.addon else {}),
        amount=[invoice.due.amount, invoice.due.currency],
        invoice=str(invoice.id),
        automatic=attempt is not None,
    )
    plan = BillingPlan(
        facts,
        events=(*dropped.events, issued(facts, invoice), awaits),
        invoice=invoice,
        attempt=attempt,
        void=dropped.void,
        change=ChangeDraft(change, ChangeState.AWAITING, before, reverses.id if reverses else None),
        changes=dropped.changes,
    )
    return plan, (*cautions, ChangeCaution.TAKES_EFFECT_WHEN_PAID)


def _dropped(facts: BillingFacts, change: OpenChange) -> tuple[BillingPlan, tuple[ChangeCaution, ...]]:
    cautions = announced_dropped(facts, change)
    if facts.change is None:
        return BillingPlan(facts), cautions
    return plan_dropped(facts, why="replaced"), (ChangeCaution.REPLACES_SCHEDULED, *cautions)


def announced_dropped(facts: BillingFacts, change: OpenChange) -> tuple[ChangeCaution, ...]:
    """A price is announced for one deal, so another one does without it."""
    keeps = change.kind in (ChangeKind.BILLING_DATE, ChangeKind.ADDON)
    drops = facts.next_price is not None and not keeps
    return (ChangeCaution.DROPS_ANNOUNCED_PRICE,) if drops else ()


def _refuse_charge(facts: BillingFacts) -> None:
    if facts.charging_stopped:
        raise CannotChange("charging_stopped", "Charging is stopped: nobody is charged until it goes on.")
    if facts.is_held:
        message = "Nobody who is suspended is charged. Reactivate it first, or change it at the next billing."
        raise CannotChange("held", message)


def _in_effect(
    facts: BillingFacts,
    change: OpenChange,
    document: Document,
    *,
    before: Deal,
    dropped: BillingPlan,
    moves: Sequence[ChangeMove],
    now: datetime,
) -> BillingPlan:
    """Nothing is left to pay: it happens now."""
    effect = effect_of(facts, change, number=own_events(dropped) + 1)
    invoice, note = document.invoice, document.credit_note
    events = [*dropped.events, effect.event]
    move = None
    if invoice:
        move, paid_off = paid(facts, invoice)
        events += [issued(facts, invoice), paid_off]
    if note:
        events.append(noted(facts, note))
    done = ChangeDraft(change, ChangeState.APPLIED, before, reversed_by(moves))
    return BillingPlan(
        facts,
        events=tuple(events),
        values=effect.values,
        invoice=invoice,
        move=move,
        credit_note=note,
        term=effect.term,
        dates=effect.dates,
        addons=effect.addons,
        addon_moves=ends(effect.addons_gone, now),
        void=dropped.void,
        change=done,
        changes=tuple(moves),
    )


def _collected(
    facts: BillingFacts,
    change: OpenChange,
    invoice: InvoiceDraft,
    *,
    before: Deal,
    dropped: BillingPlan,
    moves: Sequence[ChangeMove],
    now: datetime,
    attempt: AttemptDraft | None,
) -> BillingPlan:
    """It happens now, and its invoice is collected as any other; without a card grace begins at once."""
    effect = effect_of(facts, change, number=own_events(dropped) + 1)
    values, case = dict(effect.values), None
    events = [*dropped.events, effect.event, issued(facts, invoice)]
    if attempt is None:
        case = CaseDraft(None, case_values(facts, invoice_id=invoice.id, now=now))
        values["collection"] = Collection.RETRYING
        until = deadline_on(facts.policy, first_on=facts.today(now)).value.isoformat()
        coming = said_coming(facts, first_on=facts.today(now))
        amount = [invoice.due.amount, invoice.due.currency]
        number = own_events(dropped) + 2
        events.append(own_event(facts, "subscription.payment_due", number, amount=amount, until=until, **coming))
    return BillingPlan(
        facts,
        events=tuple(events),
        values=values,
        invoice=replace(invoice, change_id=change.id),
        attempt=attempt,
        case=case,
        term=effect.term,
        dates=effect.dates,
        addons=effect.addons,
        addon_moves=ends(effect.addons_gone, now),
        void=dropped.void,
        change=ChangeDraft(change, ChangeState.APPLIED, before),
        changes=tuple(moves),
    )


def reversed_by(moves: Sequence[ChangeMove]) -> UUID | None:
    """The change that is taken back, if one is."""
    return next((move.id for move in moves if move.state is ChangeState.REVERSED), None)


def available_balance(billing: BillingFacts, back: Money | None = None) -> Money:
    """What the customer has in credit, with what dropped invoices give back."""
    held = billing.change_invoice.held if billing.change_invoice else None
    parts = [part for part in (billing.balance, back, held) if part]
    return Money.sum(parts, billing.price.currency)
