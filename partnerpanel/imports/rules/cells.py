"""From a row's cells to the text of one field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from partnerpanel.imports.rules.mapping import Column, Constant, MonthsBeforeNow, Source, Template, When, columns_of
from partnerpanel.imports.rules.problems import Unreadable
from partnerpanel.kernel.period import Interval, Unit, shifted

Row = Mapping[str, str]

MAX_MONTHS = 1_200


def value_of(source: Source, row: Row, *, today: date) -> str:
    """The trimmed text, blanks and choices applied; a date relative to now as year-month-day.

    Raises Unreadable for a value that `choose` does not list and for months that are no number.
    """
    value = _taken(source, row, today).strip()
    if not value and source.blank_means is not None:
        value = source.blank_means
    if source.choose is None or (not value and "" not in source.choose):
        return value
    if value in source.choose:
        return source.choose[value]
    if source.otherwise is not None:
        return source.otherwise
    known = ", ".join(f"“{one}”" for one in source.choose)
    raise Unreadable(label(source), "has a value that the mapping does not know", value, f"one of {known}")


def is_relative(source: Source, row: Row) -> bool:
    """Whether the value depends on the day of the import."""
    take = source.take
    if isinstance(take, When):
        return is_relative(_holding(take, row), row)
    return isinstance(take, MonthsBeforeNow)


def label(source: Source) -> str:
    """The columns behind a source, as an error names them."""
    return ", ".join(dict.fromkeys(column.name for column in columns_of(source)))


def _taken(source: Source, row: Row, today: date) -> str:
    take = source.take
    if isinstance(take, Column):
        return row.get(take.name, "")
    if isinstance(take, Constant):
        return take.text
    if isinstance(take, Template):
        return _filled(take, row)
    if isinstance(take, When):
        return value_of(_holding(take, row), row, today=today)
    return _months_before(take, row, today)


def _holding(when: When, row: Row) -> Source:
    return next(
        (case.then for case in when.cases if row.get(case.column, "").strip() in case.values),
        when.otherwise,
    )


def _filled(template: Template, row: Row) -> str:
    found = []
    for part in template.parts:
        if isinstance(part, str):
            found.append(part)
            continue
        value = row.get(part.column, "").strip()
        if not value:
            return ""
        for name in part.filters:
            value = _filtered(name, value)
        found.append(value)
    return "".join(found)


def _filtered(name: str, value: str) -> str:
    if name == "slug":
        return re.sub(r"[^a-z0-9]+", "-", value.casefold()).strip("-")
    return value.upper() if name == "upper" else value.lower()


def _months_before(take: MonthsBeforeNow, row: Row, today: date) -> str:
    value = value_of(take.count, row, today=today)
    if not value:
        return ""
    if not re.fullmatch(r"[0-9]{1,4}", value) or int(value) > MAX_MONTHS:
        what = "is no number of months such as 12"
        raise Unreadable(label(take.count), what, value, f"a whole number from 0 to {MAX_MONTHS:,}")
    return shifted(today, Interval(Unit.MONTH), -int(value)).isoformat()
