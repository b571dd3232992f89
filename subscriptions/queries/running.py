"""Which subscriptions of customers have not ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.kernel.errors import NotFound
from subscriptions.models import Plan, Subscription
from subscriptions.rules.states import Lifecycle


@dataclass(frozen=True, slots=True)
class Running:
    """A subscription that has not ended, its plan, and the product that this belongs to."""

    id: UUID
    plan_id: UUID
    product_id: UUID


def running_of(partner_id: UUID, customer_ids: Many[UUID]) -> dict[UUID, list[Running]]:
    """By customer, oldest first; customers without one are left out."""
    rows = Subscription.objects.for_partner(partner_id).filter(customer__among=customer_ids)
    rows = rows.exclude(lifecycle=Lifecycle.ENDED).order_by("pk")
    found: defaultdict[UUID, list[Running]] = defaultdict(list)
    for customer_id, *columns in rows.values_list("customer_id", "pk", "plan_id", "plan__product_id"):
        found[customer_id].append(Running(*columns))
    return dict(found)


def product_of(partner_id: UUID, plan_id: UUID) -> UUID:
    """The product of a plan. Raises NotFound."""
    found: UUID | None = (
        Plan.objects.for_partner(partner_id).filter(pk=plan_id).values_list("product_id", flat=True).first()
    )
    if found is None:
        raise NotFound(_("There is no such plan."), field="plan")
    return found
