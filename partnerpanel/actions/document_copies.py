"""Credit notes and receipts once more, by mail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.services import document_copy
from billing.services.invoice_copy import Copy
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant


def mail_credit_note(note_id: UUID, *, key: UUID, actor: Actor, now: datetime) -> Copy:
    """Once for one `key`; whose it is, and its number. Raises Forbidden, NotFound."""
    permit(actor, Permission.MAIL_INVOICE)
    with tenant(actor.partner_id):
        return document_copy.mail_credit_note(note_id, key=key, actor=actor, now=now)


def mail_receipt(payment_id: UUID, *, key: UUID, actor: Actor, now: datetime) -> Copy:
    """The same for the receipt of a payment."""
    permit(actor, Permission.MAIL_INVOICE)
    with tenant(actor.partner_id):
        return document_copy.mail_receipt(payment_id, key=key, actor=actor, now=now)
