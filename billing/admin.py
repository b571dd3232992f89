"""Money in the operator's site."""

from __future__ import annotations

from django.contrib import admin

from billing.models import PaymentMethod, SandboxCharge, SandboxRefund
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(PaymentMethod)
class PaymentMethodAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "gateway", "brand", "last4", "is_default", "added_at")
    list_select_related = ("customer",)
    list_filter = ("is_default",)
    by_id = ("id", "customer")


@admin.register(SandboxCharge)
class SandboxChargeAdmin(ReadOnlyRows):
    list_display = ("key", "method", "amount", "currency", "status", "charged_at")
    list_filter = ("status",)
    by_value = ("key",)


@admin.register(SandboxRefund)
class SandboxRefundAdmin(ReadOnlyRows):
    list_display = ("key", "charge", "amount", "status", "refunded_at")
    list_select_related = ("charge",)
    by_id = ("id", "charge")
    by_value = ("key",)
