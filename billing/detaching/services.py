"""Leaving it to a worker to detach cards at their gateway, once what removes them here is committed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from billing.detaching.models import CardToDetach
from billing.gateway.registry import CARD_DESKS
from billing.methods.models import PaymentMethod
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.wake import wake

QUEUE = "removed_cards"


def detach_later(partner_id: UUID, cards: Collection[tuple[str, str]], *, now: datetime) -> None:
    """Each card, by its gateway and the gateway's id of it; in the open scope. A repeat changes nothing.

    A gateway without pages for cards keeps none, so nothing is asked of it.
    """
    rows = [
        CardToDetach(id=uuid7(), partner_id=partner_id, gateway=gateway, gateway_ref=ref, due_at=now)
        for gateway, ref in sorted(set(cards))
        if gateway in CARD_DESKS
    ]
    if rows:
        CardToDetach.objects.bulk_create(rows, ignore_conflicts=True)
        wake(QUEUE, partner_id)


def detach_all(partner_id: UUID, customer_ids: Collection[UUID], *, now: datetime) -> None:
    """Every card that these customers have or had, in the open scope, before their rows forget its id."""
    theirs = PaymentMethod.objects.for_partner(partner_id).filter(customer__among=customer_ids)
    detach_later(partner_id, set(theirs.values_list("gateway", "gateway_ref")), now=now)
