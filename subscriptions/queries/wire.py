"""Rows that representations above this app are made of."""

from __future__ import annotations

from collections.abc import Collection as Many
from uuid import UUID

from partnerpanel.tenancy.rows import TenantQuerySet
from subscriptions.models import Hold, Subscription, Term
from subscriptions.rules.states import Lifecycle

SubscriptionRow = Subscription


def subscription_rows(partner_id: UUID) -> TenantQuerySet[Subscription]:
    """All of the partner's, each with its plan."""
    return Subscription.objects.for_partner(partner_id).select_related("plan")


def running_of(partner_id: UUID, customer_id: UUID) -> list[UUID]:
    """Ids of the customer's subscriptions that have not ended, oldest first."""
    rows = Subscription.objects.for_partner(partner_id).filter(customer=customer_id).exclude(lifecycle=Lifecycle.ENDED)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def term_of(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, Term]:
    """The newest term of each that has one."""
    rows = Term.objects.for_partner(partner_id).filter(subscription__in=subscription_ids)
    newest = rows.order_by("subscription", "-number").distinct("subscription")
    return {row.subscription_id: row for row in newest}


def wire_holds(partner_id: UUID, customer_ids: Many[UUID]) -> dict[UUID, list[Hold]]:
    """Open holds by customer, the oldest first; those without a subscription lie on all of them."""
    found: dict[UUID, list[Hold]] = {}
    rows = Hold.objects.for_partner(partner_id).filter(customer__in=customer_ids, released_at=None)
    for row in rows.order_by("placed_at", "pk"):
        found.setdefault(row.customer_id, []).append(row)
    return found
