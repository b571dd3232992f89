"""The platform in a test: what it sells, its days, and what its customers, the partners, do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Self
from uuid import UUID

from billing.gateway.registry import gateway_named
from billing.methods.services import add_method
from billing.models import Invoice, Payment
from billing.services.new_card import replace_card
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.platform.services.enrolment import Offer, enrol, make_platform
from partnerpanel.tenancy.models import Partner, Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from tests.people import Person, make_person
from tests.scenarios.story import CARDS
from tests.world import World

ZONE = "Europe/Berlin"
PLANS = {"Starter": ("49.00", 10), "Growth": ("99.00", 20), "Scale": ("249.00", 30)}
QUEUES = ("subscriptions", "charges", "outbox", "mail")


@dataclass
class Platform:
    """Its clock is an argument, as everybody's: `on` does what was due on every day up to that one."""

    world: World
    partners: list[Partner] = field(default_factory=list)

    @classmethod
    def founded(cls, now: datetime) -> Platform:
        made = make_platform(
            now=now,
            slug="platform",
            name="PartnerPanel",
            country="DE",
            timezone=ZONE,
            currency="EUR",
            locale="en",
            support_email="help@partnerpanel.example",
        )
        world = World(made, now=now)
        for name, (price, rank) in PLANS.items():
            world.plan(name, price=price, rank=rank)
        return cls(world)

    def enrols(self, partner: Partner, *, plan: str = "Starter", card: str = "ok") -> Self:
        """The partner is its customer from now on, with that card; `card` is a key of CARDS, empty is none."""
        enrol(partner, Offer(f"bills@{partner.slug}.example", plan), now=self.now)
        partner.refresh_from_db()
        self.partners.append(partner)
        if card:
            self.gives_card(card)
        return self.settles()

    def gives_card(self, card: str) -> Self:
        """A card that the next charge will find."""
        ref = CARDS[card]
        facts = gateway_named("sandbox").describe_method(self.world.id, ref)
        with tenant(self.world.id):
            add_method(self.customer, gateway="sandbox", ref=ref, facts=facts, actor=self.world.system, now=self.now)
        return self

    def pays_with(self, card: str) -> Self:
        """A new card, which what is owed is charged to at once."""
        replace_card(self.customer, gateway="sandbox", ref=CARDS[card], actor=self.world.system, now=self.now)
        return self.settles()

    def on(self, day: str) -> Self:
        until = start_of_day(date.fromisoformat(day), ZONE)
        while self.now < until:
            self.world.now = min(until, self.now + timedelta(days=1))
            self.settles()
        return self

    def settles(self) -> Self:
        self.world.drain(*QUEUES)
        for partner in self.partners:
            partner.refresh_from_db()
        return self

    def staff(self, role: str = "owner") -> Person:
        return make_person(self.world.partner, Role(role))

    @property
    def now(self) -> datetime:
        return self.world.now

    @property
    def customer(self) -> UUID:
        """The row of the first partner."""
        found = self.partners[0].platform_customer
        assert found is not None
        return found

    @property
    def subscription(self) -> Subscription:
        with tenant(self.world.id):
            rows = Subscription.objects.for_partner(self.world.id).select_related("plan")
            return rows.get(customer=self.customer)

    def paid(self) -> list[str]:
        """What the first partner has paid, oldest first."""
        with tenant(self.world.id):
            rows = Payment.objects.for_partner(self.world.id).filter(customer=self.customer).order_by("recorded_at")
            return [str(row.money) for row in rows]

    def invoices(self) -> list[Invoice]:
        with tenant(self.world.id):
            rows = Invoice.objects.for_partner(self.world.id).filter(customer=self.customer)
            return list(rows.order_by("number"))


def bill_of(partner: Partner, *, now: datetime) -> UUID:
    """The partner is a customer of the platform, its trial is over, and this is the invoice of its first period."""
    made = Partner.objects.filter(is_platform=True).first()
    began = now - timedelta(days=14)
    platform = Platform(World(made, now=began)) if made else Platform.founded(began)
    platform.world.now = began
    platform.enrols(partner)
    platform.world.now = now
    platform.settles()
    partner.refresh_from_db()
    with tenant(platform.world.id):
        row = Invoice.objects.for_partner(platform.world.id).get(customer=partner.platform_customer)
    found: UUID = row.pk
    return found
