"""The pages of the settings, as tabs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _


def settings_tabs(slug: str, current: str) -> list[dict[str, Any]]:
    """`current` is the name of the page's address."""
    pages = [
        ("settings-policy", _("Policy")),
        ("settings-brand", _("Brand")),
        ("settings-domain", _("Domain")),
        ("settings-sender", _("Sender")),
        ("settings-messages", _("Messages")),
        ("settings-credentials", _("Credentials")),
        ("settings-payments", _("Payments")),
        ("settings-tax", _("Tax")),
        ("settings-coupons", _("Coupons")),
        ("settings-offers", _("Offers")),
        ("settings-webhooks", _("Webhooks")),
        ("settings-api-keys", _("API keys")),
        ("settings-alerts", _("Your alerts")),
    ]
    return [{"text": text, "url": reverse(name, args=[slug]), "current": name == current} for name, text in pages]
