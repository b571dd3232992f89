"""What does not hold, in the operator's site: counts for all partners, rows inside the chosen one."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerpanel.invariants.models import Finding, Health
from partnerpanel.invariants.registry import known
from partnerpanel.tenancy.admin import ControlPlane
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(Health)
class HealthAdmin(ControlPlane):
    """What is broken comes first; nothing here names a customer."""

    list_display = ("what_holds", "partner", "broken", "looked_at", "what_to_do")
    list_display_links = None
    list_select_related = ("partner",)
    list_filter = ("invariant",)
    ordering = ("-broken", "invariant", "id")

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.display(description=_("what holds"), ordering="invariant")
    def what_holds(self, health: Health) -> str | Promise:
        invariant = known(health.invariant)
        return invariant.sentence if invariant else health.invariant

    @admin.display(description=_("what to do"), empty_value="–")
    def what_to_do(self, health: Health) -> str | Promise | None:
        invariant = known(health.invariant)
        return invariant.remedy if invariant and health.broken else None


@admin.register(Finding)
class FindingAdmin(ReadOnlyRows):
    list_display = ("id", "invariant", "object", "note", "found_at")
    by_id = ("id", "customer_id")
    by_value = ("invariant", "object")
