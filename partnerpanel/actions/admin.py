"""Bulk jobs in the operator's site."""

from __future__ import annotations

from django.contrib import admin

from partnerpanel.actions.models import BulkJob, BulkRow, Checkout, CheckoutLink
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(BulkJob)
class BulkJobAdmin(ReadOnlyRows):
    list_display = ("id", "verb", "state", "total", "done", "skipped", "failed", "due_at", "parked_at", "created_at")
    list_filter = ("state",)


@admin.register(BulkRow)
class BulkRowAdmin(ReadOnlyRows):
    list_display = ("id", "job", "position", "customer", "subscription", "state", "message")
    list_filter = ("state",)
    list_select_related = ("job", "customer", "subscription")
    by_id = ("id", "job", "customer", "subscription")


@admin.register(CheckoutLink)
class CheckoutLinkAdmin(ReadOnlyRows):
    list_display = ("id", "key", "plan", "is_public", "uses", "until_at", "off_at", "created_at")
    list_filter = ("is_public",)
    list_select_related = ("plan",)
    by_id = ("id", "plan")


@admin.register(Checkout)
class CheckoutAdmin(ReadOnlyRows):
    list_display = ("id", "link", "state", "customer", "subscription", "refusal", "due_at", "parked_at", "opened_at")
    list_filter = ("state",)
    list_select_related = ("link", "customer", "subscription")
    by_id = ("id", "link", "customer", "subscription")
