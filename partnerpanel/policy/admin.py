"""Versions of the policy in the operator's site."""

from __future__ import annotations

from django.contrib import admin

from partnerpanel.policy.models import PolicyVersion
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnlyRows):
    list_display = ("id", "scope_kind", "scope_id", "version", "preset", "created_at")
    list_filter = ("scope_kind",)
    by_id = ("id", "scope_id", "actor_id")
