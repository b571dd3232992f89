"""What mails quote of documents and charges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from billing.documents.states import LineKind
from billing.models import Invoice, InvoiceLine, PaymentAttempt
from billing.queries.invoice_page import period_of
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period
from partnerpanel.tenancy.reads import Read


@dataclass(frozen=True, slots=True)
class LineOfPaper:
    """One line of an invoice, as a mail lists it."""

    kind: LineKind
    text: str
    quantity: int
    amount: Money
    period: Period | None


def invoice_labels(partner_id: UUID, invoice_ids: Collection[UUID]) -> dict[UUID, str]:
    """The number of each invoice as people write it, for those that exist."""
    return {row.pk: row.label for row in _NUMBERED(partner_id, invoice_ids)}


_NUMBERED = Read(
    lambda partner_id, ids: Invoice.objects.for_partner(partner_id).filter(pk__among=ids).only("series", "number")
)


def confirmation_links(partner_id: UUID, attempt_ids: Collection[UUID]) -> dict[UUID, str]:
    """Where the customer confirms each charge, for those that wait for it."""
    rows = PaymentAttempt.objects.for_partner(partner_id).filter(pk__in=attempt_ids).exclude(action_url="")
    return dict(rows.values_list("pk", "action_url"))


def invoice_lines(partner_id: UUID, invoice_ids: Collection[UUID]) -> dict[UUID, Sequence[LineOfPaper]]:
    """The lines of each invoice in their order, for those that exist."""
    rows = InvoiceLine.objects.for_partner(partner_id).filter(invoice__in=invoice_ids).select_related("invoice")
    found: defaultdict[UUID, list[LineOfPaper]] = defaultdict(list)
    for row in rows.order_by("invoice", "position"):
        period = period_of(row.period_starts_on, row.period_ends_on)
        amount = Money(row.amount, row.invoice.currency)
        found[row.invoice_id].append(LineOfPaper(LineKind(row.kind), row.text, row.quantity, amount, period))
    return dict(found)
