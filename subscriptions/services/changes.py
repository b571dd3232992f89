"""Writing changes: as they are made, and where they come to stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from partnerpanel.tenancy.bulk import update_rows
from subscriptions.models import Change
from subscriptions.rules.changes import OPEN_STATES, ChangeState, Deal, OpenChange

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class NewChange:
    """A change with the subscription as it was before it. `term_after` is the number it has once that happened."""

    subscription_id: UUID
    customer_id: UUID
    change: OpenChange
    state: ChangeState
    before: Deal
    anchor_before: date
    ends_before: date | None
    term_before: int | None
    term_after: int | None
    reverses: UUID | None = None


@dataclass(frozen=True, slots=True)
class MovedChange:
    """Where a change stands from now on."""

    id: UUID
    state: ChangeState
    term: int | None


def make_changes(partner_id: UUID, new: Sequence[NewChange], *, action_id: UUID, now: datetime) -> None:
    """Writes them in the open scope. Raises IntegrityError where one is open already."""
    Change.objects.bulk_create(
        [
            Change(
                id=one.change.id,
                partner_id=partner_id,
                subscription_id=one.subscription_id,
                customer_id=one.customer_id,
                kind=one.change.kind,
                state=one.state,
                direction=one.change.direction or "",
                plan_before_id=one.before.plan.id,
                quantity_before=one.before.quantity,
                price_before=one.before.plan.price.amount,
                agreed_before=one.before.is_agreed,
                anchor_before=one.anchor_before,
                ends_before=one.ends_before,
                term_before=one.term_before,
                plan_id=one.change.deal.plan.id,
                quantity=one.change.deal.quantity,
                price_amount=one.change.deal.plan.price.amount,
                price_is_agreed=one.change.deal.is_agreed,
                anchor_on=one.change.anchor_on,
                starts_on=one.change.starts_on,
                ends_on=one.change.ends_on,
                addon=one.change.addon.as_json() if one.change.addon else None,
                term_after=one.term_after,
                reverses_id=one.reverses,
                action_id=action_id,
                made_at=now,
                settled_at=None if one.state in OPEN_STATES else now,
            )
            for one in new
        ],
        batch_size=BATCH,
    )


def move_changes(partner_id: UUID, moved: Sequence[MovedChange], *, now: datetime) -> None:
    """Writes where changes came to stand; one that is taken back keeps the term that it led to."""
    settled = [(one.id, one.state, now, one.term) for one in moved if one.state is not ChangeState.REVERSED]
    back = [(one.id, one.state) for one in moved if one.state is ChangeState.REVERSED]
    update_rows(Change, partner_id=partner_id, columns=["state", "settled_at", "term_after"], rows=settled)
    update_rows(Change, partner_id=partner_id, columns=["state"], rows=back)
