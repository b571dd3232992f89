"""Kept requests in the operator's site; what they were answered may be about people and is not shown."""

from __future__ import annotations

from django.contrib import admin

from partnerpanel.idempotency.models import KeptRequest
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(KeptRequest)
class KeptRequestAdmin(ReadOnlyRows):
    list_display = ("id", "status", "object_type", "object_id", "held_until", "created_at")
    exclude = ("key", "body", "fingerprint")
    by_id = ("id", "object_id", "action_id")
