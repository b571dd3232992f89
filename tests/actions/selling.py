"""A small shop: plans of one product by rank, a customer with a card, and what was billed and booked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from billing.documents.states import InvoiceStatus
from billing.gateway.port import ChargeRequest
from billing.gateway.registry import gateway_named
from billing.methods.services import add_method
from billing.models import Balance, CreditNote, CreditNoteLine, Invoice, InvoiceLine, LedgerEntry, SandboxCharge
from billing.queries.facts import load
from billing.rules.changes.ahead import Standing, standing_of
from partnerpanel.actions import door
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.door import Outcome
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.rollback_plan import RollbackPlan
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.policy.rules.change import Anchor, RollbackMoney, Unpaid, When
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Change, Movement, Subscription, Term
from subscriptions.services.catalogue import create_plan, create_product
from tests.people import Person
from tests.world import NOW, World

THIRTY_DAYS = Interval(Unit.DAY, 30)
PRICES: Mapping[str, str] = {"Free": "0.00", "Starter": "40.00", "Basic": "100.00", "Business": "150.00"}


@dataclass
class Shop:
    """Plans by name at PRICES for 30 days, ranked in that order; everything is asked by one person."""

    world: World
    person: Person
    now: datetime = NOW
    plans: dict[str, UUID] = field(default_factory=dict)
    product: UUID = field(init=False)

    def __post_init__(self) -> None:
        with tenant(self.world.id):
            self.product = create_product(name="Telephone", actor=self.world.system, now=self.now)
        for name, price in PRICES.items():
            self.sells(name, price)

    def sells(
        self, name: str, price: str, *, interval: Interval = THIRTY_DAYS, rank: int | None = None, **other: Any
    ) -> UUID:
        with tenant(self.world.id):
            self.plans[name] = create_plan(
                product_id=self.product,
                name=name,
                interval=interval,
                prices=[Money.parse(price, self.world.partner.currency)],
                rank=len(self.plans) if rank is None else rank,
                **other,
                actor=self.world.system,
                now=self.now,
            )
        return self.plans[name]

    def buyer(
        self, plan: str = "Basic", *, days_ago: int = 12, card: str = "sandbox_ok", name: str = "", **other: Any
    ) -> Buyer:
        """Somebody who paid for a period that began so many days ago."""
        customer = self.world.customer(name)
        if card:
            with tenant(self.world.id):
                facts = gateway_named("sandbox").describe_method(self.world.id, card)
                add_method(customer, gateway="sandbox", ref=card, facts=facts, actor=self.world.system, now=self.now)
        if card == "sandbox_declines_on_renewal":
            bought = ChargeRequest("purchase", Money.parse("1.00", "EUR"), card, str(customer))
            gateway_named("sandbox").charge_many(self.world.id, [bought])
        paid: dict[str, Any] = {"started_at": self.now - timedelta(days=days_ago), "paid_elsewhere": True}
        subscription = self.world.subscription(customer=customer, plan_id=self.plans[plan], **(paid | other))
        self.world.drain()
        return Buyer(self, customer, subscription)


@dataclass
class Buyer:
    """A customer with one subscription: what is done to it, and how it then stands."""

    shop: Shop
    customer: UUID
    subscription: UUID

    @property
    def target(self) -> tuple[Target, ...]:
        return (Target(self.customer, self.subscription),)

    def to(
        self, plan: str, when: When | None = None, *, anchor: Anchor | None = None, unpaid: Unpaid | None = None
    ) -> ChangePlan:
        return ChangePlan(self.target, self.shop.plans[plan], when, anchor, unpaid)

    def back_to(self, plan: str = "", money: RollbackMoney | None = None) -> RollbackPlan:
        return RollbackPlan(self.target, self.shop.plans[plan] if plan else None, money)

    def preview(self, verb: Verb) -> MoneyPlan:
        """What the popup shows of a verb that is not refused."""
        [plan] = door.preview(verb, actor=self.shop.person.actor, now=self.shop.now).money
        return plan

    def preview_now(self) -> Standing:
        """How it stands, in the words of a preview."""
        with tenant(self.shop.world.id):
            facts = load(self.shop.world.id, [self.subscription], now=self.shop.now)[self.subscription]
        return standing_of(facts, now=self.shop.now)

    def does(self, verb: Verb) -> Outcome:
        """Previews, confirms, and lets everything that follows happen."""
        quote = door.preview(verb, actor=self.shop.person.actor, now=self.shop.now)
        outcome = door.commit(verb, quote=quote.token, actor=self.shop.person.actor, now=self.shop.now)
        self.shop.world.drain(now=self.shop.now)
        return outcome

    def changes(self, plan: str, when: When | None = None, **other: Any) -> Outcome:
        return self.does(self.to(plan, when, **other))

    def rolls_back(self, plan: str = "", money: RollbackMoney | None = None) -> Outcome:
        return self.does(self.back_to(plan, money))

    def lives_until(self, now: datetime) -> None:
        """Everything that falls due until then has happened, in the order of time."""
        shop = self.shop
        while True:
            row = self.row()
            if row.due_at is None or row.due_at > now:
                break
            shop.now = max(row.due_at, shop.now)
            shop.world.drain("subscriptions", "charges", "outbox", "provisioning", now=shop.now)
            if self.row().due_at == row.due_at:
                break
        shop.now = now
        shop.world.drain("subscriptions", "charges", "outbox", "provisioning", now=now)

    # How it stands.

    def row(self) -> Subscription:
        return self.shop.world.read_subscription(self.subscription)

    @property
    def plan(self) -> str:
        return str(self.row().plan.name)

    @property
    def terms(self) -> list[tuple[date, date]]:
        with tenant(self.shop.world.id):
            rows = Term.objects.for_partner(self.shop.world.id).filter(subscription=self.subscription)
            return list(rows.order_by("number").values_list("starts_on", "ends_on"))

    @property
    def invoices(self) -> list[tuple[str, str]]:
        """Status and total, oldest first."""
        with tenant(self.shop.world.id):
            rows = Invoice.objects.for_partner(self.shop.world.id).filter(subscription=self.subscription)
            return [(row.status, str(row.total.major)) for row in rows.order_by("number")]

    @property
    def credit_notes(self) -> list[str]:
        with tenant(self.shop.world.id):
            rows = CreditNote.objects.for_partner(self.shop.world.id).filter(subscription=self.subscription)
            return [str(row.total.major) for row in rows.order_by("number")]

    @property
    def balance(self) -> str:
        with tenant(self.shop.world.id):
            row = Balance.objects.for_partner(self.shop.world.id).filter(customer=self.customer).first()
            return str(Money(row.amount, row.currency).major) if row else "0"

    @property
    def charged(self) -> list[str]:
        """What the gateway took for it, in order."""
        with tenant(self.shop.world.id):
            rows = SandboxCharge.objects.for_partner(self.shop.world.id).filter(
                status="succeeded", metadata__subscription=str(self.subscription)
            )
            return [str(Money(row.amount, row.currency).major) for row in rows.order_by("pk")]

    @property
    def changes_made(self) -> list[tuple[str, str]]:
        with tenant(self.shop.world.id):
            rows = Change.objects.for_partner(self.shop.world.id).filter(subscription=self.subscription)
            return list(rows.order_by("made_at", "pk").values_list("kind", "state"))

    @property
    def movements(self) -> list[tuple[str, str]]:
        with tenant(self.shop.world.id):
            rows = Movement.objects.for_partner(self.shop.world.id).filter(subscription=self.subscription)
            return [(row.kind, str(row.money.major)) for row in rows.order_by("occurred_at", "pk")]


def books_balance(world: World) -> None:
    """Raises AssertionError unless balances are their ledgers, credits stay below lines, and numbers have no gap."""
    with tenant(world.id):
        for balance in Balance.objects.for_partner(world.id):
            entries = LedgerEntry.objects.for_partner(world.id).filter(customer=balance.customer_id)
            assert balance.amount == sum(entries.values_list("amount", flat=True)) >= 0
        for invoice in Invoice.objects.for_partner(world.id):
            lines = InvoiceLine.objects.for_partner(world.id).filter(invoice=invoice)
            assert invoice.subtotal_amount == sum(lines.values_list("amount", flat=True))
            assert invoice.tax_amount == sum(lines.values_list("tax_amount", flat=True))
        for note in CreditNote.objects.for_partner(world.id):
            noted = CreditNoteLine.objects.for_partner(world.id).filter(credit_note=note)
            assert note.subtotal_amount == sum(noted.values_list("amount", flat=True))
            assert note.tax_amount == sum(noted.values_list("tax_amount", flat=True))
        for line in InvoiceLine.objects.for_partner(world.id).filter(amount__gt=0):
            assert _credited(world, line) <= line.amount, f"more than {line.amount} was given back of a line"
            assert 0 <= (tax := _credited(world, line, "tax_amount")) <= line.tax_amount, "more tax than was charged"
            assert tax == line.tax_amount or _credited(world, line) < line.amount, "tax is left of a line taken back"
        for model in (Invoice, CreditNote):
            numbers = sorted(model.objects.for_partner(world.id).values_list("number", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))


def _credited(world: World, line: InvoiceLine, column: str = "amount") -> int:
    invoiced = InvoiceLine.objects.for_partner(world.id).filter(credits_line=line)
    on_invoices = -sum(invoiced.exclude(invoice__status=InvoiceStatus.VOID).values_list(column, flat=True))
    noted = CreditNoteLine.objects.for_partner(world.id).filter(credits_line=line)
    on_notes: int = sum(noted.values_list(column, flat=True))
    return int(on_invoices + on_notes)
