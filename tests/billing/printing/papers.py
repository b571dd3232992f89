"""Documents as they are printed, made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from billing.documents.states import LineKind
from billing.printing.paper import Paper, PaperKind, PaperLine, Party, Receipt, Seller
from billing.rules.addons import PRICE_FOR_PERIOD
from billing.rules.proration import UNUSED_VALUE
from billing.tax.rules.amounts import tax_of
from billing.tax.rules.places import TAX_REVERSE_CHARGE, Relief, Treatment
from billing.tax.rules.rates import Tax, TaxKind
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
VAT = Treatment((Tax(TaxKind.VAT, "VAT", Decimal(19), "DE"),))
REVERSE = Treatment(
    relief=Relief(
        Tax(TaxKind.REVERSE_CHARGE, "Reverse charge", Decimal(0), "AT"),
        Derivation(TAX_REVERSE_CHARGE, {"seller": "DE", "buyer": "AT", "tax_id": "ATU13585627"}),
    )
)
SELLER = Seller("Northwind Hosting", "help@northwind.example", "DE", "", "DE136695976", "en")


def buyer(name: str = "Ada Lovelace", locale: str = "en", **also: str) -> Party:
    return replace(Party(name, "ada@customer.example", "GB", "", "", locale), **also)


def line(price: Money, treatment: Treatment = VAT, name: str = "Basic") -> PaperLine:
    """A month of a plan."""
    taxed = tax_of(price, treatment)
    inputs = {"price": str(price), "quantity": "1", "plan": name, "from": "2026-03-01", "to": "2026-04-01"}
    why = Derivation(PRICE_FOR_PERIOD, inputs)
    return PaperLine(LineKind.PLAN, name, 1, taxed.net, MARCH, taxed.parts, why, gives_back=False, of="")


def credit(value: Money, treatment: Treatment = VAT) -> PaperLine:
    """Some days of a month that were paid for, given back on a credit note."""
    taxed = tax_of(value, treatment)
    inputs = {
        "charged": str(Money(2 * value.amount, value.currency)),
        "credited": str(Money.zero(value.currency)),
        "unused_days": "15",
        "period_days": "30",
        "limit": "none",
    }
    why = Derivation(UNUSED_VALUE, inputs)
    parts = taxed.parts
    return PaperLine(LineKind.UNUSED, "Basic", 1, value, MARCH, parts, why, gives_back=True, of="INV-000007")


def paper(lines: Sequence[PaperLine], buys: Party | None = None, **also: Any) -> Paper:
    """An open invoice with these lines."""
    subtotal = sum((one.amount for one in lines[1:]), lines[0].amount)
    zero = Money.zero(subtotal.currency)
    tax = sum((one.amount for line in lines for one in line.taxes), zero)
    made = Paper(
        PaperKind.INVOICE,
        "INV-000042",
        "open",
        SELLER,
        buys or buyer(),
        date(2026, 3, 1),
        datetime(2026, 3, 1, 9, tzinfo=UTC),
        lines,
        subtotal,
        tax,
        subtotal + tax,
        zero,
        zero,
        subtotal + tax,
        (),
    )
    return replace(made, **also)


def paid(one: Paper) -> Paper:
    """The same, paid by card."""
    receipts = (Receipt(date(2026, 3, 1), "card", "Visa 4242", one.total),)
    return replace(one, status="paid", receipts=receipts, due=Money.zero(one.total.currency))


def noted(lines: Sequence[PaperLine], buys: Party | None = None) -> Paper:
    """A credit note with these lines."""
    return replace(paper(lines, buys), kind=PaperKind.CREDIT_NOTE, label="CN-000003", status="")
