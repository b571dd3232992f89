"""Bonus months in the operator's site."""

from __future__ import annotations

from django.contrib import admin

from partnerpanel.loyalty.models import LoyaltyBonus
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(LoyaltyBonus)
class LoyaltyBonusAdmin(ReadOnlyRows):
    list_display = ("id", "subscription", "after_months", "months", "given_at")
    by_id = ("id", "subscription")
