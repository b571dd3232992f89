"""Messages in the operator's site."""

from __future__ import annotations

from django.contrib import admin

from notifications.models import Message
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(Message)
class MessageAdmin(ReadOnlyRows):
    """What a message says is between partner and customer."""

    list_display = ("id", "kind", "state", "to_address", "due_at", "attempts", "parked_at", "sent_at")
    list_filter = ("state",)
    by_id = ("id", "event", "customer")
    hidden = ("body",)
