"""What a customer brings along when moving in, and what its open invoice is here. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from billing.charging.states import Purpose
from billing.documents.states import InvoiceKind, LineKind
from billing.rules.coming import said_coming
from billing.rules.facts import BillingFacts
from billing.rules.own_events import own_event, said_limits
from billing.rules.papers import issued
from billing.rules.plan import BillingPlan, CaseDraft, InvoiceDraft, LineDraft
from billing.rules.steps import attempt_of, case_values
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.schedule import deadline_on
from subscriptions.rules.states import Collection

MOVED_IN = "moved_in"


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice that is unpaid where the customer came from; `amount` is all that is due of it, taxes included."""

    number: str
    amount: Money
    on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class BroughtAlong:
    """What one customer brings: money in its favour, an unpaid invoice, and what the gateway calls it and its card."""

    balance: Money | None = None
    invoice: OpenInvoice | None = None
    gateway_customer: str = ""
    gateway_method: str = ""

    @property
    def is_something(self) -> bool:
        return bool(self.balance or self.invoice or self.gateway_method)


def plan_opened(facts: BillingFacts, invoice: OpenInvoice, *, now: datetime, ids: tuple[UUID, UUID]) -> BillingPlan:
    """The open invoice is collected from now on like any that is unpaid.

    Where it is due and there is a card, that is charged at once; else its case opens on the day it is due. It carries
    no tax: the document of the tax is the invoice where the customer came from. `ids` are those of the invoice and the
    attempt.
    """
    draft = _draft(facts, invoice, id_=ids[0])
    today = facts.today(now)
    events = (issued(facts, draft),)
    is_due = invoice.due_on <= today and not facts.charging_stopped
    attempt = attempt_of(facts, draft, id_=ids[1], purpose=Purpose.RENEWAL) if facts.auto_renew and is_due else None
    if attempt is not None:
        return BillingPlan(facts, events=events, invoice=draft, attempt=attempt)
    first_on = max(invoice.due_on, today)
    values = case_values(facts, invoice_id=draft.id, now=now) | {"first_on": first_on, "last_attempt_on": first_on}
    asked = own_event(
        facts,
        "subscription.payment_due",
        amount=[invoice.amount.amount, invoice.amount.currency],
        until=deadline_on(facts.policy, first_on=first_on).value.isoformat(),
        **said_limits(facts.policy),
        **said_coming(facts, first_on=first_on),
    )
    return BillingPlan(
        facts,
        events=(*events, asked),
        values={"collection": Collection.RETRYING},
        invoice=draft,
        case=CaseDraft(None, values),
    )


def _draft(facts: BillingFacts, invoice: OpenInvoice, *, id_: UUID) -> InvoiceDraft:
    if facts.term is None:
        raise ValueError("an open invoice is for a term that runs")
    why = Derivation(MOVED_IN, {"invoice": invoice.number, "on": invoice.on.isoformat()})
    period = facts.term.period
    line = LineDraft(LineKind.MOVED_IN, invoice.number, 1, invoice.amount, period, why, taxes=())
    nothing = Money.zero(invoice.amount.currency)
    return InvoiceDraft(id_, InvoiceKind.MOVED_IN, facts.term.number, period, (line,), invoice.amount, nothing)
