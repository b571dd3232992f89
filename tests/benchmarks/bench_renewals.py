"""Whole renewals of one partner in one process, beside set-based statements that write the same rows.

A whole renewal is the term that is due, planned; its invoice with a number, its line and derivation; the attempt; the
sandbox's charge; the payment, the next term, events and outbox rows, and when the subscription is due again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from billing.documents.states import InvoiceStatus
from billing.gateway.models import SandboxCharge
from billing.models import Invoice, InvoiceLine, Payment, PaymentAttempt
from partnerpanel.events.models import Event, Outbox
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.kernel.period import nth_period
from partnerpanel.queues.registry import queue_named
from partnerpanel.queues.wake import nobody_woken
from partnerpanel.tenancy.database import OWNER
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription, Term
from tests.benchmarks.figures import Book, Figure
from tests.people import make_partner
from tests.taxing import charges_tax
from tests.world import MONTHLY, World

MANY, HISTORY, ROUNDS = 10_000, 24, 3
ANCHOR = date(2026, 1, 31)
LEAST_RATE, LEAST_SHARE, MOST_SLOWER, MOST_GROWN, MOST_TAX = 600, 15, 10, 10, 15
CARDS = Path(__file__).with_name("renewals_cards.sql")
EXTRAS = Path(__file__).with_name("renewals_extras.sql")
BARE = Path(__file__).with_name("renewals_at_once.sql")
WRITTEN = (Invoice, InvoiceLine, PaymentAttempt, SandboxCharge, Payment, Term, Event, Outbox)


@dataclass(frozen=True, slots=True)
class Spent:
    """What renewing everybody once took: by the clock, of this process's time, and of its server process's.

    The clock also counts what else the machine does; work does not.
    """

    seconds: float
    own: float
    server: float

    @property
    def work(self) -> float:
        return self.own + self.server

    @property
    def rate(self) -> float:
        return MANY / self.seconds


def test_a_whole_renewal(book: Book) -> None:
    world = subscribers("renewals")
    renewed, bare = [], []
    for turn in range(ROUNDS):
        before = rows(world)
        renewed.append(spent(partial(renew, world, 2 * turn + 1)))
        ours = rows(world)
        bare.append(spent(partial(renew_at_once, world, 2 * turn + 2)))
        theirs = rows(world)
        assert [b - a for a, b in zip(before, ours, strict=True)] == [b - a for a, b in zip(ours, theirs, strict=True)]
    everybody_once(world, 2 * ROUNDS)
    rate, plain = median(one.rate for one in renewed), median(one.rate for one in bare)
    work, least = median(one.work for one in renewed), median(one.work for one in bare)
    book.note(
        Figure(
            "renewals: processor time of the worker for one", median(one.own for one in renewed) / MANY * 1_000, "ms"
        ),
        Figure("renewals: with its server's", work / MANY * 1_000, "ms", bare=least / MANY * 1_000),
        Figure("renewals, whole, in one process", rate, "/s", least=LEAST_RATE, bare=plain),
        Figure("renewals, share of the plain statements' rate", 100 * rate / plain, "%", least=LEAST_SHARE),
    )


def test_renewals_with_a_history(book: Book) -> None:
    young, old = subscribers("renewals-young"), subscribers("renewals-old")
    live_through(old, HISTORY)
    # Turn by turn, so that what else the machine does meets both.
    times = [
        (spent(partial(renew, young, turn)), spent(partial(renew, old, HISTORY + turn)))
        for turn in range(1, ROUNDS + 1)
    ]
    everybody_once(old, HISTORY + ROUNDS)
    fresh, aged = (median(pair[side].rate for pair in times) for side in (0, 1))
    more = median(aged_one.work / fresh_one.work for fresh_one, aged_one in times)
    book.note(
        Figure("renewals: without a history", fresh, "/s"),
        Figure(f"renewals: after {HISTORY} months", aged, "/s"),
        Figure(f"renewals: processor time that {HISTORY} months add", 100 * (more - 1), "%", MOST_SLOWER),
    )


def test_renewals_with_tax(book: Book) -> None:
    plain, taxed = subscribers("renewals-plain"), subscribers("renewals-taxed")
    charges_tax(taxed, "19")
    times = [(spent(partial(renew, plain, turn)), spent(partial(renew, taxed, turn))) for turn in range(1, ROUNDS + 1)]
    everybody_once(taxed, ROUNDS)
    own = median(taxed_one.own / plain_one.own for plain_one, taxed_one in times)
    work = median(taxed_one.work / plain_one.work for plain_one, taxed_one in times)
    book.note(
        Figure("renewals: processor time of the worker that tax adds", 100 * (own - 1), "%"),
        Figure("renewals: processor time that tax adds, with the server's", 100 * (work - 1), "%", MOST_TAX),
    )


def test_renewals_with_all_that_can_be_on_an_invoice(book: Book) -> None:
    """Tax for everybody; add-on, coupon and balance for a tenth, and in the end for everybody."""
    plain, some, all_ = (subscribers(f"renewals-{name}") for name in ("bare", "some", "all"))
    for world, every in ((some, 10), (all_, 1)):
        charges_tax(world, "19")
        has_extras(world, every=every)
    times = [[spent(partial(renew, world, turn)) for world in (plain, some, all_)] for turn in range(1, ROUNDS + 1)]
    everybody_once(some, ROUNDS)
    everybody_once(all_, ROUNDS)
    more = [100 * (median(one[side].work / one[0].work for one in times) - 1) for side in (1, 2)]
    what = "renewals: processor time that tax, add-on, coupon and balance add"
    book.note(Figure(f"{what}, a tenth", more[0], "%", MOST_TAX), Figure(f"{what}, everybody", more[1], "%"))


def test_memory_of_a_worker_stays_flat(book: Book, request: pytest.FixtureRequest) -> None:
    world, turns = subscribers("renewals-memory"), max(4, request.config.getoption("--renewals") // MANY)
    used = []
    for turn in range(1, turns + 1):
        renew(world, turn)
        used.append(resident())
    start, quarter, end = used[0], used[turns // 4], used[-1]
    book.note(
        Figure(f"renewals: memory after {MANY:,}", start, "MB"),
        Figure(f"renewals: memory after a quarter of {turns * MANY:,}", quarter, "MB"),
        Figure(f"renewals: memory after {turns * MANY:,}", end, "MB", start + MOST_GROWN),
    )


def subscribers(slug: str) -> World:
    """A partner with customers who have a card each and one subscription, all due at the same instants."""
    world = World(make_partner(slug), now=datetime(2026, 1, 31, 11, 0, tzinfo=UTC))
    customers = world.customers(MANY)
    for number, price in enumerate(("9.90", "19.90", "29.90", "99.00")):
        plan = world.plan(f"Plan {number}", price=price)
        world.subscriptions(customers[number::4], plan_id=plan, started_at=world.now, with_service=False)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(CARDS.read_text(), {"partner": world.id, "now": world.now})
    vacuum()
    return world


def has_extras(world: World, *, every: int) -> None:
    """An add-on, a coupon that lasts, and some of the next invoice in credit, for each so-many-th subscription."""
    given: dict[str, Any] = {"partner": world.id, "now": world.now, "every": every, "addon": uuid4(), "coupon": uuid4()}
    with transaction.atomic(OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(EXTRAS.read_text(), given)
    vacuum()


def renew(world: World, turn: int) -> None:
    """Works through everything that is due when term number `turn` is over."""
    at = over(world, turn)
    with nobody_woken():
        for queue in ("subscriptions", "charges"):
            while queue_named(queue).drain(world.id, at):
                pass


def renew_at_once(world: World, turn: int) -> None:
    """The same for all of them together, as the application's role behind the same walls."""
    following = nth_period(anchor=ANCHOR, interval=MONTHLY, n=turn)
    starts_at, ends_at = following.instants(world.partner.timezone)
    given: dict[str, Any] = {
        "partner": world.id,
        "now": over(world, turn),
        "starts_on": following.starts_on,
        "ends_on": following.ends_on,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "reminder_at": start_of_day(following.ends_on - timedelta(days=3), world.partner.timezone),
        "action": uuid4(),
    }
    with tenant(world.id), connection.cursor() as cursor:
        cursor.execute(BARE.read_text(), given)


def over(world: World, turn: int) -> datetime:
    return start_of_day(nth_period(anchor=ANCHOR, interval=MONTHLY, n=turn).starts_on, world.partner.timezone)


def live_through(world: World, months: int) -> None:
    """Terms, invoices, attempts, payments and events of so many months, each subscription standing after them."""
    for turn in range(1, months + 1):
        renew_at_once(world, turn)
    vacuum()


def vacuum() -> None:
    """As on a server that has been up for a while."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def spent(work: Callable[[], None]) -> Spent:
    server, own, began = served(), time.process_time(), time.perf_counter()
    work()
    return Spent(time.perf_counter() - began, time.process_time() - own, served() - server)


def served() -> float:
    """Processor time that the server has spent on this connection, in seconds; it runs on this machine."""
    connection.ensure_connection()
    fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rows(world: World) -> list[int]:
    """How many rows of each kind the partner has."""
    with tenant(world.id):
        return [model.objects.for_partner(world.id).count() for model in WRITTEN]


def everybody_once(world: World, terms: int) -> None:
    """One paid invoice for each of the terms after the first, and nothing left open."""
    with tenant(world.id):
        invoices = Invoice.objects.for_partner(world.id)
        assert invoices.filter(status=InvoiceStatus.PAID).count() == invoices.count() == terms * MANY
        assert Payment.objects.for_partner(world.id).count() == terms * MANY
        assert sorted(invoices.values_list("number", flat=True)) == list(range(1, terms * MANY + 1))
        assert Term.objects.for_partner(world.id).filter(number=terms + 1).count() == MANY
        assert Subscription.objects.for_partner(world.id).filter(due_at__isnull=False).count() == MANY


def resident() -> float:
    """The process's memory in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000
