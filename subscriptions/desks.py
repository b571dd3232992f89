"""Subscriptions and service accounts that wait for a person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.events.retry import put_back
from partnerpanel.queues.parked import Desk, ParkedLine
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import ServiceAccount, Subscription
from subscriptions.services.repair import retry_account


def waiting_subscriptions(partner_id: UUID, limit: int) -> list[ParkedLine]:
    """By plan: the step that was due failed again and again."""
    rows = Subscription.objects.for_partner(partner_id).filter(parked_at__isnull=False).order_by("parked_at", "pk")
    columns = ("pk", "customer_id", "plan__name", "last_error", "parked_at")
    return [ParkedLine(*values) for values in rows.values_list(*columns)[:limit]]


def waiting_accounts(partner_id: UUID, limit: int) -> list[ParkedLine]:
    """By user name."""
    rows = ServiceAccount.objects.for_partner(partner_id).filter(parked_at__isnull=False).order_by("parked_at", "pk")
    columns = ("pk", "subscription__customer_id", "username", "last_error", "parked_at")
    return [ParkedLine(*values) for values in rows.values_list(*columns)[:limit]]


def _retry_subscription(row_id: UUID, actor: Actor, now: datetime) -> None:
    rows = Subscription.objects.for_partner(actor.partner_id)
    put_back(rows, row_id, queue="subscriptions", customer="customer_id", actor=actor, now=now)


def _retry_account(row_id: UUID, actor: Actor, now: datetime) -> None:
    retry_account(row_id, actor=actor, now=now)


SUBSCRIPTIONS = Desk("subscriptions", waiting_subscriptions, _retry_subscription)
ACCOUNTS = Desk("provisioning", waiting_accounts, _retry_account)
