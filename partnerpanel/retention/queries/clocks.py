"""Clocks of customers by the policies that hold for them now; and the case that a page shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from customers.queries.erased import erased_among
from partnerpanel.policy.queries import Target, resolve
from partnerpanel.retention.models import RetentionCase
from partnerpanel.retention.rules import Clock, Left, clock_of
from partnerpanel.tenancy.reads import Read
from subscriptions.queries.leaving import leaving_of


def clocks_of(partner_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, Clock]:
    """The customers for whom one runs."""
    leaving, held = leaving_of(partner_id, customer_ids)
    erased = erased_among(partner_id, leaving)
    lines = [one for id_, its in leaving.items() if id_ not in erased for one in its]
    policies = dict(
        zip(
            (one.id for one in lines),
            resolve(partner_id, [Target(one.plan_id, one.customer_id, one.id) for one in lines]),
            strict=True,
        )
    )
    found = {}
    for id_, its in leaving.items():
        left = [Left(one.zone, one.ended_at, one.unpaid_since, policies[one.id]) for one in its if one.id in policies]
        if clock := clock_of(left, is_held=id_ in held):
            found[id_] = clock
    return found


@dataclass(frozen=True, slots=True)
class Ahead:
    """Until when a customer's data is kept: it goes at the beginning of `erase_on`."""

    since_on: date
    erase_on: date
    warnings: int


def erasure_ahead(partner_id: UUID, customer_id: UUID) -> Ahead | None:
    """None where no erasure is due."""
    rows = _OPEN(partner_id, [customer_id])
    row = rows[0] if rows else None
    if row is None or row.since_on is None or row.erase_on is None:
        return None
    return Ahead(row.since_on, row.erase_on, row.warnings)


_OPEN = Read(
    lambda partner_id, ids: (
        RetentionCase.objects.for_partner(partner_id).filter(customer__among=ids, closed_at=None).order_by("pk")
    )
)
