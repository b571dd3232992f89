"""Notes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from customers.models import Note
from customers.queries import detail
from customers.rules.erasure import NOBODY, CustomerErased
from customers.rules.profile import InvalidCustomer
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor


def add_note(customer_id: UUID, *, text: str, actor: Actor, now: datetime) -> Note:
    """Writes a note in the open scope. Raises InvalidCustomer for an empty or overlong text, NotFound,
    CustomerErased."""
    text = text.strip()
    if not 1 <= len(text) <= 5_000:
        raise InvalidCustomer("A note has 1 to 5,000 letters.", field="text")
    customer = detail.customer(actor.partner_id, customer_id)
    if customer.erased_at:
        raise CustomerErased(NOBODY, field="customer")
    note = Note.objects.create(
        partner_id=actor.partner_id, customer=customer, author_id=actor.id, text=text, created_at=now
    )
    # The note is an object of its own: the customer's version stays, and with it the way to undo what was done.
    record([EventDraft("note.added", "note", note.pk, 1, customer_id)], actor=actor, action_id=uuid7(), now=now)
    return note
