"""Tickets, read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from partnerpanel.kernel.errors import NotFound
from partnerpanel.support.models import Ticket, TicketMessage
from partnerpanel.support.rules import Side, TicketState, Topic

PAGE = 50


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket of a list."""

    id: UUID
    customer_id: UUID
    customer_name: str
    subject: str
    topic: Topic
    state: TicketState
    opened_by: Side
    opened_at: datetime
    written_at: datetime
    closed_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Written:
    """One message of a ticket; `author_id` is a person of the partner's."""

    id: UUID
    side: Side
    author_id: UUID | None
    text: str
    written_at: datetime


def ticket(partner_id: UUID, ticket_id: UUID, *, customer_id: UUID | None = None) -> TicketLine:
    """One ticket; with a customer, of that one alone. Raises NotFound alike for nobody's and for somebody else's."""
    rows = Ticket.objects.for_partner(partner_id).filter(pk=ticket_id)
    row = (rows if customer_id is None else rows.filter(customer=customer_id)).select_related("customer").first()
    if row is None:
        raise NotFound("There is no such ticket.", field="ticket")
    return _line(row)


def messages(partner_id: UUID, ticket_id: UUID) -> list[Written]:
    """Of one ticket, in the order in which they were written."""
    rows = TicketMessage.objects.for_partner(partner_id).filter(ticket=ticket_id).order_by("pk")
    return [Written(row.pk, Side(row.side), row.author_id, row.text, row.written_at) for row in rows]


def tickets_of(partner_id: UUID, customer_id: UUID, *, limit: int = PAGE) -> list[TicketLine]:
    """Of one customer, the last written first."""
    return _lines(Ticket.objects.for_partner(partner_id).filter(customer=customer_id), limit)


def tickets(
    partner_id: UUID, state: TicketState | None = None, *, limit: int = PAGE, start: int = 0
) -> list[TicketLine]:
    """Of everybody in a state, the last written first; without one, all."""
    rows = Ticket.objects.for_partner(partner_id)
    return _lines(rows if state is None else rows.filter(state=state), limit, start)


def counts(partner_id: UUID) -> dict[TicketState, int]:
    """How many there are in each state."""
    rows = Ticket.objects.for_partner(partner_id)
    return {state: rows.filter(state=state).count() for state in TicketState}


def _lines(rows: QuerySet[Ticket], limit: int, start: int = 0) -> list[TicketLine]:
    ordered = rows.select_related("customer").order_by("-written_at", "-pk")
    return [_line(row) for row in ordered[start : start + limit]]


def _line(row: Ticket) -> TicketLine:
    return TicketLine(
        row.pk,
        row.customer_id,
        row.customer.name,
        row.subject,
        Topic(row.topic),
        TicketState(row.state),
        Side(row.opened_by),
        row.opened_at,
        row.written_at,
        row.closed_at,
        row.version,
    )
