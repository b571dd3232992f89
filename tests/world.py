"""What a partner has in a test: customers, plans, and subscriptions in every state that one can begin in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from customers.models import Customer
from customers.rules.profile import Profile
from customers.services.create import NewCustomer, create_customers
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.queues.registry import queue_named
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Hold, ServiceAccount, Subscription
from subscriptions.rules.start import NewSubscription
from subscriptions.rules.states import Collection, HoldKind, Lifecycle
from subscriptions.services.catalogue import create_plan, create_product
from subscriptions.services.create import create_subscriptions
from tests.people import Team

# Noon in Berlin on an ordinary day; worlds begin here.
NOW = datetime(2026, 3, 15, 11, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=100)
MONTHLY = Interval(Unit.MONTH)

# Every state that a subscription can begin in, by the name that a test calls it.
STATES: Mapping[str, Mapping[str, Any]] = {
    "scheduled": {"lifecycle": Lifecycle.SCHEDULED, "started_at": NOW + timedelta(days=10)},
    "incomplete": {"lifecycle": Lifecycle.INCOMPLETE},
    "trialing": {"lifecycle": Lifecycle.TRIALING, "started_at": NOW, "trial_ends_at": NOW + timedelta(days=14)},
    "active": {},
    "without auto-renewal": {"auto_renew": False},
    "cancelling": {"cancel_at_period_end": True},
    "paused": {"paused_from": NOW - timedelta(days=1), "paused_until": NOW + timedelta(days=30)},
    "awaiting cut-over": {"awaits_cut_over": True},
    "retrying": {"collection": Collection.RETRYING},
    "in grace": {"collection": Collection.GRACE},
    "delinquent": {"collection": Collection.DELINQUENT, "holds": ((HoldKind.NONPAYMENT, ""),)},
    "held by hand": {"holds": ((HoldKind.MANUAL, "as agreed by telephone"),)},
    "held for abuse": {"holds": ((HoldKind.ABUSE, "sends spam"),)},
    "under review": {"holds": ((HoldKind.FRAUD_REVIEW, "many cards"),)},
    "held twice": {"holds": ((HoldKind.MANUAL, "as agreed"), (HoldKind.ABUSE, "sends spam"))},
    "ended": {"lifecycle": Lifecycle.ENDED, "ended_at": NOW - timedelta(days=10)},
}


@dataclass
class World:
    """One partner's things. Every method opens the scope that it needs, and takes the system as actor."""

    partner: Partner
    now: datetime = NOW
    _number: count[int] = field(default_factory=lambda: count(1))
    _plans: dict[tuple[object, ...], UUID] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        partner_id: UUID = self.partner.pk
        return partner_id

    @property
    def system(self) -> Actor:
        return Actor.system(self.partner.pk)

    def customers(self, many: int, *, name: str = "", **profile: str) -> list[UUID]:
        """So many customers with addresses of their own, oldest first."""
        with tenant(self.id):
            new = [self._new_customer(name, profile) for _ in range(many)]
            return create_customers(new, actor=self.system, now=self.now)

    def customer(self, name: str = "", **profile: str) -> UUID:
        return self.customers(1, name=name, **profile)[0]

    def plan(self, name: str = "Basic", *, price: str = "30.00", interval: Interval = MONTHLY, **other: Any) -> UUID:
        """The plan of that name in the partner's currency, made when it is first asked for."""
        key = (name, price, interval, repr(other))
        if key not in self._plans:
            with tenant(self.id):
                product = create_product(name=f"Product {next(self._number)}", actor=self.system, now=self.now)
                self._plans[key] = create_plan(
                    product_id=product,
                    name=name,
                    interval=interval,
                    prices=[Money.parse(price, self.partner.currency)],
                    actor=self.system,
                    now=self.now,
                    **other,
                )
        return self._plans[key]

    def subscription(self, state: str = "active", *, customer: UUID | None = None, **changes: Any) -> UUID:
        """A subscription that begins in one of STATES; `changes` are fields of NewSubscription."""
        return self.subscriptions([customer or self.customer()], state, **changes)[0]

    def subscriptions(self, customers: list[UUID], state: str = "active", **changes: Any) -> list[UUID]:
        """One for each customer, written together."""
        plan_id = changes.pop("plan_id", None) or self.plan()
        with tenant(self.id):
            new = [replace(self.new_subscription(id_, plan_id, state), **changes) for id_ in customers]
            return create_subscriptions(new, actor=self.system, now=self.now)

    def new_subscription(self, customer: UUID, plan_id: UUID, state: str = "active") -> NewSubscription:
        fields: dict[str, Any] = {"started_at": LONG_AGO} | dict(STATES[state])
        return NewSubscription(
            customer_id=customer,
            plan_id=plan_id,
            currency=self.partner.currency,
            timezone=self.partner.timezone,
            **fields,
        )

    def drain(self, *queues: str, now: datetime | None = None) -> int:
        """Works through what is due in these queues (the outbox and provisioning unless named) until nothing is."""
        worked = 0
        while batch := sum(
            queue_named(name).drain(self.id, now or self.now) for name in queues or ("outbox", "provisioning")
        ):
            worked += batch
        return worked

    def read_customer(self, customer: UUID) -> Customer:
        with tenant(self.id):
            return Customer.objects.for_partner(self.id).get(pk=customer)

    def read_subscription(self, subscription: UUID) -> Subscription:
        with tenant(self.id):
            return Subscription.objects.for_partner(self.id).select_related("plan", "customer").get(pk=subscription)

    def read_account(self, subscription: UUID) -> ServiceAccount:
        with tenant(self.id):
            return ServiceAccount.objects.for_partner(self.id).get(subscription=subscription)

    def open_holds(self, customer: UUID) -> set[tuple[str, str, UUID | None]]:
        """Kind, reason and subscription of every hold on the customer and its subscriptions."""
        with tenant(self.id):
            rows = Hold.objects.for_partner(self.id).filter(customer=customer, released_at=None)
            return set(rows.values_list("kind", "reason", "subscription"))

    def _new_customer(self, name: str, profile: Mapping[str, str]) -> NewCustomer:
        number = next(self._number)
        wanted = {
            "name": name or f"Customer {number:05}",
            "email": f"customer{number}@{self.partner.slug}.example",
            "country": self.partner.country,
            "timezone": self.partner.timezone,
        }
        return NewCustomer(Profile(**(wanted | dict(profile))), registered_at=LONG_AGO)


@pytest.fixture
def world(team: Team) -> World:
    """The things of the partner that a test is about."""
    return World(team.partner)


@pytest.fixture
def other_world(other_team: Team) -> World:
    """The things of another partner."""
    return World(other_team.partner)
