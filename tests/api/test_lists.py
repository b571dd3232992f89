"""A list costs few queries, however many rows it has."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.program import Program
from tests.world import World

MOST_QUERIES = 8


def queries_of(program: Program, path: str) -> list[str]:
    """Without savepoints: a scope inside of the transaction that a test lives in is one."""
    with CaptureQueriesContext(connection) as asked:
        assert program.get(path).ok()["data"]
    return [one["sql"] for one in asked.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def test_a_page_of_fifty_customers_takes_eight_queries_at_most(program: Program, world: World) -> None:
    world.subscriptions(world.customers(60))
    program.get("/customers").ok()
    asked = queries_of(program, "/customers?limit=50")
    assert len(asked) <= MOST_QUERIES, asked


@pytest.mark.parametrize("name", ["customers", "subscriptions", "events"])
def test_a_page_of_fifty_takes_as_many_queries_as_one_of_five(program: Program, world: World, name: str) -> None:
    world.subscriptions(world.customers(60))
    program.get(f"/{name}").ok()
    from_few, from_many = (queries_of(program, f"/{name}?limit={limit}") for limit in (5, 50))
    assert len(from_few) == len(from_many)
