"""What the faults are tried with, and the figures that a run prints at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.faults.gateways import GATEWAYS, SANDBOX, Tried
from tests.faults.oracle import examine, renewed
from tests.faults.renewals import charged, comes_to_rest
from tests.faults.size import FULL, RENEWALS
from tests.faults.workers import Nursery, nursery_of_workers
from tests.world import World

FIGURES = "figures"
Survives = Callable[..., None]


@pytest.fixture
def gateway(name: str) -> Iterator[Tried]:
    with GATEWAYS[name].serving():
        yield GATEWAYS[name]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every gateway under every fault, or in an ordinary test run under those that are about gateways."""
    if "gateway" in metafunc.fixturenames:
        is_about_gateways = FULL or getattr(metafunc.module, "EVERY_GATEWAY", False)
        metafunc.parametrize("name", GATEWAYS if is_about_gateways else [SANDBOX.name])


@pytest.fixture(scope="session")
def nursery(django_db_setup: None) -> Iterator[Nursery]:
    with nursery_of_workers() as found:
        yield found


@pytest.fixture
def survives(gateway: Tried, record_property: Callable[[str, object], None]) -> Survives:
    """After a fault: all comes to rest in time, the oracle finds nothing, and what was done is noted for the end.

    `after` are seconds in which it came to rest before.
    """

    def settled(world: World, *, renewals: int, of: int = RENEWALS, term_number: int = 2, after: float = 0.0) -> None:
        seconds = after + comes_to_rest(world)
        findings = examine(world, gateway, term_number=term_number)
        count = charged(world, gateway)
        record_property(FIGURES, (of, count, len(findings.double_charged), len(findings.lost), seconds))
        assert not findings, findings
        assert renewed(world, term_number=term_number) == renewals

    return settled


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for each fault: renewals, charges, double, lost, and seconds until nothing was under way."""
    found = [
        (report.nodeid.partition("::")[2], figures, report.duration)
        for report in terminalreporter.stats.get("passed", [])
        for name, figures in report.user_properties
        if name == FIGURES and report.when == "call"
    ]
    if not found or terminalreporter.verbosity < 0:
        return
    terminalreporter.section("faults")
    terminalreporter.line("renewals  charges  double  lost  at rest after  test took")
    for test, (renewals, charges, double, lost, seconds), took in sorted(found):
        line = f"{renewals:8} {charges:8} {double:7} {lost:5} {seconds:11.1f} s {took:9.1f} s  {test}"
        terminalreporter.line(line)
