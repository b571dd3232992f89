"""Limits that somebody set strictly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from collections.abc import Mapping
from uuid import UUID

from partnerpanel.tenancy.reads import Read
from subscriptions.models import AllowanceLimit
from subscriptions.rules.limits import LimitByHand


def limits_of(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, dict[str, LimitByHand]]:
    """By subscription and name of the allowance; those without any are left out."""
    found: defaultdict[UUID, dict[str, LimitByHand]] = defaultdict(dict)
    for row in LIMITS(partner_id, subscription_ids):
        found[row.subscription_id][row.allowance] = LimitByHand(row.value, row.reason, row.set_at, row.set_by)
    return dict(found)


LIMITS = Read(
    lambda partner_id, ids: (
        AllowanceLimit.objects.for_partner(partner_id).filter(subscription__among=ids).order_by("allowance", "pk")
    )
)


def values_of(limits: Mapping[str, LimitByHand]) -> tuple[tuple[str, int], ...]:
    """Name and value of each, by name."""
    return tuple(sorted((name, one.value) for name, one in limits.items()))
