"""Lines with their tax, and the invoice that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from billing.documents.states import InvoiceKind
from billing.rules.facts import BillingFacts
from billing.rules.plan import InvoiceDraft, LineDraft
from billing.tax.rules.amounts import tax_of
from billing.tax.rules.places import Treatment
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period

NET_OF_PRICE = "net_of_price"


def taxed(line: LineDraft, treatment: Treatment) -> LineDraft:
    """The line with its tax. One that contains it is told without; one that takes another back has the other's."""
    if line.taxes is not None:
        return line
    found = tax_of(line.amount, treatment)
    if found.net == line.amount:
        return replace(line, taxes=found.parts)
    inputs = {"price": str(line.amount), "tax": str(line.amount - found.net)}
    why = Derivation(NET_OF_PRICE, inputs, parts=(line.why,))
    return replace(line, amount=found.net, why=why, taxes=found.parts)


def taxed_lines(facts: BillingFacts, lines: Sequence[LineDraft], *, on: date) -> tuple[LineDraft, ...]:
    """The lines of a document of that day."""
    treatment = facts.tax.on(on)
    return tuple(taxed(line, treatment) for line in lines)


def invoice_of(
    facts: BillingFacts,
    lines: Sequence[LineDraft],
    *,
    id_: UUID,
    kind: InvoiceKind,
    term_number: int,
    period: Period,
    on: date,
    available: Money | None = None,
    change_id: UUID | None = None,
) -> InvoiceDraft:
    """The invoice of these lines with the taxes of the day it is issued, the balance that is available taken first."""
    done = taxed_lines(facts, lines, on=on)
    total = gross_total(done, facts.price.currency)
    credit = Money(min(available.amount, total.amount) if available else 0, total.currency)
    return InvoiceDraft(id_, kind, term_number, period, done, total, credit, change_id)


def gross_total(lines: Sequence[LineDraft], currency: str) -> Money:
    """What lines come to with their tax."""
    return Money.sum((line.gross for line in lines), currency)
