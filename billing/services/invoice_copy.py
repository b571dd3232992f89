"""An invoice once more, by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from billing.models import Invoice
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor

COPY = "invoice_copy"


@dataclass(frozen=True, slots=True)
class Copy:
    """Whose invoice is mailed, and its number."""

    customer_id: UUID
    label: str


def mail_copy(invoice_id: UUID, *, key: UUID, actor: Actor, now: datetime) -> Copy:
    """Records in the open scope that the invoice was asked for; the mail follows from that. Raises NotFound.

    The invoice itself does not change, so each copy is an object of its own, named by the invoice and `key`: asked for
    again with the same key, it is the same copy, and nobody gets it twice.
    """
    rows = Invoice.objects.for_partner(actor.partner_id).filter(pk=invoice_id)
    row = rows.select_for_update().first()
    if row is None:
        raise NotFound("There is no such invoice.", field="invoice")
    copy_id = uuid5(key, str(row.pk))
    if Event.objects.for_partner(actor.partner_id).filter(object_type=COPY, object_id=copy_id).exists():
        return Copy(row.customer_id, row.label)
    data = {
        "invoice": str(row.pk),
        "amount": [row.total.amount, row.currency],
        "on": row.issued_on.isoformat(),
    }
    if row.due:
        data["due"] = [row.due.amount, row.currency]
    draft = EventDraft("invoice.mailed", COPY, copy_id, 1, row.customer_id, data)
    record([draft], actor=actor, action_id=uuid7(), now=now)
    return Copy(row.customer_id, row.label)
