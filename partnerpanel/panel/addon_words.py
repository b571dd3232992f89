"""Add-ons in words: what kind, at which price, until when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.panel.templatetags.formats import money_text
from partnerpanel.panel.templatetags.intervals import per_interval
from subscriptions.rules.addons import AddonKind, AddonOffer, HeldAddon

KIND_WORDS: Mapping[AddonKind, Any] = {
    AddonKind.RECURRING: gettext_lazy("Recurring"),
    AddonKind.EXPIRING: gettext_lazy("Expiring"),
    AddonKind.PACK: gettext_lazy("Pack"),
}


def offer_text(offer: AddonOffer) -> str:
    """“Extra number · €5.00 per month”."""
    price = money_text(offer.price)
    if offer.interval is None:
        return f"{offer.name} · {price}"
    return f"{offer.name} · {price} {per_interval(offer.interval.unit, offer.interval.count)}"


def held_text(held: HeldAddon) -> str:
    """“2 × Extra number”."""
    name = held.offer.name
    return f"{held.quantity} × {name}" if held.quantity > 1 else name


def held_price(held: HeldAddon) -> str:
    """“€10.00 per month”; a pack was paid once."""
    price, interval = money_text(held.price), held.offer.interval
    if interval is None:
        return _("%(price)s, paid once") % {"price": price}
    return f"{price} {per_interval(interval.unit, interval.count)}"
