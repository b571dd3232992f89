"""Partners in the operator's site: who is made there becomes a customer of the platform like everybody."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.platform.services.enrolment import Offer, enrol
from partnerpanel.tenancy.admin import PartnerAdmin
from partnerpanel.tenancy.models import Partner

admin.site.unregister(Partner)


@admin.register(Partner)
class BilledPartnerAdmin(PartnerAdmin):
    list_display = (*PartnerAdmin.list_display, "is_platform", "is_billed", "frozen_since")

    @admin.display(boolean=True, description=_("billed by the platform"))
    def is_billed(self, partner: Partner) -> bool:
        return partner.platform_customer is not None

    def save_model(self, request: HttpRequest, obj: Partner, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        if not change:
            # A scope is a transaction of its own, and this site's view has one open.
            transaction.on_commit(lambda: _enrol(request, obj), robust=True)


def _enrol(request: HttpRequest, partner: Partner) -> None:
    try:
        enrol(partner, Offer(partner.support_email), now=system_now())
    except DomainError as refusal:
        said = _("It is not billed yet: %(why)s Repair that, then run manage.py enrol_partners.")
        messages.warning(request, said % {"why": refusal.message})
