"""Mails that the mail server refused every time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from notifications.models import Message
from notifications.rules.states import MessageState
from partnerpanel.events.retry import put_back
from partnerpanel.queues.parked import Desk, ParkedLine
from partnerpanel.tenancy.actor import Actor


def waiting(partner_id: UUID, limit: int) -> list[ParkedLine]:
    """By kind of mail."""
    rows = Message.objects.for_partner(partner_id).filter(parked_at__isnull=False).order_by("parked_at", "pk")
    columns = ("pk", "customer_id", "kind", "last_error", "parked_at")
    return [ParkedLine(*values) for values in rows.values_list(*columns)[:limit]]


def retry(row_id: UUID, actor: Actor, now: datetime) -> None:
    """It is written anew and sent; one of which nobody knows whether it arrived is not sent again."""
    rows = Message.objects.for_partner(actor.partner_id).filter(state=MessageState.FAILED)
    again = {"state": MessageState.QUEUED.value}
    put_back(rows, row_id, queue="mail", customer="customer_id", actor=actor, now=now, also=again)


DESK = Desk("mail", waiting, retry)
