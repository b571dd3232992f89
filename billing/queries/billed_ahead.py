"""Renewals that stand in the books for terms that never began."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Max

from billing.documents.models import Invoice
from billing.documents.states import InvoiceKind, InvoiceStatus


def billed_ahead(partner_id: UUID, newest: Mapping[UUID, int]) -> frozenset[UUID]:
    """The subscriptions with a renewal invoice, given up or paid, of a term after the newest, whose number is given."""
    rows = Invoice.objects.for_partner(partner_id).filter(subscription__in=list(newest), kind=InvoiceKind.RENEWAL)
    kept = rows.exclude(status=InvoiceStatus.VOID).order_by()
    found = kept.values_list("subscription").annotate(term=Max("term_number"))
    return frozenset(id_ for id_, term in found if term > newest[id_])
