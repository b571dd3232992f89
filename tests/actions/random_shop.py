"""A partner's test mode made up by dice: policy, plans, prices, and who has bought what and pays how."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from billing.gateway.port import ChargeRequest
from billing.gateway.registry import gateway_named
from billing.methods.services import add_method
from billing.tax.services import new_version
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.services import set_policy
from partnerpanel.queues.advance import advance
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner, Role
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from subscriptions.models import Subscription
from subscriptions.rules.start import NewSubscription
from subscriptions.rules.states import Lifecycle
from subscriptions.services.archive import archive_plan
from subscriptions.services.catalogue import create_plan, create_product
from subscriptions.services.create import create_subscriptions
from tests.people import make_partner, make_person
from tests.taxing import registers, taxes
from tests.world import World

BEGINNING = datetime(2026, 1, 20, 11, 0, tzinfo=UTC)
PLACES = [("Europe/Berlin", "EUR"), ("Asia/Tokyo", "JPY"), ("Asia/Bahrain", "BHD"), ("America/New_York", "USD")]
MONTH, THIRTY_DAYS = Interval(Unit.MONTH), Interval(Unit.DAY, 30)
INTERVALS = [MONTH, MONTH, MONTH, THIRTY_DAYS, Interval(Unit.WEEK, 2), Interval(Unit.MONTH, 3), Interval(Unit.YEAR)]
CARDS = ["sandbox_ok"] * 6 + [
    "sandbox_soft_decline",
    "sandbox_hard_decline",
    "sandbox_declines_on_renewal",
    "sandbox_answer_lost",
    "",
]
POLICIES: Mapping[str, list[object]] = {
    "grace.starts": ["retries_exhausted", "first_failure"],
    "grace.then": ["suspend", "freeze"],
    "grace.renew_inside": ["extend", "keep_schedule"],
    "catchup": ["each", "latest"],
    "change.upgrade.when": ["immediate", "period_end"],
    "change.upgrade.anchor": ["reset", "keep"],
    "change.downgrade": ["immediate", "period_end"],
    "change.lateral": ["ask", "immediate", "period_end"],
    "change.unpaid": ["wait", "apply_and_collect"],
    "change.rollback.money": ["reverse_change", "credit_unused", "none"],
    "change.direction_by": ["rank_then_price", "price"],
    "refund.window_hours": [0, 72, 8_760],
    "refund.access": ["keep", "period_end"],
}


@dataclass
class RandomShop:
    """Everything follows from the dice. The clock is a twin's, and everything due until `now` has happened."""

    dice: random.Random
    slug: str = "eastwind"
    cards: Sequence[str] = field(default_factory=lambda: CARDS)
    policies: Mapping[str, Sequence[object]] = field(default_factory=lambda: POLICIES)
    twin: Partner = field(init=False)
    actor: Actor = field(init=False)
    world: World = field(init=False)
    now: datetime = BEGINNING
    plans: list[UUID] = field(default_factory=list)
    customers: dict[UUID, UUID] = field(default_factory=dict)
    """By subscription."""

    def __post_init__(self) -> None:
        zone, currency = self.dice.choice(PLACES)
        live = make_partner(self.slug, timezone=zone, currency=currency)
        person = make_person(live, Role.OWNER)
        self.twin = create_twin(live, now=self.now)
        self.actor = Actor(person.actor.kind, self.twin.pk, person.user.pk, Role.OWNER, "request-of-a-test")
        self.world = World(self.twin, now=self.now)
        self._choose_policy()
        self._choose_taxes()
        archived = self._make_plans()
        self._sell(8)
        with tenant(self.world.id):
            archive_plan(archived, actor=self.world.system, now=self.now)
        self.settles()

    @property
    def subscriptions(self) -> list[UUID]:
        return list(self.customers)

    def row(self, subscription: UUID) -> Subscription:
        return self.world.read_subscription(subscription)

    def settles(self) -> None:
        """What is due now happens now."""
        advance(self.twin.pk, to=self.now)

    def passes(self, time: timedelta) -> None:
        """Everything that falls due meanwhile happens when it is due."""
        self.now += time
        self.world.now = self.now
        self.settles()

    def is_cut_off(self, time: timedelta) -> None:
        """Nothing runs meanwhile; then everything is caught up."""
        self.now += time
        self.world.now = self.now
        Partner.objects.filter(pk=self.twin.pk).update(test_clock_at=self.now)
        self.settles()

    def amount(self, most: int = 30_000) -> Money:
        """Nothing, little, or much, and rarely round."""
        dice = self.dice
        return Money(dice.choice([0, dice.randint(1, 99), *(dice.randint(100, most) for _ in range(6))]), self.currency)

    @property
    def currency(self) -> str:
        return str(self.twin.currency)

    def _choose_policy(self) -> None:
        chosen = {key: self.dice.choice(values) for key, values in self.policies.items() if self.dice.random() < 0.4}
        with tenant(self.world.id):
            set_policy(
                scope_kind=ScopeKind.PARTNER,
                scope_id=self.twin.pk,
                preset=self.dice.choice(["standard", "extended", "strict", "lenient"]),
                document=chosen,
                actor=self.world.system,
                now=self.now,
            )

    def _choose_taxes(self) -> None:
        """Two in three charge tax: one or two of them, on prices or in them, and other ones after a while."""
        dice = random.Random(self.dice.getstate()[1][0])  # apart, so that everything else stays what the seed says
        if dice.random() < 1 / 3:
            return
        registers(self.world)
        inclusive = dice.random() < 0.4
        for kind in dice.choice([["vat"], ["gst", "pst"]]):
            percent = dice.choice(["5", "8.875", "9.975", "10", "19"])
            rate = taxes(self.world, percent, kind=kind, inclusive=inclusive)
            with tenant(self.world.id):
                later = self.now.date() + timedelta(days=dice.randint(5, 90))
                new_version(rate, percent=Decimal("12.5"), valid_from=later, actor=self.world.system, now=self.now)

    def _make_plans(self) -> UUID:
        """Seven plans of two products, one of them free; the last is sold only for now."""
        with tenant(self.world.id):
            for product, ranks in (("Telephone", [0, 1, 1, 2, 3]), ("Letters", [0, 1])):
                id_ = create_product(name=product, actor=self.world.system, now=self.now)
                for number, rank in enumerate(ranks):
                    price = Money(0, self.currency) if not self.plans else self.amount()
                    made = create_plan(
                        product_id=id_,
                        name=f"{product} {number}",
                        interval=self.dice.choice(INTERVALS) if self.plans else MONTH,
                        prices=[price],
                        rank=rank,
                        actor=self.world.system,
                        now=self.now,
                    )
                    self.plans.append(made)
        return self.plans[-1]

    def _sell(self, many: int) -> None:
        """Every fourth customer buys a second time."""
        buyers = [self.world.customer() for _ in range(many)]
        for customer in buyers:
            if card := self.dice.choice(self.cards):
                self._has_card(customer, card)
        sold = [self._sale(customer) for customer in [*buyers, *buyers[::4]]]
        with tenant(self.world.id):
            ids = create_subscriptions(sold, actor=self.world.system, now=self.now)
        self.customers = {id_: one.customer_id for id_, one in zip(ids, sold, strict=True)}

    def _sale(self, customer: UUID) -> NewSubscription:
        dice = self.dice
        is_trial = dice.random() < 0.15
        ago = timedelta(days=dice.choice([0, 1, dice.randint(2, 29), dice.randint(30, 400)]))
        return NewSubscription(
            customer_id=customer,
            plan_id=dice.choice(self.plans),
            currency=self.currency,
            timezone=self.twin.timezone,
            started_at=self.now if is_trial else self.now - ago,
            quantity=dice.choice([1, 1, 1, 2, 7]),
            price=self.amount() if dice.random() < 0.2 else None,
            lifecycle=Lifecycle.TRIALING if is_trial else Lifecycle.ACTIVE,
            trial_ends_at=self.now + timedelta(days=dice.randint(1, 20)) if is_trial else None,
            auto_renew=dice.random() < 0.9,
            paid_elsewhere=not is_trial and dice.random() < 0.7,
        )

    def _has_card(self, customer: UUID, card: str) -> None:
        gateway = gateway_named("sandbox")
        facts = gateway.describe_method(self.world.id, card)
        with tenant(self.world.id):
            add_method(customer, gateway="sandbox", ref=card, facts=facts, actor=self.world.system, now=self.now)
        if card == "sandbox_declines_on_renewal" and self.dice.random() < 0.5:
            # Its first charge, which succeeds, was the purchase.
            bought = ChargeRequest("purchase", Money(100, self.currency), card, str(customer))
            gateway.charge_many(self.world.id, [bought])
