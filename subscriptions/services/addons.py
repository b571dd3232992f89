"""Writing what subscriptions hold of add-ons, in the open scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from partnerpanel.tenancy.bulk import update_rows
from subscriptions.models import SubscriptionAddon
from subscriptions.rules.addons import AddonMove, HeldAddon


def add_addons(partner_id: UUID, new: Iterable[tuple[UUID, HeldAddon]], *, now: datetime) -> None:
    """One row for each, by its subscription."""
    rows = []
    for subscription_id, one in new:
        interval = one.offer.interval
        row = SubscriptionAddon(
            id=one.id,
            partner_id=partner_id,
            subscription_id=subscription_id,
            addon_id=one.offer.id,
            kind=one.offer.kind,
            quantity=one.quantity,
            currency=one.offer.price.currency,
            price_amount=one.offer.price.amount,
            interval_unit=interval.unit if interval else "",
            interval_count=interval.count if interval else 1,
            from_on=one.from_on,
            until_on=one.until_on,
            ends_at=one.ends_at,
            confirmed_term=one.confirmed_term,
            added_at=now,
        )
        rows.append(row)
    SubscriptionAddon.objects.bulk_create(rows)


def move_addons(partner_id: UUID, moves: Iterable[AddonMove]) -> None:
    """Sets the columns that each names."""
    groups: dict[tuple[str, ...], list[tuple[object, ...]]] = {}
    for one in moves:
        columns = tuple(sorted(one.values))
        groups.setdefault(columns, []).append((one.id, *(one.values[name] for name in columns)))
    for columns, rows in groups.items():
        update_rows(SubscriptionAddon, partner_id=partner_id, columns=columns, rows=rows)
