"""Tickets as programs see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rest_framework import serializers

from partnerpanel.kernel.ids import public
from partnerpanel.support.models import Ticket, TicketMessage
from partnerpanel.support.rules import Side, TicketState, Topic
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Shape, Whole, constant, id_field, one_of, ref_field
from partnerpanel.wire.values import instant


class TicketMessageShape(Shape):
    """What somebody wrote in a ticket."""

    id = id_field("tm")
    side = one_of(Side)
    text = serializers.CharField()
    written_at = At()

    class Meta:
        ref_name = "TicketMessage"


class TicketShape(Shape):
    """Something that a customer asks, or is told. `open` waits for you, `answered` for the customer."""

    id = id_field("tic")
    object = constant("ticket")
    customer = ref_field("cus", "Customer")
    subject = serializers.CharField()
    topic = one_of(Topic)
    state = one_of(TicketState)
    opened_by = one_of(Side)
    messages = TicketMessageShape(many=True)
    opened_at = At()
    written_at = At()
    closed_at = At(allow_null=True)
    version = Whole(help_text="Counts its changes.")

    class Meta:
        ref_name = "Ticket"


def show(showing: Showing, rows: Sequence[Ticket]) -> list[Shown]:
    written: defaultdict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for one in TicketMessage.objects.for_partner(showing.partner_id).filter(ticket__in=rows).order_by("pk"):
        shown = {"id": public("tm", one.pk), "side": one.side, "text": one.text, "written_at": instant(one.written_at)}
        written[one.ticket_id].append(shown)
    return [
        {
            "id": public("tic", row.pk),
            "object": "ticket",
            "customer": public("cus", row.customer_id),
            "subject": row.subject,
            "topic": row.topic,
            "state": row.state,
            "opened_by": row.opened_by,
            "messages": written[row.pk],
            "opened_at": instant(row.opened_at),
            "written_at": instant(row.written_at),
            "closed_at": instant(row.closed_at),
            "version": row.version,
        }
        for row in rows
    ]


TICKETS = Resource(
    name="tickets",
    kind="ticket",
    prefix="tic",
    shape=TicketShape,
    rows=Ticket.objects.for_partner,
    show=show,
    filters={
        "customer": filters.by_id("customer", "cus", "customer"),
        "state": filters.word("state", TicketState),
        "topic": filters.word("topic", Topic),
        **filters.between("opened", "opened_at"),
    },
    refs={"customer": "customers"},
)
