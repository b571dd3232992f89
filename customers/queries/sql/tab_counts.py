"""How many customers each of several filters matches, in one statement: asking nine times costs more than counting."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, TypeVar

from django.db import connection

from customers.models import Customer
from partnerpanel.tenancy.rows import TenantQuerySet

Name = TypeVar("Name", bound=Hashable)


def counts(asked: Mapping[Name, TenantQuerySet[Customer]], *, cap: int) -> dict[Name, int]:
    """The number of rows of each query in the open scope, counted no further than `cap`."""
    parts: list[str] = []
    values: list[Any] = []
    for rows in asked.values():
        statement, parameters = rows.order_by().values("pk")[:cap].query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({statement}) AS counted)")  # noqa: S608 - Django made the statement
        values += parameters
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return dict(zip(asked, cursor.fetchone(), strict=True))
