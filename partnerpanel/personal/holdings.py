"""What is kept of a customer: counted, handed out, and erased; all in the open scope."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from partnerpanel.personal.belongings import belongings
from partnerpanel.personal.registry import Law, PersonalTable, all_tables


@dataclass(frozen=True, slots=True)
class Holding:
    """So many rows of a table. `kept_for` says why personal columns of them stay; empty where none does."""

    table: str
    title: str
    rows: int
    is_erased: bool
    kept_for: tuple[Law, ...]


def holdings(partner_id: UUID, customer_id: UUID) -> list[Holding]:
    """Tables that keep something about the customer: personal columns that erasing clears, or that the law keeps."""
    found = []
    for one in all_tables():
        if one.of and one.personal and (many := one.rows(partner_id, [customer_id]).count()):
            is_erased = bool(one.is_deleted or one.erased or one.follows)
            laws = tuple(sorted(set(one.kept.values())))
            found.append(Holding(name_of(one), str(one.model._meta.verbose_name_plural), many, is_erased, laws))
    return found


def erase_rows(partner_id: UUID, customer_ids: Collection[UUID]) -> int:
    """Clears the personal columns of the customers and deletes what is only about them; how many rows it touched."""
    tables = [one for one in all_tables() if one.of and (one.is_deleted or one.erased)]
    # Found before anything is written: what leads to a row may go before the row.
    found = belongings(partner_id, tables, customer_ids)
    touched = 0
    for one in tables:
        if one.model in found:
            mine = one.model.objects.for_partner(partner_id).filter(pk__among=found[one.model])
            touched += mine.delete()[0] if one.is_deleted else mine.update(**one.erased)
    return touched


def exported(partner_id: UUID, customer_id: UUID) -> Iterator[tuple[str, list[str], list[tuple[Any, ...]]]]:
    """Each table with rows of the customer: its name, its columns, and the rows in the order of their ids.

    Secrets, and the partner's own id, are left out.
    """
    for one in all_tables():
        if not one.of:
            continue
        columns = [
            field.attname
            for field in one.model._meta.concrete_fields
            if field.attname not in one.secret and field.attname != "partner_id"
        ]
        rows = list(one.rows(partner_id, [customer_id]).order_by("pk").values_list(*columns))
        if rows:
            yield name_of(one), columns, rows


def name_of(one: PersonalTable) -> str:
    """As programs call it: `customer`, `webhookattempt`."""
    return str(one.model._meta.model_name)
