"""A large installation: 300,000 subscriptions and two million payments in 50 partners, one of which has half of all.

`make bench ARGS="-k size"`; `--payments 200000` for a smaller one.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from statistics import median
from typing import Any

import pytest

from billing.models import Payment
from customers.filters import Tab
from customers.models import Customer
from customers.queries.lists import SORTS
from partnerpanel.embedded.queries.sql.crowd import shape_for, write_payments
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from tests.benchmarks.bench_list import cursor_after, open_page, rows_at_any_depth
from tests.benchmarks.bench_renewals import ROUNDS, Spent, renew, spent, subscribers
from tests.benchmarks.bench_search import typed
from tests.benchmarks.browsing import Browser, browser_of
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.figures import Book, Figure, percentile, seconds
from tests.benchmarks.reading import Scan, scans_of
from tests.world import World

LIST, PAGE, SEARCH, MOST_SLOWER = 100, 150, 150, 10
# Of one page of fifty rows with all that it shows, of one customer, and of renewing ten thousand.
MOST_READ = {"customers list": 30_000, "customer page": 2_000}
CUSTOMERS = 40


@pytest.fixture(scope="module")
def young(crowd: Crowd) -> tuple[World, list[Spent]]:
    """Renewals before there are payments."""
    world = subscribers("renewals-size")
    return world, [spent(partial(renew, world, turn)) for turn in range(1, ROUNDS + 1)]


@pytest.fixture(scope="module")
def browser(young: tuple[World, list[Spent]], crowd: Crowd, book: Book, request: pytest.FixtureRequest) -> Browser:
    """The owner of the largest partner, when all the payments are there."""
    shape = shape_for(customers=sum(crowd.sizes.values()), payments=request.config.getoption("--payments"))
    took = seconds(partial(write_payments, crowd.sizes, shape, now=system_now()))
    with tenant(crowd.id):
        payments = Payment.objects.for_partner(crowd.id).count()
        subscriptions = Subscription.objects.for_partner(crowd.id).count()
    book.note(Figure(f"size: payments written, {payments:,} of {subscriptions:,} in the largest", took, "s"))
    return browser_of(crowd)


def test_size_of_a_list(browser: Browser, crowd: Crowd, book: Book) -> None:
    pages = []
    for tab in Tab:
        for last in [None, *rows_at_any_depth(crowd, tab)[::2]]:
            pages += [partial(open_page, browser, tab, sort, cursor_after(last, sort)) for sort in SORTS]
    note(book, crowd, "customers list", pages, LIST)


def test_size_of_a_customer(browser: Browser, crowd: Crowd, book: Book) -> None:
    with tenant(crowd.id):
        rows = Customer.objects.for_partner(crowd.id).order_by("registered_at", "id")
        ids = list(rows.values_list("pk", flat=True)[:: crowd.sizes[crowd.id] // CUSTOMERS])
    note(book, crowd, "customer page", [partial(browser.customer, public("cus", id_)) for id_ in ids], PAGE)


def test_size_of_a_search(browser: Browser, crowd: Crowd, book: Book) -> None:
    pages = [partial(browser.customers, q=text) for text in typed(crowd).values() for _ in range(5)]
    note(book, crowd, "search", pages, SEARCH)


def test_size_of_renewals(browser: Browser, young: tuple[World, list[Spent]], book: Book) -> None:
    world, before = young
    after = [spent(partial(renew, world, ROUNDS + turn)) for turn in range(1, ROUNDS + 1)]
    more = median(one.work for one in after) / median(one.work for one in before)
    book.note(
        Figure("size: renewals, without payments", median(one.rate for one in before), "/s"),
        Figure("size: renewals, with them", median(one.rate for one in after), "/s"),
        Figure("size: processor time that they add to renewals", 100 * (more - 1), "%", MOST_SLOWER),
    )


def note(book: Book, crowd: Crowd, what: str, pages: Iterable[Callable[[], Any]], bound: float) -> None:
    """How long each page takes by the clock and of this process's time, and what the last one reads."""
    whole, own = [], []
    page: Callable[[], Any] = list
    for page in pages:
        began, worked = time.perf_counter(), time.process_time()
        page()
        whole.append((time.perf_counter() - began) * 1_000)
        own.append((time.process_time() - worked) * 1_000)
    scans = scans_of(crowd.id, page)
    book.remarks += profile(what, scans)
    book.note(
        Figure(f"size: {what}, median", percentile(whole, 50), "ms"),
        Figure(f"size: {what}, processor time of the worker, p95", percentile(own, 95), "ms"),
        Figure(f"size: {what}, rows read", sum(one.rows for one in scans), "", MOST_READ.get(what)),
        Figure(f"size: {what}, p95", percentile(whole, 95), "ms", bound),
    )


def profile(what: str, scans: Iterable[Scan]) -> Iterator[str]:
    """What is read by which index, most first."""
    read: defaultdict[tuple[str, str], int] = defaultdict(int)
    for one in scans:
        read[one.relation, one.how] += one.rows
    yield f"\n{what}: rows read"
    for (relation, how), rows in sorted(read.items(), key=lambda item: -item[1])[:12]:
        yield f"  {rows:>9,}  {relation:<32} {how}"
