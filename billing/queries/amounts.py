"""What documents come to, by their ids."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from billing.models import Invoice, Payment
from partnerpanel.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Amount:
    """An invoice or a payment by its name: `label` is the invoice's number, `how` what it was paid with."""

    label: str
    money: Money
    invoice_id: UUID
    how: str = ""


def amounts_of(partner_id: UUID, subscription_id: UUID) -> dict[UUID, Amount]:
    """Invoices and payments of one subscription."""
    invoices = Invoice.objects.for_partner(partner_id).filter(subscription=subscription_id).in_bulk()
    payments = Payment.objects.for_partner(partner_id).filter(invoice__in=invoices)
    return _amounts(invoices, payments)


def amounts_by_id(partner_id: UUID, ids: Collection[UUID]) -> dict[UUID, Amount]:
    """Those of the ids that are invoices or payments."""
    payments = list(Payment.objects.for_partner(partner_id).filter(pk__in=ids))
    wanted = {*ids, *(row.invoice_id for row in payments)}
    return _amounts(Invoice.objects.for_partner(partner_id).filter(pk__in=wanted).in_bulk(), payments)


def _amounts(invoices: Mapping[UUID, Invoice], payments: Iterable[Payment]) -> dict[UUID, Amount]:
    found = {id_: Amount(row.label, row.total, id_) for id_, row in invoices.items()}
    for row in payments:
        how = row.method_text or row.source
        found[row.pk] = Amount(invoices[row.invoice_id].label, row.money, row.invoice_id, how)
    return found
