"""Where a policy's page stands: whose it is, the pages above it, and the example that explains it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from customers.queries import detail
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money, exponent
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.policy.queries import Scope
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.rules.timeline import Example
from subscriptions.queries.catalogue import plan_line
from subscriptions.queries.names import plan_and_customer
from subscriptions.queries.summaries import lines_of

if TYPE_CHECKING:
    from partnerpanel.tenancy.models import Partner

MONTHLY = Interval(Unit.MONTH)


@dataclass(frozen=True, slots=True)
class Place:
    section: str
    title: str
    subtitle: str
    crumbs: list[dict[str, str]]
    example: Example


def place_of(partner: Partner, scope: Scope, *, now: datetime) -> Place:
    """In the open scope. Raises NotFound."""
    match scope.kind:
        case ScopeKind.PLAN:
            return _of_plan(partner, scope.id, now)
        case ScopeKind.CUSTOMER:
            return _of_customer(partner, scope.id, now)
        case ScopeKind.SUBSCRIPTION:
            return _of_subscription(partner, scope.id, now)
    subtitle = _("What happens by itself, when, and what it costs. Plans, customers and subscriptions may differ.")
    return Place("settings", _("Policy"), subtitle, [], _example(partner, now))


def _of_plan(partner: Partner, plan_id: UUID, now: datetime) -> Place:
    plan = plan_line(partner.pk, plan_id)
    crumbs = [
        {"text": _("Catalogue"), "url": reverse("products", args=[partner.slug])},
        {"text": plan.name, "url": reverse("plan", args=[partner.slug, public("plan", plan_id)])},
    ]
    interval = Interval(Unit(plan.interval_unit), plan.interval_count)
    price = plan.prices[0] if plan.prices else None
    title = _("Policy of %(name)s") % {"name": plan.name}
    return Place(
        "catalogue",
        title,
        _("For everybody on this plan, unless the customer or subscription says otherwise."),
        crumbs,
        _example(partner, now, interval, price),
    )


def _of_customer(partner: Partner, customer_id: UUID, now: datetime) -> Place:
    found = detail.customer(partner.pk, customer_id)
    title = _("Policy of %(name)s") % {"name": found.name}
    return Place(
        "customers",
        title,
        _("For all subscriptions of this customer, unless one says otherwise."),
        _above(partner, found.name, customer_id),
        _example(partner, now),
    )


def _of_subscription(partner: Partner, subscription_id: UUID, now: datetime) -> Place:
    _plan_id, customer_id = plan_and_customer(partner.pk, subscription_id)
    found = detail.customer(partner.pk, customer_id)
    line = next(one for one in lines_of(partner.pk, [customer_id], now=now)[customer_id] if one.id == subscription_id)
    interval = Interval(Unit(line.interval_unit), line.interval_count)
    example = _example(partner, now, interval, line.price, line.timezone)
    title = _("Policy of %(name)s") % {"name": line.plan_name}
    return Place(
        "customers",
        title,
        _("For this subscription alone; it goes before everything else."),
        _above(partner, found.name, customer_id),
        example,
    )


def _above(partner: Partner, name: str, customer_id: UUID) -> list[dict[str, str]]:
    return [
        {"text": _("Customers"), "url": reverse("customers", args=[partner.slug])},
        {"text": name, "url": reverse("customer", args=[partner.slug, public("cus", customer_id)])},
    ]


def _example(
    partner: Partner, now: datetime, interval: Interval = MONTHLY, price: Money | None = None, zone: str = ""
) -> Example:
    """A renewal that is due today."""
    zone = zone or partner.timezone
    hundred = Money(100 * 10 ** exponent(partner.currency), partner.currency)
    return Example(local_date(now, zone), interval, price or hundred, zone)
