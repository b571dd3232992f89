"""Asking a question of the past once more: the invoice and the attempt that the books have lost, as they were.

The gateway's metadata name them. The attempt gets its old id, so its key is the old one too: it can be settled by what
the gateway answers, and can never become a second charge.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from billing.charging.models import PaymentAttempt
from billing.charging.settle import Answered, settle
from billing.charging.states import Purpose
from billing.documents.models import Invoice
from billing.documents.states import InvoiceKind, InvoiceStatus
from billing.gateway.port import ListedCharge
from billing.queries.facts import invoice_facts, load
from billing.rules.facts import BillingFacts, InvoiceFacts, MethodFacts
from billing.rules.papers import issued
from billing.rules.plan import AttemptDraft, BillingPlan, InvoiceDraft
from billing.rules.reconciling import Traces, traces_of
from billing.services.apply import apply
from billing.services.pay import NothingToPay, owed
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.wake import nobody_woken
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant


class CannotRecreate(Exception):
    """Why a person has to look at this charge."""


def recreate(partner_id: UUID, gateway: str, listed: ListedCharge) -> None:
    """Writes what the charge was for as of its instant, and settles it with the gateway's answer. Opens scopes.

    Where the books ask for another amount than was taken, the attempt waits for a person and the subscription is not
    charged meanwhile. Raises CannotRecreate; then nothing is written.
    """
    traces = traces_of(listed)
    if traces is None:
        raise CannotRecreate("its metadata do not say what it was for")
    with tenant(partner_id), nobody_woken():
        plan = _plan(partner_id, gateway, listed, traces)
        apply([plan], actor=Actor.system(partner_id), action_id=uuid7(), now=listed.at)
    settle(partner_id, [Answered(traces.attempt, listed.answer)], now=listed.at)


def _plan(partner_id: UUID, gateway: str, listed: ListedCharge, traces: Traces) -> BillingPlan:
    facts = load(partner_id, [traces.subscription], now=listed.at, lock=True).get(traces.subscription)
    if facts is None or str(facts.customer_id) != listed.customer:
        raise CannotRecreate("there is no such subscription here")
    if PaymentAttempt.objects.for_partner(partner_id).filter(pk=traces.attempt).exists():
        raise CannotRecreate("it was found meanwhile")
    if facts.is_charging:
        raise CannotRecreate("another charge of the subscription is under way")
    invoice, draft = _invoice(partner_id, facts, traces, listed.at)
    method = MethodFacts(facts.method.id if facts.method else uuid7(), gateway, listed.method, "")
    if facts.method and facts.method.ref == listed.method:
        method = facts.method
    ordinal = facts.case.attempts + 1 if facts.case else 1
    attempt = AttemptDraft(traces.attempt, invoice.id, ordinal, Purpose(traces.purpose), invoice.due, method)
    return BillingPlan(facts, events=(issued(facts, draft),) if draft else (), invoice=draft, attempt=attempt)


def _invoice(
    partner_id: UUID, facts: BillingFacts, traces: Traces, at: datetime
) -> tuple[InvoiceFacts, InvoiceDraft | None]:
    row = Invoice.objects.for_partner(partner_id).filter(pk=traces.invoice).first()
    if row is not None:
        if row.status != InvoiceStatus.OPEN or row.subscription_id != facts.subscription_id:
            raise CannotRecreate(f"its invoice {row.label} is {row.status}")
        return invoice_facts(row), None
    if traces.kind != InvoiceKind.RENEWAL:
        raise CannotRecreate(f"its invoice is lost, and was for a {traces.kind}")
    try:
        invoice, draft = owed(facts, now=at)
    except NothingToPay as error:
        raise CannotRecreate(f"term {traces.term} is not owed here: {error.message}") from error
    if draft is None or draft.term_number != traces.term:
        raise CannotRecreate(f"it was for term {traces.term}, and term {invoice.term_number} is owed")
    return replace(invoice, id=traces.invoice), replace(draft, id=traces.invoice)
