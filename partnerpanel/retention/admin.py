"""Cases of retention in the operator's site."""

from __future__ import annotations

from django.contrib import admin

from partnerpanel.retention.models import RetentionCase
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(RetentionCase)
class RetentionCaseAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "since_on", "erase_on", "warnings", "outcome", "due_at", "parked_at")
    list_select_related = ("customer",)
    by_id = ("id", "customer")
