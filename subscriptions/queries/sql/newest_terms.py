"""The newest term of many subscriptions, however many each has had: one look into the index for each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from partnerpanel.kernel.period import Period
from partnerpanel.tenancy.reads import Written

STATEMENT = """
SELECT t.subscription_id, t.number, t.starts_on, t.ends_on, t.ends_at
FROM unnest(%s::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
    SELECT * FROM subscriptions_term AS t WHERE t.partner_id = %s AND t.subscription_id = wanted.id
    ORDER BY t.number DESC LIMIT 1
) AS t
"""


@dataclass(frozen=True, slots=True)
class TermLine:
    """A term as it stands."""

    number: int
    period: Period
    ends_at: datetime


def newest_terms(partner_id: UUID, subscription_ids: Collection[UUID]) -> dict[UUID, TermLine]:
    """By subscription; in the open scope."""
    return {
        id_: TermLine(number, Period(starts_on, ends_on), ends_at)
        for id_, number, starts_on, ends_on, ends_at in NEWEST_TERMS(partner_id, subscription_ids)
    }


# By partner and subscriptions.
NEWEST_TERMS: Written[Any] = Written(STATEMENT, (1, 0))
