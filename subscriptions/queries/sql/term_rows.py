"""Terms that do not follow one another: overlapping, misnumbered, or with days between them.

The first may have any number: a subscription that moved in begins with the term that was running.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

# What the days between two terms come from: a hold of the customer, or an event of these kinds on the subscription.
EXPLAINING = (
    "subscription.paused",
    "subscription.resumed",
    "subscription.ended",
    "subscription.restored",
    "subscription.grace_over",
    "subscription.cut_over",
)
STATEMENT = """
SELECT s.id, s.customer_id, s.plan_id, t.number, CASE
        WHEN t.number <> t.number_before + 1 THEN 'number'
        WHEN t.starts_on < t.ended_on THEN 'overlap' ELSE 'gap' END
FROM (
    SELECT subscription_id, number, starts_on, starts_at, lag(number) OVER own AS number_before,
        lag(ends_on) OVER own AS ended_on, lag(ends_at) OVER own AS ended_at
    FROM subscriptions_term WHERE partner_id = %(partner)s
    WINDOW own AS (PARTITION BY subscription_id ORDER BY number)
) AS t JOIN subscriptions_subscription AS s ON s.partner_id = %(partner)s AND s.id = t.subscription_id
WHERE t.number <> t.number_before + 1 OR t.starts_on < t.ended_on OR (
    t.starts_on > t.ended_on
    AND NOT EXISTS (
        SELECT FROM subscriptions_hold AS h WHERE h.partner_id = %(partner)s AND h.customer_id = s.customer_id
        AND h.placed_at <= t.starts_at AND (h.released_at IS NULL OR h.released_at >= t.ended_at)
    )
    AND NOT EXISTS (
        SELECT FROM events_event AS e WHERE e.partner_id = %(partner)s AND e.object_type = 'subscription'
        AND e.object_id = s.id AND e.kind = ANY (%(kinds)s)
    )
)
ORDER BY s.id, t.number LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class OddTerm:
    """A term that does not follow the one before: `how` is number, overlap or gap."""

    subscription_id: UUID
    customer_id: UUID
    plan_id: UUID
    number: int
    how: str


def odd_terms(partner_id: UUID, limit: int) -> list[OddTerm]:
    """In the order of subscriptions; in the open scope. Days between that a hold, a pause, grace or an end explains are
    left out."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"partner": str(partner_id), "kinds": list(EXPLAINING), "limit": limit})
        return [OddTerm(*row) for row in cursor.fetchall()]
