"""Another deal where no paid period runs: nothing is prorated, and what is unpaid is billed anew. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from billing.documents.states import InvoiceKind
from billing.rules.addons import addon_lines, not_fitting
from billing.rules.changes.lines import Document, document_of, full_line
from billing.rules.changes.outcome import ChangeCaution, ChangeIds
from billing.rules.changes.refusals import CannotChange
from billing.rules.changes.settle import available_balance, plan_made
from billing.rules.facts import ChangeFacts, InvoiceFacts
from billing.rules.papers import voiding
from billing.rules.plan import BillingPlan, CaseDraft
from partnerpanel.kernel.period import nth_period
from partnerpanel.policy.rules.change import Unpaid
from subscriptions.rules.changes import OpenChange
from subscriptions.rules.states import Lifecycle


def plan_new_deal(
    facts: ChangeFacts, change: OpenChange, *, ids: ChangeIds, now: datetime, unpaid: Unpaid
) -> tuple[BillingPlan, tuple[ChangeCaution, ...]] | None:
    """Where no paid period runs, the change of plan; None where one does.

    In a trial and after the deadline nothing was paid, so there is nothing to give back or to charge: only the deal
    changes. An unpaid renewal, also the first one after a trial, is voided and billed anew from its period's start.
    """
    billing = facts.billing
    in_trial = billing.lifecycle is Lifecycle.TRIALING and billing.invoice is None
    if in_trial or (billing.case is not None and billing.case.over):
        return plan_made(billing, change, Document(), before=facts.deal, unpaid=unpaid, ids=ids, now=now)
    if billing.invoice is None:
        return None
    if billing.invoice.kind is not InvoiceKind.RENEWAL:
        raise CannotChange("unpaid", "An earlier change is not paid yet. Take its payment first.")
    return _billed_anew(facts, change, billing.invoice, ids=ids, now=now, unpaid=unpaid)


def _billed_anew(
    facts: ChangeFacts, change: OpenChange, old: InvoiceFacts, *, ids: ChangeIds, now: datetime, unpaid: Unpaid
) -> tuple[BillingPlan, tuple[ChangeCaution, ...]]:
    billing, deal = facts.billing, change.deal
    period, anchor = old.period, None
    if deal.plan.interval != facts.deal.plan.interval:
        period = nth_period(anchor=old.period.starts_on, interval=deal.plan.interval, n=0)
        anchor = period.starts_on
    leaving = not_fitting(billing.addons, deal.plan)
    kept = [one for one in billing.addons if one not in leaving]
    change = OpenChange(change.id, change.kind, change.state, deal, change.direction, anchor_on=anchor)
    plan_line = full_line(deal, period, coupon=billing.coupon, term=old.term_number)
    document = document_of(
        facts,
        [plan_line, *addon_lines(kept, deal.plan.interval, period)],
        id_=ids.document,
        note_id=ids.note,
        reason="plan_change",
        term_number=old.term_number,
        on=billing.today(now),
        available=available_balance(billing, old.held),
        change_id=ids.change,
        kind=InvoiceKind.RENEWAL,
    )
    return _rebilled(facts, change, document, ids=ids, now=now, unpaid=unpaid)


def _rebilled(
    facts: ChangeFacts,
    change: OpenChange,
    document: Document,
    *,
    ids: ChangeIds,
    now: datetime,
    unpaid: Unpaid,
) -> tuple[BillingPlan, tuple[ChangeCaution, ...]]:
    """The open renewal is taken back, and the same period billed by the new deal; the case goes on with that."""
    billing = facts.billing
    invoice = document.invoice
    if invoice is None or not invoice.due:
        # Nothing to pay, or less than the balance: what was owed is settled by the change itself.
        raise CannotChange("unpaid", "Something is owed for it. Take the payment first, or change it at renewal.")
    plan, cautions = plan_made(billing, change, document, before=facts.deal, unpaid=unpaid, ids=ids, now=now)
    void, voided = voiding(billing)
    case = CaseDraft(billing.case.id, {"invoice_id": invoice.id}) if billing.case else plan.case
    events = (*voided, *plan.events)
    values = {name: value for name, value in plan.values.items() if name != "collection" or billing.case is None}
    plan = replace(plan, events=events, values=values, void=void, case=case)
    return plan, (*cautions, ChangeCaution.VOIDS_OPEN_INVOICE)
