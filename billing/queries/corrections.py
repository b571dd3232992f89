"""Loading what an invoice is corrected with, and which invoices took the place of others."""

from __future__ import annotations

from collections.abc import Collection as Many
from dataclasses import dataclass
from uuid import UUID

from billing.documents.models import Invoice
from billing.documents.states import InvoiceKind, LineKind
from billing.queries.parties import kept_parties
from billing.queries.refund_facts import creditable_line, document_ahead, document_of, lines_of, taken_of
from billing.rules.explain import derivation_from
from billing.rules.facts import LineRef
from billing.rules.refunds.correcting import CORRECTED
from billing.rules.refunds.facts import WrittenDocument, WrittenLine
from billing.tax.rules.amounts import parts_from
from partnerpanel.brand.queries import brand_ahead
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period, period_of
from partnerpanel.tenancy.ahead import Asked, ahead
from partnerpanel.tenancy.reads import Read

# What a document says of its parties, besides how it looks and where it was sent.
BUYER = ("name", "country", "region", "tax_id")
SELLER = (*BUYER, "address", "ids")
# Lines that end another: the rest of it, or all of it.
ENDING = (LineKind.UNUSED, LineKind.REVERSAL)


@dataclass(frozen=True, slots=True)
class Heading:
    """Which invoice it is, whose, and what it is for."""

    label: str
    customer_id: UUID
    subscription_id: UUID | None


def invoice_heading(partner_id: UUID, invoice_id: UUID) -> Heading | None:
    """None where there is no such invoice."""
    row = next(iter(_INVOICE(partner_id, [invoice_id])), None)
    return Heading(row.label, row.customer_id, row.subscription_id) if row else None


def heading_ahead(partner_id: UUID, invoice_id: UUID) -> Asked:
    """The same for a page that reads ahead."""
    return Asked(_INVOICE, (partner_id, [invoice_id]))


def written_document(partner_id: UUID, invoice_id: UUID) -> WrittenDocument:
    """Under the customer's lock where it decides. Raises NotFound alike for another partner's."""
    ahead(
        heading_ahead(partner_id, invoice_id),
        Asked(_AFTER, (partner_id, [invoice_id])),
        *document_ahead(partner_id, invoice_id),
        brand_ahead(partner_id),
    )
    row = next(iter(_INVOICE(partner_id, [invoice_id])), None)
    period = period_of(row.period_starts_on, row.period_ends_on) if row else None
    if row is None or row.term_number is None or period is None:
        raise NotFound("There is no such invoice.", field="invoice")
    after = corrections(partner_id, [row.pk]).get(row.pk)
    return WrittenDocument(
        facts=document_of(partner_id, row),
        kind=InvoiceKind(row.kind),
        term_number=row.term_number,
        period=period,
        change_id=row.change_id,
        issued_on=row.issued_on,
        lines=_lines(partner_id, row, period),
        corrected_by=after[1] if after else "",
        is_right=_names_both(partner_id, row),
    )


def corrections(partner_id: UUID, invoice_ids: Many[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """By invoice, the id and number of the one that took its place."""
    return {row.corrects_id: (row.pk, row.label) for row in _AFTER(partner_id, invoice_ids)}


_INVOICE = Read(lambda partner_id, ids: Invoice.objects.for_partner(partner_id).filter(pk__among=ids))
_AFTER: Read[Invoice] = Read(
    lambda partner_id, ids: Invoice.objects.for_partner(partner_id).filter(corrects__among=ids)
)


def _lines(partner_id: UUID, row: Invoice, period: Period) -> tuple[WrittenLine, ...]:
    taken = taken_of(partner_id, row.pk)
    found = []
    for line in lines_of(partner_id, row.pk):
        ref, took = LineRef(line.credits_line_id, line.credits_term), taken[line.pk]
        found.append(
            WrittenLine(
                kind=LineKind(line.kind),
                text=line.text,
                quantity=line.quantity,
                amount=Money(line.amount, row.currency),
                period=period_of(line.period_starts_on, line.period_ends_on) or period,
                why=derivation_from(line.derivation)
                if line.derivation
                else Derivation(CORRECTED, {"document": row.label}),
                taxes=parts_from(line.taxes, row.currency),
                addon=line.addon_id,
                credits=ref if ref != LineRef() else None,
                charged=creditable_line(line, row, took) if ref == LineRef() else None,
                stopped=sum(took.kinds[kind] for kind in ENDING) != 0,
                taken_back=took.kinds[LineKind.REVERSAL] > 0,
            )
        )
    return tuple(found)


def _names_both(partner_id: UUID, row: Invoice) -> bool:
    """One from before anything was kept is printed as things are now."""
    kept = kept_parties(partner_id, {row.customer_id})
    now = (kept.seller, kept.buyers[row.customer_id])
    pairs = ((row.seller, now[0], SELLER), (row.buyer, now[1], BUYER))
    return all(not then or all(then.get(name) == one.get(name) for name in names) for then, one, names in pairs)
