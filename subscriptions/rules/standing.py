"""From a customer's subscriptions and holds to the tabs it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from customers.rules.standing import Standing
from subscriptions.rules.states import SERVED, Collection, Lifecycle


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """What one subscription contributes."""

    lifecycle: Lifecycle
    collection: Collection
    is_suspended: bool
    cancel_at_period_end: bool
    is_paused: bool


def standing_of(subscriptions: Sequence[StandingFacts], *, is_held: bool, is_banned: bool = False) -> Standing:
    """`is_held`: a hold other than provisioning lies on the customer itself.

    Expired needs something that has ended or is past its grace, and nothing that is active.
    """
    served = [one for one in subscriptions if one.lifecycle in SERVED]
    is_active = any(not one.is_suspended for one in served)
    is_over = any(one.lifecycle is Lifecycle.ENDED or one.collection is Collection.DELINQUENT for one in subscriptions)
    return Standing(
        is_active=is_active,
        is_expired=is_over and not is_active,
        is_suspended=is_held or any(one.is_suspended for one in subscriptions),
        is_in_grace=any(one.collection is Collection.GRACE for one in served),
        is_cancelling=any(one.cancel_at_period_end for one in served),
        is_trialing=any(one.lifecycle is Lifecycle.TRIALING for one in served),
        is_paused=any(one.is_paused for one in served),
        is_banned=is_banned,
    )
