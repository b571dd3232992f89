"""What stands in the way of erasing customers, and what of them is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.queries.under_way import moving_among, owing_among, with_balance_among
from customers.queries.erased import erased_among
from customers.rules.erasure import ErasureFacts
from subscriptions.queries.facts import load_facts
from subscriptions.rules.ban import is_banned
from subscriptions.rules.states import Lifecycle


@dataclass(frozen=True, slots=True)
class Erasable:
    """A customer as erasing finds it."""

    id: UUID
    name: str
    version: int
    facts: ErasureFacts


def load_erasable(
    partner_id: UUID, customer_ids: Collection[UUID], *, now: datetime, lock: bool
) -> dict[UUID, Erasable]:
    """The customers that exist, by id; `lock` keeps them and their subscriptions as they are."""
    customers = load_facts(partner_id, customer_ids, now=now, lock=lock)
    erased = erased_among(partner_id, customers)
    moving, owing = moving_among(partner_id, customers), owing_among(partner_id, customers)
    with_balance = with_balance_among(partner_id, customers)
    return {
        id_: Erasable(
            id_,
            one.name,
            one.version,
            ErasureFacts(
                is_erased=id_ in erased,
                is_served=any(each.lifecycle is not Lifecycle.ENDED for each in one.subscriptions),
                is_moving=id_ in moving,
                is_banned=is_banned(one),
                has_balance=id_ in with_balance,
                owes=id_ in owing,
            ),
        )
        for id_, one in customers.items()
    }
