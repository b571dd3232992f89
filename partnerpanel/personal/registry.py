"""Every tenant table's judgement: which columns say something about a person, and what becomes of them.

An app judges its own tables and registers that when it is ready; a column of text, JSON or bytes that nobody has
judged fails the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import models

from partnerpanel.tenancy.rows import TenantModel, TenantQuerySet

Rows = TenantQuerySet[Any]
Narrow = Callable[[Rows, UUID, Collection[UUID]], Rows]
# Numbers, days, ids and the words of a closed list say nothing about anybody by themselves.
JUDGED = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField)


class Law(StrEnum):
    """Why a personal column outlives its person."""

    BOOKS = "books"
    MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """What one table keeps of customers and what erasing them does to it.

    `of` leads to the customer, as a lookup of its id or as a function of rows and ids; empty, where no row belongs to
    anybody. `erased` are personal columns and what they hold afterwards, `is_deleted` rows that go as a whole, `kept`
    personal columns that the law wants kept, and `follows` those that another worker clears once somebody outside has
    done its part. `plain` say nothing about a person; `secret` are handed out to nobody.
    """

    model: type[TenantModel]
    of: str | Narrow = ""
    erased: Mapping[str, Any] = field(default_factory=dict)
    is_deleted: bool = False
    kept: Mapping[str, Law] = field(default_factory=dict)
    follows: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()

    def rows(self, partner_id: UUID, customer_ids: Collection[UUID]) -> Rows:
        """The customers' rows; none where no row belongs to anybody."""
        rows = self.model.objects.for_partner(partner_id)
        if not self.of:
            return rows.none()
        if isinstance(self.of, str):
            return rows_of(self.model, partner_id, self.of, customer_ids)
        return self.of(rows, partner_id, customer_ids)

    @property
    def personal(self) -> frozenset[str]:
        """Its columns about people."""
        if self.is_deleted:
            return columns_to_judge(self.model)
        return frozenset({*self.erased, *self.kept, *self.follows}) & columns_to_judge(self.model)

    @property
    def unjudged(self) -> frozenset[str]:
        """Columns of which nobody has said what they are."""
        if self.is_deleted:
            return frozenset()
        return columns_to_judge(self.model) - {*self.erased, *self.kept, *self.follows, *self.plain}


def rows_of(model: type[TenantModel], partner_id: UUID, path: str, ids: Collection[UUID]) -> Rows:
    """The rows from which `path` leads to one of the ids: `account__subscription__customer_id`.

    What lies between is read table by table, each by its ids: a join of them all is only as good as what the server
    knows of their sizes, which for a partner that has just moved in is nothing.
    """
    step, rest = step_of(path)
    if rest:
        ids = list(rows_of(behind(model, step), partner_id, rest, ids).values_list("pk", flat=True))
    return model.objects.for_partner(partner_id).filter(**{f"{step}__among": ids})


def step_of(path: str) -> tuple[str, str]:
    """The first reference of a path, and what leads on from the table that it names; empty at the end."""
    step, _, rest = path.partition("__")
    return step, rest


def behind(model: type[TenantModel], step: str) -> type[TenantModel]:
    """The table that a reference names. Raises TypeError where it is none of a partner's."""
    found = model._meta.get_field(step).related_model
    if not isinstance(found, type) or not issubclass(found, TenantModel):
        raise TypeError(f"{model._meta.label}.{step} leads to no tenant table")
    return found


_tables: dict[type[TenantModel], PersonalTable] = {}


def register(tables: Iterable[PersonalTable]) -> None:
    """Called once by each app that has tenant tables, when it is ready."""
    _tables.update({one.model: one for one in tables})


def all_tables() -> list[PersonalTable]:
    """In the order of their names."""
    return sorted(_tables.values(), key=lambda one: one.model._meta.label)


def table_of(model: type[TenantModel]) -> PersonalTable | None:
    """None where nobody has judged the table."""
    return _tables.get(model)


def columns_to_judge(model: type[TenantModel]) -> frozenset[str]:
    """Its columns that could say something about a person: text, JSON and bytes, but for words of a closed list."""
    return frozenset(one.attname for one in model._meta.concrete_fields if isinstance(one, JUDGED) and not one.choices)
