"""Lists are paged by keys: each row once, whatever comes and goes, and no forged cursor breaks them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.filters import CustomerFilter
from customers.models import Customer
from customers.queries.lists import customer_page
from customers.rules.profile import Profile
from customers.services.create import NewCustomer, create_customers
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.paging import Cursor, InvalidCursor, Page
from partnerpanel.tenancy.scope import tenant
from tests.world import NOW, World


def page(world: World, sort: str, cursor: str | None, limit: int = 3) -> Page[Customer]:
    return customer_page(
        world.id, CustomerFilter(), sort=sort, cursor=cursor, limit=limit, now=NOW, zone=world.partner.timezone
    )


def fill(world: World) -> None:
    """Ten customers, among them namesakes and some who came at the same instant."""
    names = ["Anna", "Anna", "Bert", "anna", "Ännä", "Zoe", "Bert", "Carl", "Anna", "Dora"]
    with tenant(world.id):
        new = [
            NewCustomer(Profile(name, f"c{n}@example.com", "DE", "UTC"), NOW - timedelta(days=n // 3))
            for n, name in enumerate(names)
        ]
        create_customers(new, actor=world.system, now=NOW)


@pytest.mark.parametrize("sort", ["name", "registered"])
def test_leafing_forth_and_back_meets_each_row_once(world: World, other_world: World, sort: str) -> None:
    fill(world)
    fill(other_world)
    with tenant(world.id):
        whole = [row.pk for row in page(world, sort, None, limit=100).rows]
        assert len(whole) == 10
        forth: list[UUID] = []
        found = page(world, sort, None)
        assert found.previous is None
        while True:
            forth += [row.pk for row in found.rows]
            if found.next is None:
                break
            found = page(world, sort, found.next)
        assert forth == whole
        back: list[UUID] = []
        while found.previous is not None:
            found = page(world, sort, found.previous)
            back = [row.pk for row in found.rows] + back
        assert back == whole[:9]
        assert found.previous is None


HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["", "2026-01-01", "2026-01-01T00:00:00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "infinity"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(HOSTILE, HOSTILE | st.just(str(uuid7())), st.booleans(), st.sampled_from(["name", "registered", "nonsense"]))
def test_a_forged_cursor_is_refused_or_harmless(world: World, key: str, id_: str, backwards: bool, sort: str) -> None:
    with tenant(world.id):
        try:
            assert page(world, sort, Cursor(key, id_, backwards).encode()).rows == []
        except InvalidCursor as refusal:
            assert refusal.field == "cursor"  # noqa: PT017


def test_a_cursor_of_another_partner_shows_own_rows(world: World, other_world: World) -> None:
    fill(world)
    fill(other_world)
    with tenant(other_world.id):
        theirs = page(other_world, "name", None).next
    with tenant(world.id):
        assert {row.partner_id for row in page(world, "name", theirs).rows} == {world.id}
