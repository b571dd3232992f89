"""What stands after a plan is written, without reading it back: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from billing.charging.states import OPEN, AttemptStatus
from billing.documents.states import InvoiceKind, InvoiceStatus
from billing.rules.facts import BillingFacts, CaseFacts, InvoiceFacts, TermFacts
from billing.rules.plan import BillingPlan, InvoiceMove
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.kernel.money import Money
from subscriptions.rules.movements import moves

# Columns of the subscription that are facts by the same name, and change no other fact.
KEPT = frozenset({"lifecycle", "collection", "anchor_on", "auto_renew", "cancel_at_period_end", "reminded_on"})
CASE = frozenset({"first_on", "attempts", "last_attempt_on", "is_hard"})
NOTED = {"in_grace_from": "in_grace", "warned_on": "warned", "over_on": "over"}


def facts_after(plan: BillingPlan) -> BillingFacts | None:
    """The facts as loading would find them, but for the number of a new invoice and the customer's balance.

    None where only the rows can say: a case that opens, a hold that comes or goes, a service that begins, a change
    within the term, other columns that move.
    """
    facts = plan.facts
    opens = plan.case is not None and plan.case.id is None
    others = any(name not in KEPT and getattr(facts, name, ...) != value for name, value in plan.values.items())
    if opens or others or plan.begins or plan.hold or plan.release or _changes(plan):
        return None
    kept = {name: value for name, value in plan.values.items() if name in KEPT}
    return replace(
        facts,
        version=plan.version,
        term=_term(plan),
        invoice=_invoice(plan),
        case=_case(facts.case, plan.case.values) if facts.case and plan.case else facts.case,
        is_charging=_is_charging(plan),
        awaits_customer=_awaits_customer(plan),
        recurring=recurring_after(plan),
        **kept,
    )


def recurring_after(plan: BillingPlan) -> Money:
    """What the subscription counts for in a month from then on, as the last event about it says."""
    told = [event.data for event in plan.events if event.object_id == plan.facts.subscription_id]
    moved = [after for data in told for _before, after in moves(data)]
    return moved[-1] if moved else plan.facts.recurring


def balance_after(plan: BillingPlan, before: Money | None) -> Money | None:
    """What the customer then has in the subscription's currency, of what it had before; None for nothing."""
    zero = Money.zero(plan.facts.price.currency)
    parts = [before or zero, plan.surplus or zero]
    parts += [move.given_back for move in (plan.void, plan.move) if move and move.given_back]
    parts += [plan.credit_note.kept] if plan.credit_note else []
    parts += [-plan.invoice.credit] if plan.invoice else []
    return Money.sum(parts, zero.currency) or None


def _changes(plan: BillingPlan) -> bool:
    """Whether anything is agreed, paid or moved within the term."""
    agreed = plan.facts.change or plan.facts.change_invoice or plan.change or plan.changes
    other = plan.invoice is not None and plan.invoice.kind is not InvoiceKind.RENEWAL
    extras = plan.addons or plan.addon_moves or plan.coupon or plan.coupon_ends
    return bool(agreed or extras or plan.dates or plan.void or plan.credit_note or other)


def _term(plan: BillingPlan) -> TermFacts | None:
    if plan.term is None:
        return plan.facts.term
    ends_at = start_of_day(plan.term.period.ends_on, plan.facts.zone)
    return TermFacts(plan.term.number, plan.term.period, ends_at)


def _invoice(plan: BillingPlan) -> InvoiceFacts | None:
    found, draft = plan.facts.invoice, plan.invoice
    if draft is not None:
        found = InvoiceFacts(draft.id, "", draft.term_number, draft.period, draft.due, 1, draft.credit or None)
    if found is None or plan.move is None or plan.move.id != found.id:
        return found
    # It moves to paid or void and is open no more, or a part of it was paid.
    return still_open(found, plan.move)


def still_open(invoice: InvoiceFacts, move: InvoiceMove) -> InvoiceFacts | None:
    """The invoice after the move, with what is due then; None where nothing is."""
    if move.status is not InvoiceStatus.OPEN or move.paid is None:
        return None
    came = move.paid - invoice.paid if invoice.paid else move.paid
    return replace(invoice, due=invoice.due - came, paid=move.paid, version=move.version + 1)


def _case(case: CaseFacts, values: Mapping[str, Any]) -> CaseFacts | None:
    if "closed_at" in values:
        return None
    changes: dict[str, Any] = {name: value for name, value in values.items() if name in CASE}
    noted: dict[str, Any] = {fact: True for column, fact in NOTED.items() if column in values}
    return replace(case, **changes, **noted)


def _awaits_customer(plan: BillingPlan) -> bool:
    if plan.attempt is not None:
        return False
    return plan.settled.status is AttemptStatus.ACTION_REQUIRED if plan.settled else plan.facts.awaits_customer


def _is_charging(plan: BillingPlan) -> bool:
    if plan.attempt is not None:
        return True
    return plan.settled.status in OPEN if plan.settled is not None else plan.facts.is_charging
