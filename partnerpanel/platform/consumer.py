"""Hears of what happens to the platform's customers, and keeps their partners' standing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from partnerpanel.events.consumers import Consumer, Foreseen
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.platform.services.standing import refresh
from partnerpanel.tenancy.queries import is_platform

KINDS = frozenset(
    {
        "customer.suspended",
        "customer.reactivated",
        "customer.banned",
        "customer.verification_required",
        "customer.verified",
        "customer.ban_lifted",
        "subscription.created",
        "subscription.suspended",
        "subscription.reactivated",
        "subscription.access_changed",
        "subscription.renewed",
        "subscription.payment_due",
        "subscription.payment_failed",
        "subscription.grace_started",
        "subscription.limits_lifted",
        "subscription.grace_over",
        "subscription.ended",
        "subscription.restored",
        "subscription.restart_asked",
        "subscription.restarted",
        "subscription.restart_dropped",
        "subscription.extended",
        "subscription.paused",
        "subscription.resumed",
        "subscription.plan_changed",
        "subscription.rolled_back",
        "subscription.cut_over",
        "payment.received",
        "invoice.paid",
        "invoice.voided",
    }
)


def handle(events: Sequence[Event], now: datetime) -> None:
    """What is read now counts, so a repeat and a late delivery are harmless."""
    refresh({event.customer_id for event in events if event.customer_id}, now=now)


def foresee(_drafts: Sequence[EventDraft]) -> list[Foreseen]:
    """Nobody is mailed for it, and no service is told."""
    return []


CONSUMER = Consumer(name="platform", kinds=KINDS, handle=handle, foresee=foresee, only_of=is_platform)
