"""A test clock that a worker moves: two years of one monthly subscription, and a year of a thousand."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from dateutil.relativedelta import relativedelta

from billing.gateway.registry import gateway_named
from billing.methods.services import NewMethod, add_methods
from billing.models import Payment
from partnerpanel.queues.advance import settle
from partnerpanel.queues.tasks import drain_partner
from partnerpanel.story.models import ClockRun
from partnerpanel.story.runs import QUEUE, newest_run, start_run
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from tests.benchmarks.figures import Book, Figure, seconds
from tests.people import make_partner
from tests.world import World

START = datetime(2026, 1, 15, 11, tzinfo=UTC)
ONE, MANY = 1, 1_000
MOST_ONE, MOST_MANY = 5, 60
CARD = "sandbox_ok"


def test_clock_of_one_subscription_over_two_years(book: Book) -> None:
    twin = subscribed("clock-one", ONE)
    took = seconds(partial(move, twin, 24))
    assert payments(twin) == ONE * 24
    book.note(Figure("clock: 24 months of one monthly subscription", took, "s", MOST_ONE))


def test_clock_of_a_thousand_subscriptions_over_a_year(book: Book) -> None:
    twin = subscribed("clock-many", MANY)
    took = seconds(partial(move, twin, 12))
    assert payments(twin) == MANY * 12
    book.note(Figure(f"clock: 12 months of {MANY:,} monthly subscriptions", took, "s", MOST_MANY))


def subscribed(slug: str, many: int) -> World:
    """So many customers of a test mode with a card and a monthly subscription each, begun on one day."""
    world = World(create_twin(make_partner(slug), now=START), now=START)
    customers = world.customers(many)
    with tenant(world.id):
        facts = gateway_named("sandbox").describe_method(world.id, CARD)
        cards = [NewMethod(customer, "sandbox", CARD, facts) for customer in customers]
        add_methods(cards, actor=world.system, now=START)
    world.subscriptions(customers, started_at=START)
    settle(world.id)
    return world


def move(world: World, months: int) -> None:
    """As a worker does that nobody waits for, until the clock is there."""
    actor = Actor.system(world.id)
    start_run(to=START + relativedelta(months=months), actor=actor)
    _due_now(world.id)
    while not finished(world.id):
        drain_partner(QUEUE, world.id, seconds=15)


def _due_now(partner_id: UUID) -> None:
    with tenant(partner_id):
        ClockRun.objects.for_partner(partner_id).filter(finished_at=None).update(due_at=START)


def finished(partner_id: UUID) -> bool:
    with tenant(partner_id):
        run = newest_run(partner_id)
    return run is not None and run.is_finished


def payments(world: World) -> int:
    with tenant(world.id):
        return int(Payment.objects.for_partner(world.id).count())
