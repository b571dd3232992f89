"""How many months of service subscriptions have paid for: what was free, refunded or never paid counts for nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from uuid import UUID

from django.db.models import Sum

from billing.documents.models import CreditNoteLine, Invoice
from billing.documents.states import InvoiceStatus
from billing.rules.paid_months import whole_months
from subscriptions.queries.paid_terms import term_lengths


def paid_months(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, int]:
    """By subscription, in whole months."""
    return {id_: whole_months(sum(days.values())) for id_, days in paid_days(partner_id, subscription_ids).items()}


def paid_days(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, dict[int, int]]:
    """By subscription, the days of each term with a paid invoice that was not all given back, without free ones."""
    paid = _paid_terms(partner_id, subscription_ids)
    return {
        id_: {one.number: one.days for one in terms if one.paid_elsewhere or one.number in paid[id_]}
        for id_, terms in term_lengths(partner_id, subscription_ids).items()
    }


def term_of_invoice(partner_id: UUID, invoice_id: UUID) -> int | None:
    """The number of the term that it is for; None for one that is for none."""
    rows = Invoice.objects.for_partner(partner_id).filter(pk=invoice_id)
    return rows.values_list("term_number", flat=True).first()


def _paid_terms(partner_id: UUID, subscription_ids: Many[UUID]) -> defaultdict[UUID, set[int]]:
    rows = Invoice.objects.for_partner(partner_id).filter(
        subscription__in=list(subscription_ids), status=InvoiceStatus.PAID, subtotal_amount__gt=0
    )
    invoices = list(rows.values_list("pk", "subscription_id", "term_number", "subtotal_amount", "corrects_id"))
    credited = _credited(partner_id, [row[0] for row in invoices])
    corrected = {row[4] for row in invoices}
    found: defaultdict[UUID, set[int]] = defaultdict(set)
    for id_, subscription_id, term, subtotal, _corrects in invoices:
        if term is not None and id_ not in corrected and credited.get(id_, 0) < subtotal:
            found[subscription_id].add(term)
    return found


def _credited(partner_id: UUID, invoice_ids: Many[UUID]) -> dict[UUID, int]:
    rows = CreditNoteLine.objects.for_partner(partner_id).filter(credits_line__invoice__in=list(invoice_ids))
    return dict(rows.order_by().values_list("credits_line__invoice").annotate(taken=Sum("amount")))
