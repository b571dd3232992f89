"""Alerts in the operator's site."""

from __future__ import annotations

from django.contrib import admin

from partnerpanel.alerts.models import Alert, AlertRound
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(AlertRound)
class AlertRoundAdmin(ReadOnlyRows):
    list_display = ("id", "user_id", "due_at", "told_on", "attempts", "last_error")
    by_id = ("id",)


@admin.register(Alert)
class AlertAdmin(ReadOnlyRows):
    list_display = ("id", "user_id", "topic", "state", "noted_at", "told_at")
    list_filter = ("state",)
    by_id = ("id", "event")
