"""Limits that somebody set strictly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from collections.abc import Mapping
from uuid import UUID

from subscriptions.models import AllowanceLimit
from subscriptions.rules.limits import SetLimit


def limits_of(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, dict[str, SetLimit]]:
    """By subscription and name of the allowance; those without any are left out."""
    rows = AllowanceLimit.objects.for_partner(partner_id).filter(subscription__among=subscription_ids)
    found: defaultdict[UUID, dict[str, SetLimit]] = defaultdict(dict)
    for row in rows.order_by("allowance", "pk"):
        found[row.subscription_id][row.allowance] = SetLimit(row.value, row.reason, row.set_at, row.set_by)
    return dict(found)


def values_of(limits: Mapping[str, SetLimit]) -> tuple[tuple[str, int], ...]:
    """Name and value of each, by name."""
    return tuple(sorted((name, one.value) for name, one in limits.items()))
