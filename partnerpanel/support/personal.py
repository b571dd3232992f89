"""Tickets are people's words."""

from __future__ import annotations

from partnerpanel.personal.registry import PersonalTable
from partnerpanel.support.models import Ticket, TicketMessage

PERSONAL = (
    PersonalTable(Ticket, of="customer_id", erased={"subject": ""}),
    PersonalTable(TicketMessage, of="ticket__customer_id", is_deleted=True),
)
