"""The record and the outbox in the operator's site."""

from __future__ import annotations

from django.contrib import admin

from partnerpanel.events.models import Event, EventDetail, Outbox
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(Event)
class EventAdmin(ReadOnlyRows):
    list_display = ("kind", "object_type", "object_id", "sequence", "actor_kind", "occurred_at")
    by_id = ("id", "object_id", "customer_id", "action_id")


@admin.register(EventDetail)
class EventDetailAdmin(ReadOnlyRows):
    list_display = ("id", "event")
    list_select_related = ("event",)
    by_id = ("id", "event")


@admin.register(Outbox)
class OutboxAdmin(ReadOnlyRows):
    list_display = ("event", "consumer", "due_at", "attempts", "parked_at", "last_error")
    list_select_related = ("event",)
    by_id = ("id", "event")
    by_value = ("consumer",)
