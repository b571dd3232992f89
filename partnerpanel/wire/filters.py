"""Filters of a list: how a value of the query string is read, and what it does to the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.rows import TenantQuerySet

LONGEST = 200
Rows = TenantQuerySet[Any]


class InvalidFilter(DomainError):
    """A query parameter that this list does not know, or a value that it cannot be."""

    code = "invalid_filter"
    status = 400


@dataclass(frozen=True, slots=True)
class Filter:
    """`read` turns the text into a value or raises ValueError with a sentence; `narrow` keeps the rows that match."""

    read: Callable[[str], Any]
    narrow: Callable[[Rows, Any], Rows]
    schema: dict[str, Any]
    help_text: str

    def apply(self, rows: Rows, name: str, text: str) -> Rows:
        """Raises InvalidFilter naming the parameter."""
        if len(text) > LONGEST or "\x00" in text:
            raise InvalidFilter(f"`{name}` has at most {LONGEST} letters.", field=name)
        try:
            value = self.read(text)
        except ValueError as error:
            raise InvalidFilter(f"`{name}`: {error}", field=name) from None
        return self.narrow(rows, value)


def by_id(column: str, prefix: str, what: str) -> Filter:
    """Rows that belong to one object."""

    def read(text: str) -> UUID:
        try:
            return parse(prefix, text)
        except NotFound:
            raise ValueError(f"“{text[:40]}” is no id such as {prefix}_01k9….") from None

    return Filter(
        read, lambda rows, id_: rows.filter(**{column: id_}), {"type": "string"}, f"Of this {what}: `{prefix}_…`."
    )


def word(column: str, words: Iterable[Any], help_text: str = "") -> Filter:
    """Rows with one word of a closed list."""
    known = [str(getattr(one, "value", one)) for one in words]

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"one of {', '.join(known)}.")
        return text

    schema = {"type": "string", "enum": known}
    return Filter(read, lambda rows, value: rows.filter(**{column: value}), schema, help_text or f"Only this {column}.")


def flag(narrow: Callable[[Rows, bool], Rows], help_text: str) -> Filter:
    """`true` or `false`."""

    def read(text: str) -> bool:
        if text not in ("true", "false"):
            raise ValueError("true or false.")
        return text == "true"

    return Filter(read, narrow, {"type": "boolean"}, help_text)


def text(narrow: Callable[[Rows, str], Rows], help_text: str) -> Filter:
    """Any words."""
    return Filter(lambda value: value, narrow, {"type": "string", "maxLength": LONGEST}, help_text)


def since(column: str) -> Filter:
    """From an instant on."""
    schema = {"type": "string", "format": "date-time"}
    return Filter(_instant, lambda rows, at: rows.filter(**{f"{column}__gte": at}), schema, "From this instant on.")


def before(column: str) -> Filter:
    """Before an instant."""
    schema = {"type": "string", "format": "date-time"}
    return Filter(_instant, lambda rows, at: rows.filter(**{f"{column}__lt": at}), schema, "Before this instant.")


def between(name: str, column: str) -> dict[str, Filter]:
    """`created_after` (from it on) and `created_before`."""
    return {f"{name}_after": since(column), f"{name}_before": before(column)}


def _instant(value: str) -> datetime:
    try:
        if len(value) == len("2026-06-13"):
            return datetime.combine(date.fromisoformat(value), datetime.min.time(), UTC)
        # A plus sign of an offset arrives as a space where it was not escaped.
        at = datetime.fromisoformat(value.replace(" ", "+"))
        if at.tzinfo is None:
            raise ValueError
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("an instant such as 2026-06-13T00:00:00Z, or a day.") from None
