"""Subscriptions as rules of offers look at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from billing.queries.paid_months import paid_months
from partnerpanel.kernel.clock import local_date
from partnerpanel.offers.models import OfferMade
from partnerpanel.offers.rules.offers import Holder, Outcome
from subscriptions.queries.holders import HolderLine


def holders_of(partner_id: UUID, lines: Sequence[HolderLine], *, reason: str = "") -> dict[UUID, Holder]:
    """By id of the subscription, in a constant number of queries."""
    months = paid_months(partner_id, [line.id for line in lines])
    customers = {line.customer_id for line in lines}
    zones = {line.customer_id: line.timezone for line in lines}
    taken: defaultdict[UUID, set[UUID]] = defaultdict(set)
    last = {}
    rows = OfferMade.objects.for_partner(partner_id).filter(customer__in=customers, outcome=Outcome.TAKEN)
    for row in rows.order_by("settled_at", "pk"):
        taken[row.subscription_id].add(row.rule_id)
        if row.settled_at is not None:
            last[row.customer_id] = local_date(row.settled_at, zones[row.customer_id])
    return {
        line.id: Holder(
            plan_id=line.plan_id,
            product_id=line.product_id,
            price=line.price,
            paid_months=months.get(line.id, 0),
            reason=reason,
            last_taken_on=last.get(line.customer_id),
            taken=frozenset(taken[line.id]),
        )
        for line in lines
    }
