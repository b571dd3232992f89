"""Collection cases beside the policy that each pinned when it opened."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from billing.charging.states import AttemptStatus
from billing.collection.models import CollectionCase
from billing.models import PaymentAttempt
from partnerpanel.policy.rules.resolution import ResolvedPolicy

_WAITING = PaymentAttempt.objects.filter(
    partner=OuterRef("partner"),
    subscription=OuterRef("subscription"),
    settled_at=None,
    status=AttemptStatus.ACTION_REQUIRED,
)


@dataclass(frozen=True, slots=True)
class PinnedCase:
    """The collection of one invoice. `policy` is the one of the day on which it opened, whatever was changed since.

    `first_on` is the local day of the first attempt; `attempts` counts automatic charges, none where nothing renews by
    itself. `is_hard`: the card was declined for good. `awaits_customer`: a charge waits for its confirmation.
    """

    subscription_id: UUID
    customer_id: UUID
    first_on: date
    attempts: int
    is_hard: bool
    awaits_customer: bool
    opened_at: datetime
    closed_at: datetime | None
    policy: ResolvedPolicy

    def ran_at(self, instant: datetime) -> bool:
        """Whether it was open then."""
        return self.opened_at <= instant and (self.closed_at is None or instant <= self.closed_at)


def cases_of(
    partner_id: UUID, subscription_ids: Collection[UUID], *, since: datetime | None = None
) -> list[PinnedCase]:
    """Of these subscriptions, newest first, the open cases and those that were open at `since` or later; one query."""
    rows = CollectionCase.objects.for_partner(partner_id).filter(subscription__in=subscription_ids)
    rows = rows.filter(closed_at=None) if since is None else rows.exclude(closed_at__lt=since)
    return [
        PinnedCase(
            subscription_id=row.subscription_id,
            customer_id=row.subscription.customer_id,
            first_on=row.first_on,
            attempts=row.attempts,
            is_hard=row.is_hard,
            awaits_customer=row.awaits_customer,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            policy=ResolvedPolicy.from_snapshot(row.policy),
        )
        for row in rows.order_by("-opened_at", "-id")
        .annotate(awaits_customer=Exists(_WAITING))
        .select_related("subscription")
        .only("subscription__customer_id", "first_on", "attempts", "is_hard", "opened_at", "closed_at", "policy")
    ]
