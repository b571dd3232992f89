"""Figures, their bounds, and the table that `make bench` prints."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import pytest
from django.db import connections


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement in `unit`; without `bound`, which it may not exceed, or `least` it is only shown.

    `bare` is the plain statement's, if there is one.
    """

    name: str
    value: float
    unit: str
    bound: float | None = None
    bare: float | None = None
    least: float | None = None

    @property
    def is_ok(self) -> bool:
        return (self.bound is None or self.value <= self.bound) and (self.least is None or self.value >= self.least)

    def line(self) -> str:
        bound = f"≤ {self.bound:g} {self.unit}" if self.bound is not None else ""
        bound = f"≥ {self.least:g} {self.unit}" if self.least is not None else bound
        bare = f"{self.bare:.2f} {self.unit}" if self.bare is not None else ""
        ratio = f"{self.value / self.bare:.1f} ×" if self.bare else ""
        verdict = "" if not bound else "ok" if self.is_ok else "MISSED"
        return f"{self.name:<58} {self.value:>9.2f} {self.unit:<3} {bound:>10} {bare:>13} {ratio:>8}  {verdict}"


@dataclass(slots=True)
class Book:
    """All figures of a run."""

    figures: list[Figure] = field(default_factory=list)
    machine: str = ""
    remarks: list[str] = field(default_factory=list)

    def note(self, *figures: Figure) -> None:
        """Keeps the figures; fails the benchmark when one misses its bound."""
        self.figures.extend(figures)
        missed = [figure.line() for figure in figures if not figure.is_ok]
        if missed:
            pytest.fail("a bound is missed\n" + "\n".join(missed), pytrace=False)

    def lines(self) -> Iterable[str]:
        head = f"{'figure':<58} {'measured':>13} {'bound':>10} {'bare query':>13} {'ratio':>8}"
        return [self.machine, "", head, "-" * len(head), *(figure.line() for figure in self.figures), *self.remarks]


def percentile(times: Iterable[float], part: int) -> float:
    """The smallest time that `part` of a hundred do not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, -(-len(ordered) * part // 100) - 1)]


def seconds(work: Callable[[], Any]) -> float:
    """How long it takes, once: what it did cannot be done again."""
    return _once(work) / 1_000


def milliseconds(work: Callable[[], Any], *, times: int = 3) -> float:
    """How long it takes, the median of a few tries: others use the machine too."""
    return median(_once(work) for _ in range(times))


def _once(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1_000


def describe_machine() -> str:
    """Cores, interpreter and server, without which no figure means anything."""
    with closing(connections["default"].cursor()) as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"PostgreSQL {version} (fsync {fsync}), load {load}"
    )
