"""An open invoice is taken back, or given up, by a person: what becomes of its period, and of its collection."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from billing.documents.states import InvoiceKind, InvoiceStatus
from billing.rules.changes.dropping import own_events, plan_dropped, plan_unpaid_dropped
from billing.rules.changes.outcome import ChangeCaution, Planned
from billing.rules.changes.refusals import CannotChange
from billing.rules.changes.waiving import plan_waiver
from billing.rules.facts import BillingFacts, ChangeFacts, InvoiceFacts
from billing.rules.first_period import has_own_day
from billing.rules.limits import with_full_access
from billing.rules.own_events import own_event, with_note
from billing.rules.papers import voiding
from billing.rules.plan import BillingPlan, CaseDraft, InvoiceMove
from billing.rules.return_dropped import plan_return_dropped
from billing.rules.steps import plan_end
from partnerpanel.events.drafts import EventDraft
from subscriptions.rules.states import Collection, Lifecycle

VOIDED = "voided"
GIVEN_UP = "given_up"


class VoidThen(StrEnum):
    """What becomes of the period of a renewal invoice that is taken back: billed anew at once, or not owed at all."""

    REBILL = "rebill"
    FORGIVE = "forgive"


def plan_void(facts: ChangeFacts, invoice_id: UUID, *, then: VoidThen, note: str, now: datetime) -> Planned:
    """The open invoice is void, and its number stays. Collection ends; a renewal is billed anew, or forgiven; a change
    that waited for it does not happen, and one that happened before it was paid stays and is not owed.

    Raises CannotChange for an invoice that is not open.
    """
    billing, invoice = facts.billing, _open(facts, invoice_id)
    if billing.change_invoice is not None and invoice.id == billing.change_invoice.id:
        dropped = plan_dropped(billing, why=VOIDED)
        return Planned(_noted(dropped, invoice_id, note), facts.deal, at_once=False)
    if billing.is_restarting:
        dropped = plan_return_dropped(billing, why=VOIDED, now=now)
        return Planned(_noted(dropped, invoice_id, note), facts.deal, at_once=False)
    if invoice.kind is InvoiceKind.RENEWAL and then is VoidThen.FORGIVE:
        return plan_waiver(facts, note=note, now=now)
    renews = invoice.kind is InvoiceKind.RENEWAL
    dropped = plan_unpaid_dropped(billing, why=VOIDED) if renews else BillingPlan(billing)
    move, events = voiding(billing)
    ended = own_event(billing, "subscription.collection_ended", own_events(dropped) + 1, why=VOIDED)
    plan = _closed(replace(dropped, events=(*dropped.events, ended, *events), move=move), now)
    if renews and billing.lifecycle is Lifecycle.INCOMPLETE:
        # No term's end will ask for it: it begins once more, now. Without an invoice the agenda asks for no first
        # payment by itself, since what came here incomplete from elsewhere is no order to bill.
        day = {} if has_own_day(billing) else {"anchor_on": billing.today(now)}
        begins = {"lifecycle": Lifecycle.SCHEDULED, "started_at": now, **day}
        plan = replace(plan, values={**plan.values, **begins})
    cautions = (ChangeCaution.BILLED_ANEW,) if renews else (ChangeCaution.CHANGE_NOT_OWED,)
    return Planned(_noted(with_full_access(plan), invoice_id, note), facts.deal, cautions=cautions)


def plan_giving_up(facts: ChangeFacts, invoice_id: UUID, *, note: str, now: datetime) -> Planned:
    """Nobody will pay this invoice: it stays in the books as uncollectible, and can be paid later all the same.

    A subscription whose renewal it is ends; after a change that happened before it was paid it goes on, and the change
    is not asked for any more. Raises CannotChange for an invoice that is not collected.
    """
    billing, invoice = facts.billing, _open(facts, invoice_id)
    if billing.invoice is None or invoice.id != billing.invoice.id:
        message = "This invoice is not collected: void it, and the change is dropped."
        raise CannotChange("not_collected", message, field="invoice")
    if invoice.kind is InvoiceKind.RENEWAL:
        plan = ended_given_up(billing, invoice, why=GIVEN_UP, now=now)
        cautions: tuple[ChangeCaution, ...] = (ChangeCaution.ENDS_GIVEN_UP,)
    else:
        ended = own_event(billing, "subscription.collection_ended", why=GIVEN_UP)
        move, event = _given_up(billing, invoice)
        plan = with_full_access(_closed(BillingPlan(billing, events=(ended, event), move=move), now))
        cautions = (ChangeCaution.CHANGE_NOT_OWED,)
    return Planned(_noted(plan, invoice_id, note), facts.deal, cautions=cautions)


def ended_given_up(billing: BillingFacts, invoice: InvoiceFacts, *, why: str, now: datetime) -> BillingPlan:
    """The subscription ends, and what was being collected stays in the books as uncollectible."""
    plan, (move, event) = plan_end(billing, now=now, why=why), _given_up(billing, invoice)
    kept = tuple(one for one in plan.events if one.kind != "invoice.voided" or one.object_id != invoice.id)
    return replace(plan, events=(*kept, event), move=move)


def _given_up(billing: BillingFacts, invoice: InvoiceFacts) -> tuple[InvoiceMove, EventDraft]:
    move = InvoiceMove(invoice.id, invoice.version, InvoiceStatus.UNCOLLECTIBLE, invoice.paid)
    return move, EventDraft("invoice.given_up", "invoice", invoice.id, invoice.version + 1, billing.customer_id)


def _open(facts: ChangeFacts, invoice_id: UUID) -> InvoiceFacts:
    billing = facts.billing
    if billing.is_charging:
        raise CannotChange("being_charged", "A charge is being checked. Try again when its outcome is known.")
    for invoice in (billing.invoice, billing.change_invoice):
        if invoice is not None and invoice.id == invoice_id:
            return invoice
    raise CannotChange("not_open", "This invoice is not open.", field="invoice")


def _closed(plan: BillingPlan, now: datetime) -> BillingPlan:
    """Collection is over, and what it had taken away comes back."""
    billing: BillingFacts = plan.facts
    case = CaseDraft(billing.case.id, {"closed_at": now}) if billing.case else None
    values = {**plan.values, "collection": Collection.CURRENT, "renewal_waits": False}
    return replace(plan, values=values, case=case, release=billing.case is not None and billing.case.over)


def _noted(plan: BillingPlan, invoice_id: UUID, note: str) -> BillingPlan:
    """What a person wrote stands with what happened to the invoice."""
    events = [with_note(event, note) if event.object_id == invoice_id else event for event in plan.events]
    return replace(plan, events=tuple(events))
