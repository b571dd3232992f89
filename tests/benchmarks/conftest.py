"""One crowd for all benchmarks, in a database that is dropped after them, and the table of what was measured."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from partnerpanel.embedded.queries.sql.crowd import Shape, shape_for
from tests.benchmarks.crowd import Crowd, gather
from tests.benchmarks.figures import Book, Figure, describe_machine

BOOK = pytest.StashKey[Book]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--renewals", type=int, default=40_000, help="how many renewals a worker's memory is watched through"
    )
    parser.addoption(
        "--payments", type=int, default=2_000_000, help="how many payments a large installation has, about"
    )


@pytest.fixture(scope="session")
def book(request: pytest.FixtureRequest) -> Book:
    """Where the benchmarks write their figures."""
    return request.config.stash.setdefault(BOOK, Book())


def shape_of(request: pytest.FixtureRequest) -> Shape:
    """How many terms and subscriptions the customers have: many where size is measured and nothing else."""
    is_large = all("bench_size" in item.nodeid for item in request.session.items)
    return shape_for(customers=200_000, payments=request.config.getoption("--payments")) if is_large else Shape()


@pytest.fixture(scope="session", autouse=True)
def crowd(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker, book: Book
) -> Iterator[Crowd]:
    """200,000 customers; what the benchmarks write stays until the database is dropped.

    With `-k size` alone they have the terms and subscriptions of a large installation.
    """
    with django_db_blocker.unblock():
        book.machine = describe_machine()
        began = time.perf_counter()
        made = gather(shape_of(request))
        book.note(Figure("200,000 customers of 50 partners, written", time.perf_counter() - began, "s"))
        yield made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Prints the table, also when a bound was missed."""
    if BOOK in config.stash:
        terminalreporter.section("figures")
        for line in config.stash[BOOK].lines():
            terminalreporter.write_line(line)
