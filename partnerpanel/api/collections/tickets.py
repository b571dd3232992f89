"""Tickets: opened, answered, closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from partnerpanel.actions import tickets
from partnerpanel.api.collections.acting import Acting
from partnerpanel.api.collections.making import Making
from partnerpanel.support.rules import SUBJECT_LENGTH, TEXT_LENGTH, Side, Topic
from partnerpanel.support.services import NewTicket
from partnerpanel.wire.shapes import PublicId, Shape, Text, one_of

SCOPES = {"GET": "tickets:read", "POST": "tickets:write"}


class TicketInput(Shape):
    customer = PublicId("cus")
    subject = Text(max_length=SUBJECT_LENGTH)
    text = Text(max_length=TEXT_LENGTH)
    topic = one_of(Topic, required=False)
    side = one_of(Side, required=False, help_text="Who says it; else staff, and the customer is mailed.")


class Tickets(Making):
    resource_name = "tickets"
    scopes: ClassVar[Mapping[str, str]] = SCOPES
    shape = TicketInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        new = NewTicket(wanted["subject"], wanted["text"], Topic(wanted.get("topic", Topic.GENERAL)))
        side = Side(wanted.get("side", Side.STAFF))
        return tickets.open_ticket(wanted["customer"], new, actor=self.caller.actor, now=self.caller.now, side=side)


class ReplyInput(Shape):
    text = Text(max_length=TEXT_LENGTH)
    side = one_of(Side, required=False, help_text="Who says it; else staff, and the customer is mailed.")


class Reply(Acting):
    """One that is closed is open again."""

    resource_name = "tickets"
    verb = "reply"
    summary = "Write in a ticket"
    input_shape = ReplyInput
    scopes: ClassVar[Mapping[str, str]] = SCOPES

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        side = Side(wanted.get("side", Side.STAFF))
        tickets.reply(id_, wanted["text"], actor=self.caller.actor, now=self.caller.now, side=side)


class Close(Acting):
    """Nothing is left to do."""

    resource_name = "tickets"
    verb = "close"
    summary = "Close a ticket"
    scopes: ClassVar[Mapping[str, str]] = SCOPES

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        tickets.close(id_, actor=self.caller.actor, now=self.caller.now)
