"""What subscriptions are called, and in which zone their days are."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read
from subscriptions.models import Plan, Product, Subscription
from subscriptions.rules.states import Lifecycle


def plan_names(partner_id: UUID, subscription_ids: Collection[UUID]) -> dict[UUID, str]:
    """The name of each subscription's plan, for those that exist."""
    return dict(_PLAN_NAMES(partner_id, subscription_ids))


def names_ahead(partner_id: UUID, subscription_ids: Collection[UUID]) -> Asked:
    """What `plan_names` asks."""
    return Asked(_PLAN_NAMES, (partner_id, subscription_ids))


def names_of_plans(partner_id: UUID, plan_ids: Collection[UUID]) -> dict[UUID, str]:
    """The name of each plan, for those that exist."""
    if not plan_ids:
        return {}
    return dict(_NAMES_OF_PLANS(partner_id, plan_ids))


def names_of_plans_ahead(partner_id: UUID, plan_ids: Collection[UUID]) -> Asked:
    """What `names_of_plans` asks."""
    return Asked(_NAMES_OF_PLANS, (partner_id, plan_ids))


_NAMES_OF_PLANS = Read(
    lambda partner_id, ids: Plan.objects.for_partner(partner_id).filter(pk__among=ids).values_list("pk", "name")
)


def plan_and_customer(partner_id: UUID, subscription_id: UUID) -> tuple[UUID, UUID]:
    """Ids of what it is on and whose it is. Raises NotFound."""
    rows = Subscription.objects.for_partner(partner_id).filter(pk=subscription_id)
    found: tuple[UUID, UUID] | None = rows.values_list("plan_id", "customer_id").first()
    if found is None:
        raise NotFound("There is no such subscription.", field="subscription")
    return found


def ids_of_numbers(partner_id: UUID, numbers: Collection[str]) -> dict[str, UUID]:
    """By the partner's own number, for those that exist."""
    rows = Subscription.objects.for_partner(partner_id).filter(external_id__in=[one for one in numbers if one])
    return dict(rows.values_list("external_id", "pk"))


def zones_of(partner_id: UUID, subscription_ids: Collection[UUID]) -> dict[UUID, str]:
    """The billing zone of each subscription, for those that exist."""
    return dict(_ZONES(partner_id, subscription_ids))


_PLAN_NAMES = Read(
    lambda partner_id, ids: (
        Subscription.objects.for_partner(partner_id).filter(pk__among=ids).values_list("pk", "plan__name")
    )
)
_ZONES = Read(
    lambda partner_id, ids: (
        Subscription.objects.for_partner(partner_id).filter(pk__among=ids).values_list("pk", "timezone")
    )
)


def product_names(partner_id: UUID, product_ids: Collection[UUID]) -> dict[UUID, str]:
    """The name of each product, for those that exist."""
    rows = Product.objects.for_partner(partner_id).filter(pk__in=product_ids)
    return dict(rows.values_list("pk", "name"))


def plans_held(partner_id: UUID, customer_id: UUID) -> tuple[UUID, ...]:
    """Ids of the plans of a customer's subscriptions that have not ended, in no order."""
    rows = Subscription.objects.for_partner(partner_id).filter(customer=customer_id)
    return tuple(rows.exclude(lifecycle=Lifecycle.ENDED).order_by().values_list("plan_id", flat=True).distinct())
