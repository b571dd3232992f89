"""The cut-over: from now on the partner's imported subscriptions are billed here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.services.openings import open_alone, open_brought
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.moving_in import WaitingGroup, waiting_groups
from subscriptions.rules.recurring import monthly_value
from subscriptions.rules.states import Lifecycle
from subscriptions.services.moving_in import cut_over

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the cut-over concerns: all that wait, those of them that will be billed, and their price in a month."""

    count: int
    billed: int
    monthly: tuple[Money, ...]


def waiting(partner_id: UUID) -> Waiting:
    """What waits for the cut-over; writes nothing."""
    with tenant(partner_id):
        groups = waiting_groups(partner_id)
    billed = [group for group in groups if group.lifecycle is not Lifecycle.ENDED]
    return Waiting(sum(one.count for one in groups), sum(one.count for one in billed), _sums(billed))


def cut_over_all(partner_id: UUID, *, now: datetime, told: Callable[[int], None]) -> int:
    """Lets everything that waits be billed from its next period on, chunk by chunk, and opens what customers brought
    along; returns how many subscriptions that were.

    A killed run leaves whole chunks, and the next one finishes the rest.
    """
    done, action_id, actor = 0, uuid7(), Actor.system(partner_id)
    while True:
        with tenant(partner_id):
            found = cut_over(limit=CHUNK, actor=actor, now=now, action_id=action_id)
            open_brought(found, actor=actor, now=now)
        if not found:
            break
        done += len(found)
        told(done)
    while _open_alone(actor, now):
        pass
    return done


def _open_alone(actor: Actor, now: datetime) -> int:
    with tenant(actor.partner_id):
        return open_alone(limit=CHUNK, actor=actor, now=now)


def _sums(groups: Sequence[WaitingGroup]) -> tuple[Money, ...]:
    sums: dict[str, Money] = {}
    for group in groups:
        currency = group.price.currency
        value = monthly_value(group.price, group.interval).times(group.count)
        sums[currency] = sums.get(currency, Money.zero(currency)) + value
    return tuple(amount for _, amount in sorted(sums.items()))
