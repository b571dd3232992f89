"""Subscriptions that an import makes or corrects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from billing.tax.queries import net_shares
from partnerpanel.imports.rules.plan_subscription import terms_of
from partnerpanel.imports.rules.steps import PlanKey, RowPlan, Step, SubscriptionStep
from partnerpanel.imports.rules.wanted import WantedSubscription
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.moving_in import HeldPlan, held_plans
from subscriptions.rules.moving_in import SubscriptionTerms, WaitingChange
from subscriptions.rules.recurring import WHOLE
from subscriptions.rules.start import NewSubscription
from subscriptions.services.create import create_subscriptions
from subscriptions.services.moving_in import update_waiting


def write_subscriptions(
    rows: Sequence[RowPlan], customers: Mapping[int, UUID], *, actor: Actor, now: datetime, action_id: UUID
) -> dict[int, UUID]:
    """In the open scope, after the plans and customers; the subscription of each row. New ones wait for the cut-over
    and have their service elsewhere, so none is set up here."""
    plans = held_plans(actor.partner_id)
    shares = net_shares(actor.partner_id, set(customers.values()), now.date())
    new: list[NewSubscription] = []
    new_rows: list[int] = []
    changes: list[WaitingChange] = []
    for row in rows:
        wanted, step = row.record.subscription, row.subscription
        if wanted is None or step is None or step.price is None:
            continue
        zone = row.customer.profile.timezone
        terms = _terms(wanted, step, plans)
        share = shares.get(customers[row.record.row], WHOLE)
        ended_at = _instant(wanted.ended_on, zone, now) if wanted.ended_on else None
        if step.step is Step.UPDATE and step.subscription_id is not None:
            changes.append(WaitingChange(step.subscription_id, terms, ended_at, share))
        elif step.step is Step.CREATE:
            new_rows.append(row.record.row)
            new.append(
                NewSubscription(
                    customer_id=customers[row.record.row],
                    plan_id=terms.plan_id,
                    currency=terms.currency,
                    timezone=zone,
                    started_at=_instant(wanted.started_on, zone, now),
                    quantity=terms.quantity,
                    price=step.price if step.is_agreed else None,
                    anchor_on=wanted.started_on,
                    lifecycle=terms.lifecycle,
                    ended_at=ended_at,
                    cancel_at_period_end=terms.cancel_at_period_end,
                    awaits_cut_over=True,
                    external_id=wanted.external_id,
                    with_service=False,
                    net_share=share,
                )
            )
    ids = create_subscriptions(new, actor=actor, now=now, action_id=action_id)
    update_waiting(changes, actor=actor, now=now, action_id=action_id)
    held = {
        row.record.row: id_
        for row in rows
        if row.subscription and (id_ := row.subscription.subscription_id) is not None
    }
    return held | dict(zip(new_rows, ids, strict=True))


def _terms(wanted: WantedSubscription, step: SubscriptionStep, plans: Mapping[PlanKey, HeldPlan]) -> SubscriptionTerms:
    if step.price is None:
        raise ValueError("A subscription that is written has a price.")
    return terms_of(wanted, plans[wanted.product, wanted.plan].id, step.price, is_agreed=step.is_agreed)


def _instant(day: date, zone: str, now: datetime) -> datetime:
    """The beginning of the day, but never after now."""
    return min(start_of_day(day, zone), now)
