"""Tickets by whoever asks: the partner's people and programs, or the customer for itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.actions.permission import Permission, confine, permit
from partnerpanel.support import services
from partnerpanel.support.queries import TicketLine, Written, messages, ticket, tickets_of
from partnerpanel.support.rules import Side
from partnerpanel.support.services import NewTicket
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.scope import tenant


def open_ticket(customer_id: UUID, new: NewTicket, *, actor: Actor, now: datetime, side: Side = Side.STAFF) -> UUID:
    """A customer opens its own, and always as itself. Raises Forbidden, NotFound, InvalidTicket, CustomerErased,
    TooManyTickets."""
    side = _side(actor, side)
    confine(actor, [customer_id])
    with tenant(actor.partner_id):
        return services.open_ticket(customer_id, new, side=side, actor=actor, now=now)


def reply(ticket_id: UUID, text: str, *, actor: Actor, now: datetime, side: Side = Side.STAFF) -> None:
    """Raises Forbidden, NotFound, InvalidTicket, CustomerErased."""
    side = _side(actor, side)
    with tenant(actor.partner_id):
        services.reply(ticket_id, text, side=side, actor=actor, now=now, customer_id=_own(actor))


def close(ticket_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, ClosedAlready."""
    side = _side(actor, Side.STAFF)
    with tenant(actor.partner_id):
        services.close(ticket_id, side=side, actor=actor, now=now, customer_id=_own(actor))


def read(ticket_id: UUID, *, actor: Actor) -> tuple[TicketLine, list[Written]]:
    """The ticket and what was written in it, in order. Raises NotFound."""
    with tenant(actor.partner_id):
        return ticket(actor.partner_id, ticket_id, customer_id=_own(actor)), messages(actor.partner_id, ticket_id)


def own_tickets(*, actor: Actor) -> list[TicketLine]:
    """Those of the customer who asks, the last written first; nobody else has any of its own."""
    customer_id = _own(actor)
    if customer_id is None:
        return []
    with tenant(actor.partner_id):
        return tickets_of(actor.partner_id, customer_id)


def _side(actor: Actor, wanted: Side) -> Side:
    """A customer speaks for itself alone; the others are permitted to. Raises Forbidden."""
    if actor.kind is ActorKind.CUSTOMER:
        return Side.CUSTOMER
    permit(actor, Permission.ANSWER_TICKETS)
    return wanted


def _own(actor: Actor) -> UUID | None:
    return actor.customer_id if actor.kind is ActorKind.CUSTOMER else None
