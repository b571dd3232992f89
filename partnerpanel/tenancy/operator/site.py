"""The operator's site."""

from __future__ import annotations

from django.contrib.admin import AdminSite


class OperatorSite(AdminSite):
    """Django's admin site in this product's name."""

    site_header = "PartnerPanel operator"
    site_title = "PartnerPanel operator"
