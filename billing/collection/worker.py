"""The engine's heartbeat: whoever has a step due gets it, one at a time, until nothing is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from prometheus_client import Counter

from billing.collection.switch import is_frozen
from billing.queries.facts import load
from billing.rules.agenda import Appointment, next_appointment
from billing.rules.facts import BillingFacts
from billing.rules.in_turn import plans_in_turn
from billing.rules.steps import plan_step
from billing.services.apply import apply
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.wake import is_quiet
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.terms import due_endings, due_subscriptions
from subscriptions.services.parking import park
from subscriptions.services.terms import move

log = structlog.get_logger(__name__)

# Renewals are the step `renew`. What a test clock brings about is not counted.
STEPS = Counter("partnerpanel_billing_steps", "Steps of subscriptions that were taken", ["step"])
CHUNK = 300


def drain_subscriptions(partner_id: UUID, now: datetime) -> int:
    """One chunk of what is due. A chunk that fails is tried one by one, and what fails then is parked in the end.

    Of a frozen partner all stays due but what its customers have cancelled: the first look after the payment finds it.
    """
    with tenant(partner_id):
        found = due_endings if is_frozen(partner_id) else due_subscriptions
        due = list(found(partner_id, now=now, limit=CHUNK))
    if not due:
        return 0
    try:
        _work(partner_id, due, now)
    except Exception:
        log.exception("billing_chunk_failed", partner_id=str(partner_id), size=len(due))
        for subscription_id in due:
            _work_alone(partner_id, subscription_id, now)
    return len(due)


def _work(partner_id: UUID, due: Sequence[UUID], now: datetime) -> None:
    with tenant(partner_id):
        found = load(partner_id, due, now=now, lock=True)
        taken: list[tuple[BillingFacts, Appointment]] = []
        later = {}
        for id_, facts in found.items():
            appointment = next_appointment(facts, now=now)
            if appointment.step is None or appointment.at is None or appointment.at > now:
                # Only the next look has to be set.
                later[id_] = {"due_at": appointment.at}
            else:
                taken.append((facts, appointment))
        plans = plans_in_turn(
            taken,
            facts=lambda one: one[0],
            plan=lambda one, its: plan_step(its, one[1], now=now, ids=(uuid7(), uuid7())),
        )
        apply(plans, actor=Actor.system(partner_id), action_id=uuid7(), now=now)
        move(partner_id, later)
    if not is_quiet():
        for _facts, appointment in taken:
            STEPS.labels(appointment.step).inc()


def _work_alone(partner_id: UUID, subscription_id: UUID, now: datetime) -> None:
    try:
        _work(partner_id, [subscription_id], now)
    except Exception as error:
        log.exception("billing_step_failed", partner_id=str(partner_id), subscription_id=str(subscription_id))
        with tenant(partner_id):
            park(partner_id, subscription_id, error=f"{type(error).__name__}: {error}", now=now)
