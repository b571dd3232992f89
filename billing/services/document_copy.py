"""A credit note or the receipt of a payment once more, by mail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from billing.documents.models import CreditNote, Payment
from billing.queries.printed import receipt_paper
from billing.services.invoice_copy import Copy
from customers.queries.facts import identities
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor


def mail_credit_note(note_id: UUID, *, key: UUID, actor: Actor, now: datetime) -> Copy:
    """Records in the open scope that it was asked for, once for one `key`; the mail follows. Raises NotFound."""
    row = CreditNote.objects.for_partner(actor.partner_id).filter(pk=note_id).first()
    if row is None:
        raise NotFound("There is no such credit note.", field="credit_note")
    data = {
        "credit_note": str(row.pk),
        "number": row.label,
        "amount": [row.total.amount, row.currency],
        "on": row.issued_on.isoformat(),
    }
    draft = EventDraft("credit_note.mailed", "credit_note_copy", uuid5(key, str(row.pk)), 1, row.customer_id, data)
    return _recorded(draft, Copy(row.customer_id, row.label), actor=actor, now=now)


def mail_receipt(payment_id: UUID, *, key: UUID, actor: Actor, now: datetime) -> Copy:
    """The same for the receipt of a payment."""
    row = Payment.objects.for_partner(actor.partner_id).filter(pk=payment_id).first()
    if row is None:
        raise NotFound("There is no such payment.", field="payment")
    label = receipt_paper(actor.partner_id, payment_id).label
    data = {
        "payment": str(row.pk),
        "invoice": str(row.invoice_id),
        "number": label,
        "amount": [row.amount, row.currency],
        "on": row.received_on.isoformat(),
    }
    draft = EventDraft("receipt.mailed", "receipt_copy", uuid5(key, str(row.pk)), 1, row.customer_id, data)
    return _recorded(draft, Copy(row.customer_id, label), actor=actor, now=now)


def _recorded(draft: EventDraft, copy: Copy, *, actor: Actor, now: datetime) -> Copy:
    """A copy is an object of its own: asked for again with the same key it is the same one. Under the customer's lock,
    since the documents themselves are never locked: nobody may change them."""
    identities(actor.partner_id, {copy.customer_id}, lock=True)
    events = Event.objects.for_partner(actor.partner_id)
    if not events.filter(object_type=draft.object_type, object_id=draft.object_id).exists():
        record([draft], actor=actor, action_id=uuid7(), now=now)
    return copy
