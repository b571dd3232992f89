"""The lines of invoices and credit notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers

from billing.documents.models import CreditNoteLine, InvoiceLine
from billing.documents.states import LineKind
from partnerpanel.kernel.money import Money
from partnerpanel.wire.resources import Shown
from partnerpanel.wire.shapes import MoneyShape, On, Shape, Whole, anything, one_of
from partnerpanel.wire.values import day, money


class PeriodShape(Shape):
    """Half-open: its last day is the one before `ends_on`."""

    starts_on = On()
    ends_on = On()

    class Meta:
        ref_name = "Period"


class LineShape(Shape):
    """One line; `amount` is without tax. `derivation` says how it came about: a rule, what went in, and its parts."""

    description = serializers.CharField()
    kind = one_of(LineKind)
    quantity = Whole()
    amount = MoneyShape()
    tax = MoneyShape()
    period = PeriodShape(allow_null=True)
    derivation = anything("The rule by which the amount came about, with its inputs and their own derivations.")

    class Meta:
        ref_name = "Line"


def shown_line(row: InvoiceLine | CreditNoteLine, currency: str) -> Shown:
    return {
        "description": row.text,
        "kind": row.kind,
        "quantity": row.quantity,
        "amount": money(Money(row.amount, currency)),
        "tax": money(Money(row.tax_amount, currency)),
        "period": shown_period(row),
        "derivation": row.derivation,
    }


def shown_period(row: Any) -> Mapping[str, str | None] | None:
    """The period of a document or a line, where it has one."""
    if row.period_starts_on is None or row.period_ends_on is None:
        return None
    return {"starts_on": day(row.period_starts_on), "ends_on": day(row.period_ends_on)}


def lines_by_invoice(partner_id: UUID, invoice_ids: list[UUID]) -> dict[UUID, list[InvoiceLine]]:
    """Lines of each invoice in their order."""
    found: dict[UUID, list[InvoiceLine]] = {}
    rows = InvoiceLine.objects.for_partner(partner_id).filter(invoice__in=invoice_ids).order_by("invoice", "position")
    for row in rows:
        found.setdefault(row.invoice_id, []).append(row)
    return found
