"""What an action wrote and its undo takes back: lines that were paid, and lines that were credited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from billing.documents.models import CreditNoteLine, InvoiceLine
from billing.rules.changes.undoing import Credited
from billing.tax.rules.amounts import parts_from
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period


def paid_lines(partner_id: UUID, invoice_ids: Collection[UUID]) -> dict[UUID, dict[UUID, str]]:
    """By invoice, its lines, each with the invoice's name."""
    found: defaultdict[UUID, dict[UUID, str]] = defaultdict(dict)
    if invoice_ids:
        rows = InvoiceLine.objects.for_partner(partner_id).filter(invoice__in=invoice_ids).select_related("invoice")
        for row in rows:
            found[row.invoice_id][row.pk] = row.invoice.label
    return dict(found)


def credited_lines(partner_id: UUID, note_ids: Collection[UUID]) -> dict[UUID, tuple[Credited, ...]]:
    """By credit note, its lines in their order."""
    found: defaultdict[UUID, list[Credited]] = defaultdict(list)
    if note_ids:
        rows = CreditNoteLine.objects.for_partner(partner_id).filter(credit_note__in=note_ids)
        for row in rows.select_related("credit_note").order_by("credit_note_id", "position"):
            if row.period_starts_on is None or row.period_ends_on is None:
                raise ValueError("a line of a credit note has a period")
            amount = Money(row.amount, row.credit_note.currency)
            period = Period(row.period_starts_on, row.period_ends_on)
            parts = parts_from(row.taxes, amount.currency)
            line = Credited(row.credit_note.label, row.text, row.quantity, amount, period, parts)
            found[row.credit_note_id].append(line)
    return {id_: tuple(lines) for id_, lines in found.items()}
