"""Rows that name what an earlier row of the same file names."""

from __future__ import annotations

from typing import Protocol

from partnerpanel.imports.rules.cells import label
from partnerpanel.imports.rules.mapping import Mapping
from partnerpanel.imports.rules.problems import Problem
from partnerpanel.imports.rules.records import Record


class Memory(Protocol):
    """Remembers the first row of every key."""

    def first(self, kind: str, key: str, row: int) -> int: ...


def duplicates(record: Record, mapping: Mapping, seen: Memory) -> list[Problem]:
    """One problem for each column whose value an earlier good row has; what it has itself is remembered.

    A column counts once, however many of the keys are made of it.
    """
    customer, subscription = mapping.customer, mapping.subscription
    brought, keys = record.opening, []
    if customer.external_id and (number := record.profile.external_id):
        keys.append(("customer", label(customer.external_id) or "external_id", number, number))
    if subscription and record.subscription:
        number = record.subscription.external_id
        keys.append(("subscription", label(subscription.external_id) or "external_id", number, number))
    keys.append(("email", label(customer.email) or "email", record.profile.email, record.email_key))
    found: dict[str, Problem] = {}
    for kind, column, value, key in keys:
        first = seen.first(kind, key, record.row)
        if first != record.row:
            what, expected = "has a value that an earlier row has", f"a value of its own; row {first} has this one"
            found.setdefault(column, Problem(record.row, column, what, value, expected))
            source = mapping.opening.invoice_number if mapping.opening else None
            if source is not None and brought is not None and brought.invoice is not None:
                other = label(source) or "invoice_number"
                what = "is another open invoice of the same customer"
                expected = f"one open invoice for a customer: add it up with that of row {first}"
                found.setdefault(other, Problem(record.row, other, what, brought.invoice.number, expected))
    return list(found.values())
