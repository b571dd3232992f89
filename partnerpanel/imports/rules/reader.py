"""Reading one row field by field; problems are collected instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from customers.rules.profile import ZONES
from partnerpanel.imports.rules import fields
from partnerpanel.imports.rules.cells import Row, is_relative, label, value_of
from partnerpanel.imports.rules.mapping import Mapping, Source
from partnerpanel.imports.rules.problems import Problem, Unreadable
from partnerpanel.kernel.clock import local_date

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the partner and the moment give to every row: defaults of a new customer, and now."""

    country: str
    timezone: str
    locale: str
    now: datetime


class Reader:
    """Reads one row. Days are those of its own zone where it has a usable one, else of the partner's."""

    def __init__(self, mapping: Mapping, row: Row, *, number: int, setting: Setting) -> None:
        self.mapping, self.row, self.number, self.setting = mapping, row, number, setting
        self.problems: list[Problem] = []
        self.today = local_date(setting.now, setting.timezone)
        zone = self.text(mapping.customer.timezone)
        if zone in ZONES:
            self.today = local_date(setting.now, zone)

    def text(self, source: Source | None) -> str:
        """The field's text; blank where it is not mapped or cannot be read."""
        return self.attempt(lambda: value_of(source, self.row, today=self.today), "") if source else ""

    def attempt(self, read: Callable[[], Value], otherwise: Value) -> Value:
        try:
            return read()
        except Unreadable as unreadable:
            self.add(unreadable.on(self.number))
            return otherwise

    def add(self, problem: Problem) -> None:
        """A field that is looked at twice is wrong once."""
        if problem not in self.problems:
            self.problems.append(problem)

    def needed(self, source: Source, field: str) -> str:
        """The same, a blank being a problem too."""
        before = len(self.problems)
        value = self.text(source)
        if not value and len(self.problems) == before:
            self.wrong(source, field, "is blank", "", f"a value for {field}")
        return value

    def wrong(self, source: Source | None, field: str, what: str, found: str, expected: str) -> None:
        column = (label(source) if source else "") or field
        self.add(Problem(self.number, column, what, found, expected))

    def date(self, source: Source | None) -> date | None:
        text = self.text(source)
        if source is None or not text:
            return None
        pattern = "%Y-%m-%d" if is_relative(source, self.row) else self.mapping.date_format
        return self.attempt(lambda: fields.day(text, pattern=pattern, today=self.today, column=label(source)), None)
