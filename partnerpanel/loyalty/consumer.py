"""Hears of payments of those whose policy gives bonus months, and gives what a payment completes, once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from billing.queries.change_facts import load_changes
from billing.queries.paid_months import paid_days, term_of_invoice
from billing.rules.changes.bonus import can_wait, plan_bonus
from billing.rules.changes.refusals import CannotChange
from billing.rules.paid_months import milestone
from billing.rules.papers import LOYALTY
from billing.services.apply import apply
from partnerpanel.events.consumers import Consumer, Foreseen
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.kernel.ids import uuid7
from partnerpanel.loyalty.models import LoyaltyBonus
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import insert_rows

NAME = "loyalty"
COLUMNS = ("id", "subscription", "after_months", "months", "given_at")


def handle(events: Sequence[Event], now: datetime) -> Collection[UUID]:
    """One after the other, each under its subscription's lock. What cannot be given yet comes again."""
    return [event.pk for event in events if not _given(event, now)]


def _given(event: Event, now: datetime) -> bool:
    """False where it has to wait, because a charge is being checked or a change waits for its payment."""
    partner_id, subscription_id = event.partner_id, UUID(event.data[LOYALTY])
    facts = load_changes(partner_id, [subscription_id], now=now, lock=True).get(subscription_id)
    term = term_of_invoice(partner_id, event.object_id)
    if facts is None or term is None:
        return True
    if can_wait(facts.billing):
        return False
    wanted = facts.billing.policy.policy.loyalty
    days = paid_days(partner_id, [subscription_id]).get(subscription_id, {})
    reached = milestone(days, term=term, every=wanted.every_months) if wanted.enabled else None
    if reached is None:
        return True
    try:
        planned = plan_bonus(facts, months=wanted.bonus_months, after=reached)
    except CannotChange:
        return True
    row = (uuid7(), subscription_id, reached, wanted.bonus_months, now)
    if insert_rows(LoyaltyBonus, partner_id=partner_id, columns=COLUMNS, rows=[row], ignore_conflicts=True):
        apply([planned.plan], actor=Actor.system(partner_id), action_id=uuid7(), now=now)
    return True


def foresee(_drafts: Sequence[EventDraft]) -> list[Foreseen]:
    """It follows the payment, and is no part of what was paid for."""
    return []


CONSUMER = Consumer(name=NAME, kinds=frozenset({"invoice.paid"}), handle=handle, foresee=foresee, only_with=LOYALTY)
