"""Which subscriptions are charged to a card of their own."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from subscriptions.models import Subscription


def own_cards(partner_id: UUID, subscription_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The payment method of each that has one; it may be taken away by now. In the open scope."""
    rows = Subscription.objects.for_partner(partner_id).filter(pk__in=subscription_ids, card_id__isnull=False)
    return {id_: card for id_, card in rows.values_list("pk", "card_id") if card is not None}
