"""Who has nothing any more: when each subscription ended, or since when nonpayment blocks it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from subscriptions.models import Hold, Subscription
from subscriptions.rules.states import HoldKind


@dataclass(frozen=True, slots=True)
class Leaving:
    """One subscription; `ended_at` None while it has not ended, `unpaid_since` None where nonpayment blocks nothing."""

    id: UUID
    customer_id: UUID
    plan_id: UUID
    zone: str
    ended_at: datetime | None
    unpaid_since: datetime | None


# While such a hold lies there, what is known is evidence.
EVIDENCE = (HoldKind.ABUSE, HoldKind.FRAUD_REVIEW, HoldKind.BAN)


def leaving_of(partner_id: UUID, customer_ids: Collection[UUID]) -> tuple[dict[UUID, list[Leaving]], frozenset[UUID]]:
    """By customer its subscriptions, oldest first; and the customers with an open hold of EVIDENCE."""
    holds = Hold.objects.for_partner(partner_id).filter(customer__in=customer_ids, released_at=None)
    unpaid: dict[UUID, datetime] = {}
    held = set()
    for hold in holds.order_by("-placed_at", "pk"):
        if hold.kind == HoldKind.NONPAYMENT:
            unpaid[hold.subscription_id or hold.customer_id] = hold.placed_at
        elif hold.kind in EVIDENCE:
            held.add(hold.customer_id)
    rows = Subscription.objects.for_partner(partner_id).filter(customer__in=customer_ids).order_by("pk")
    found: defaultdict[UUID, list[Leaving]] = defaultdict(list)
    for row in rows:
        since = unpaid.get(row.pk) or unpaid.get(row.customer_id)
        found[row.customer_id].append(Leaving(row.pk, row.customer_id, row.plan_id, row.timezone, row.ended_at, since))
    return dict(found), frozenset(held)
