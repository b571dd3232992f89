"""Tickets in the operator's site."""

from __future__ import annotations

from django.contrib import admin

from partnerpanel.support.models import Ticket, TicketMessage
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(Ticket)
class TicketAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "topic", "state", "opened_at", "written_at")
    list_select_related = ("customer",)
    by_id = ("id", "customer")


@admin.register(TicketMessage)
class TicketMessageAdmin(ReadOnlyRows):
    list_display = ("id", "ticket", "side", "written_at")
    list_select_related = ("ticket",)
    by_id = ("id", "ticket")
