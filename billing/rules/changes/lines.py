"""The lines of a change, and the document that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from billing.documents.states import InvoiceKind, LineKind
from billing.rules.facts import ChangeFacts, ServiceLine
from billing.rules.plan import CreditNoteDraft, InvoiceDraft, LineDraft
from billing.rules.proration import price_of_days, unused_days, unused_value
from billing.rules.renewal import PRICE_FOR_PERIOD
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period
from subscriptions.rules.changes import Deal

REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Document:
    """What lines come to: an invoice where there is something to pay, else a credit note; neither for no lines."""

    invoice: InvoiceDraft | None = None
    credit_note: CreditNoteDraft | None = None


def running_lines(facts: ChangeFacts, on: date) -> list[tuple[ServiceLine, Period]]:
    """The paid lines whose days are not over, each with the period that it really pays for.

    The last one lasts as long as the term does: days given for free spread its worth, days given back shorten it.
    """
    term = facts.billing.term
    if term is None or not facts.lines:
        return []
    last = max(line.period.ends_on for line in facts.lines)
    found = []
    for line in facts.lines:
        period = line.period
        if period.ends_on == last and term.period.ends_on > period.starts_on:
            period = Period(period.starts_on, term.period.ends_on)
        if period.ends_on > on:
            found.append((line, period))
    return found


def base_period(facts: ChangeFacts, on: date) -> Period:
    """The period that the running term's price is for; the term itself where nothing was paid."""
    term = facts.billing.term
    if term is None:
        raise ValueError("a subscription without a term has no period")
    around = [period for _, period in running_lines(facts, on) if period.starts_on <= on]
    return max(around, key=lambda period: period.starts_on) if around else term.period


def unused_lines(facts: ChangeFacts, on: date) -> list[LineDraft]:
    """What is given back when everything that runs stops on `on`; nothing for what was never paid."""
    drafts = []
    for line, period in running_lines(facts, on):
        value = unused_value(
            charged=line.charged - line.returned, credited=line.credited - line.returned, period=period, on=on
        )
        if value.value:
            rest = Period(max(on, period.starts_on), period.ends_on)
            drafts.append(LineDraft(LineKind.UNUSED, line.text, 1, -value.value, rest, value.why, line.ref))
    return drafts


def full_line(deal: Deal, period: Period) -> LineDraft:
    """The price of a whole period."""
    why = Derivation(
        PRICE_FOR_PERIOD,
        {
            "plan": deal.plan.name,
            "quantity": str(deal.quantity),
            "price": str(deal.price),
            "from": period.starts_on.isoformat(),
            "to": period.ends_on.isoformat(),
        },
    )
    return LineDraft(LineKind.PLAN, deal.plan.name, deal.quantity, deal.price, period, why)


def rest_line(deal: Deal, *, base: Period, on: date, ends_on: date) -> LineDraft:
    """The price of the days that are left of `base`."""
    value = price_of_days(price=deal.price, days=unused_days(base, on), period_days=base.days)
    return LineDraft(LineKind.PLAN, deal.plan.name, deal.quantity, value.value, Period(on, ends_on), value.why)


def reversal_lines(facts: ChangeFacts) -> list[LineDraft]:
    """The documents of the newest change taken back, line by line; never more than what is left of one."""
    drafts = []
    for line in facts.posted:
        amount = -min(line.amount, line.left) if line.amount.amount > 0 else -line.amount
        why = Derivation(REVERSAL, {"amount": str(line.amount), "left": str(line.left), "document": line.document})
        if amount:
            drafts.append(LineDraft(LineKind.REVERSAL, line.text, line.quantity, amount, line.period, why, line.ref))
    return drafts


def document_of(
    facts: ChangeFacts,
    lines: Sequence[LineDraft],
    *,
    id_: UUID,
    reason: str,
    term_number: int,
    available: Money | None = None,
    change_id: UUID | None = None,
    kind: InvoiceKind = InvoiceKind.CHANGE,
) -> Document:
    """An invoice for what the lines come to, the customer's balance taken first; below zero a credit note."""
    if not lines:
        return Document()
    net = Money.sum((line.amount for line in lines), facts.billing.price.currency)
    if net.amount < 0:
        turned = tuple(_turned(line) for line in lines)
        return Document(credit_note=CreditNoteDraft(id_, reason, turned, -net, change_id))
    period = Period(min(line.period.starts_on for line in lines), max(line.period.ends_on for line in lines))
    balance = available or Money.zero(net.currency)
    credit = Money(min(balance.amount, net.amount), net.currency)
    return Document(invoice=InvoiceDraft(id_, kind, term_number, period, tuple(lines), net, credit, change_id))


def _turned(line: LineDraft) -> LineDraft:
    return LineDraft(line.kind, line.text, line.quantity, -line.amount, line.period, line.why, line.credits)
