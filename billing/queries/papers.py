"""What mails quote of documents and charges."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from billing.models import Invoice, PaymentAttempt


def invoice_labels(partner_id: UUID, invoice_ids: Collection[UUID]) -> dict[UUID, str]:
    """The number of each invoice as people write it, for those that exist."""
    rows = Invoice.objects.for_partner(partner_id).filter(pk__in=invoice_ids).only("series", "number")
    return {row.pk: row.label for row in rows}


def confirmation_links(partner_id: UUID, attempt_ids: Collection[UUID]) -> dict[UUID, str]:
    """Where the customer confirms each charge, for those that wait for it."""
    rows = PaymentAttempt.objects.for_partner(partner_id).filter(pk__in=attempt_ids).exclude(action_url="")
    return dict(rows.values_list("pk", "action_url"))
