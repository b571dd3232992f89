"""Packs that can be bought for an allowance."""

from __future__ import annotations

from collections.abc import Collection as Many
from uuid import UUID

from subscriptions.models import Subscription
from subscriptions.queries.addons import offers
from subscriptions.rules.addons import AddonKind, AddonOffer


def packs_for(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, list[AddonOffer]]:
    """By subscription, the packs that are sold with its plan in its currency, by rank and name."""
    rows = Subscription.objects.for_partner(partner_id).filter(pk__among=subscription_ids)
    found = list(rows.values_list("pk", "currency", "plan_id", "plan__product_id"))
    sold = {currency: _packs(partner_id, currency) for currency in {currency for _, currency, _, _ in found}}
    return {
        id_: [one for one in sold[currency] if one.product_id == product and plan in (one.plan_ids or {plan})]
        for id_, currency, plan, product in found
    }


def _packs(partner_id: UUID, currency: str) -> list[AddonOffer]:
    return [one for one in offers(partner_id, currency) if one.kind is AddonKind.PACK and one.is_sellable]
