"""Keeping customers' standing true after anything of their subscriptions changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from datetime import datetime
from uuid import UUID

from customers.rules.standing import Standing
from customers.services.standing import set_standings
from partnerpanel.tenancy.reads import Read
from subscriptions.models import Hold, Subscription
from subscriptions.queries.facts import is_paused
from subscriptions.rules.standing import StandingFacts, standing_of
from subscriptions.rules.states import Collection, HoldKind, Lifecycle


def standings(partner_id: UUID, customer_ids: Many[UUID], *, now: datetime) -> dict[UUID, Standing]:
    """The standing of each customer, from their subscriptions and holds as they are now."""
    facts: defaultdict[UUID, list[StandingFacts]] = defaultdict(list)
    for row in _SUBSCRIPTIONS(partner_id, customer_ids):
        facts[row.customer_id].append(
            StandingFacts(
                lifecycle=Lifecycle(row.lifecycle),
                collection=Collection(row.collection),
                is_suspended=row.is_suspended,
                cancel_at_period_end=row.cancel_at_period_end,
                is_paused=is_paused(row, now),
            )
        )
    wide = list(_WIDE(partner_id, customer_ids))
    held, banned = {id_ for id_, _kind in wide}, {id_ for id_, kind in wide if kind == HoldKind.BAN}
    return {id_: standing_of(facts[id_], is_held=id_ in held, is_banned=id_ in banned) for id_ in customer_ids}


_SUBSCRIPTIONS = Read(
    lambda partner_id, customer_ids: (
        Subscription.objects.for_partner(partner_id)
        .filter(customer__among=customer_ids)
        .only(
            "customer_id",
            "lifecycle",
            "collection",
            "is_suspended",
            "cancel_at_period_end",
            "awaits_cut_over",
            "paused_from",
            "renewal_waits",
        )
    )
)
_WIDE = Read(
    lambda partner_id, customer_ids: (
        Hold.objects.for_partner(partner_id)
        .filter(customer__among=customer_ids, subscription=None, released_at=None)
        .exclude(kind=HoldKind.PROVISIONING)
        .values_list("customer_id", "kind")
    )
)


def refresh_standings(partner_id: UUID, customer_ids: Many[UUID], *, now: datetime) -> None:
    """Writes the standing of these customers, in the open scope and under their locks."""
    set_standings(partner_id, standings(partner_id, set(customer_ids), now=now))
