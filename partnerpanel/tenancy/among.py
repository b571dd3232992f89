"""`column__among=ids`: what `__in` finds, with all ids in one parameter instead of one parameter for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Lookup
from django.db.models.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    UUIDLookup = Lookup[Any]
else:
    UUIDLookup = Lookup


class Among(UUIDLookup):
    """For columns of UUIDs. With a thousand ids `__in` spends ten times as long on preparing the statement."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::uuid[])", (*parameters, array(self.rhs))


def array(ids: Iterable[UUID]) -> str:
    """The ids as the server reads an array."""
    return "{" + ",".join([id_.hex for id_ in ids]) + "}"
