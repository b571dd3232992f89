"""Tickets: opened, answered and closed, each with its event, in the open scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from customers.queries.erased import erased_among
from customers.queries.facts import identities
from customers.rules.erasure import NOBODY, CustomerErased
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.support.models import Ticket, TicketMessage
from partnerpanel.support.rules import (
    CLOSED,
    MOST_OPEN,
    OPENED,
    REPLIED,
    ClosedAlready,
    Side,
    TicketState,
    TooManyTickets,
    Topic,
    checked_subject,
    checked_text,
    state_after,
)
from partnerpanel.tenancy.actor import Actor, ActorKind


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What somebody asks or tells."""

    subject: str
    text: str
    topic: Topic = Topic.GENERAL


def open_ticket(customer_id: UUID, new: NewTicket, *, side: Side, actor: Actor, now: datetime) -> UUID:
    """Its id. Raises InvalidTicket naming the field, NotFound, CustomerErased, TooManyTickets."""
    subject, text, partner_id = checked_subject(new.subject), checked_text(new.text), actor.partner_id
    # The customer's row is held, so that nobody opens more than so many side by side.
    if customer_id not in identities(partner_id, [customer_id], lock=True):
        raise NotFound("There is no such customer.", field="customer")
    if erased_among(partner_id, [customer_id]):
        raise CustomerErased(NOBODY, field="customer")
    rows = Ticket.objects.for_partner(partner_id).filter(customer=customer_id).exclude(state=TicketState.CLOSED)
    if rows.count() >= MOST_OPEN:
        raise TooManyTickets(f"There are {MOST_OPEN} open tickets already. Write in one of them, or close one.")
    row = Ticket.objects.create(
        partner_id=partner_id,
        customer_id=customer_id,
        subject=subject,
        topic=new.topic.value,
        state=state_after(side).value,
        opened_by=side.value,
        opened_at=now,
        written_at=now,
    )
    _say(row, text, kind=OPENED[side], side=side, actor=actor, now=now)
    id_: UUID = row.pk
    return id_


def reply(
    ticket_id: UUID, text: str, *, side: Side, actor: Actor, now: datetime, customer_id: UUID | None = None
) -> None:
    """Writes in it; one that is closed is open again. With a customer, in a ticket of that one alone.

    Raises InvalidTicket, NotFound, CustomerErased.
    """
    words, row = checked_text(text), _locked(actor.partner_id, ticket_id, customer_id)
    row.state, row.written_at, row.closed_at, row.version = state_after(side).value, now, None, row.version + 1
    row.save(update_fields=["state", "written_at", "closed_at", "version"])
    _say(row, words, kind=REPLIED[side], side=side, actor=actor, now=now)


def close(ticket_id: UUID, *, side: Side, actor: Actor, now: datetime, customer_id: UUID | None = None) -> None:
    """Nothing is left to do. Raises ClosedAlready, NotFound."""
    row = _locked(actor.partner_id, ticket_id, customer_id)
    if row.state == TicketState.CLOSED:
        raise ClosedAlready("This ticket is closed already.", field="ticket")
    row.state, row.closed_at, row.version = TicketState.CLOSED.value, now, row.version + 1
    row.save(update_fields=["state", "closed_at", "version"])
    _record(row, CLOSED[side], {"subject": row.subject}, actor=actor, now=now)


def _locked(partner_id: UUID, ticket_id: UUID, customer_id: UUID | None) -> Ticket:
    rows = Ticket.objects.for_partner(partner_id).filter(pk=ticket_id)
    row = (rows if customer_id is None else rows.filter(customer=customer_id)).select_for_update().first()
    if row is None:
        raise NotFound("There is no such ticket.", field="ticket")
    if erased_among(partner_id, [row.customer_id]):
        raise CustomerErased(NOBODY, field="ticket")
    return row


def _say(row: Ticket, text: str, *, kind: str, side: Side, actor: Actor, now: datetime) -> None:
    author = actor.id if side is Side.STAFF and actor.kind is ActorKind.USER else None
    TicketMessage.objects.create(
        partner_id=actor.partner_id, ticket=row, side=side.value, author_id=author, text=text, written_at=now
    )
    _record(row, kind, {"subject": row.subject, "text": text}, actor=actor, now=now)


def _record(row: Ticket, kind: str, words: dict[str, str], *, actor: Actor, now: datetime) -> None:
    data = {"topic": row.topic, "state": row.state}
    draft = EventDraft(kind, "ticket", row.pk, row.version, row.customer_id, data, words)
    record([draft], actor=actor, action_id=uuid7(), now=now)
