"""The functions that look past row-level security give away ids, to the application's role alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from customers.filters import CustomerFilter
from customers.queries.lists import matching_ids
from customers.queries.sql.search import search_ids
from partnerpanel.kernel.ids import public
from partnerpanel.queues.functions import due_partners
from partnerpanel.queues.registry import all_queues
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from tests.world import NOW, World


def test_only_the_application_may_call_them(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, has_function_privilege(p.oid, 'EXECUTE'),"
            " EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) WHERE grantee = 0),"
            " p.proconfig"
            " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prosecdef AND n.nspname = 'public'"
        )
        found = {name: rest for name, *rest in cursor.fetchall()}
    assert set(found) >= {"due_partners", "search_customers"}
    for application_may, public_may, settings in found.values():
        assert application_may
        assert not public_may
        assert "search_path=public, pg_temp" in settings


def test_due_partners_are_those_with_something_due(world: World, other_world: World) -> None:
    world.subscription()
    assert due_partners("provisioning", now=NOW) == [world.id]
    assert due_partners("provisioning", now=NOW - timedelta(seconds=1)) == []
    other_world.subscription()
    assert set(due_partners("provisioning", now=NOW)) == {world.id, other_world.id}
    world.drain()
    assert due_partners("provisioning", now=NOW) == [other_world.id]


def test_a_twins_work_waits_for_its_own_clock(world: World) -> None:
    twin = World(create_twin(world.partner, now=NOW))
    twin.subscription()
    assert due_partners("provisioning", now=NOW) == []


def test_every_queue_can_be_asked_and_no_other(db: None) -> None:
    for queue in all_queues():
        assert due_partners(queue.name, now=NOW) == []
    with pytest.raises(DatabaseError, match="unknown queue nobodys"), transaction.atomic():
        due_partners("nobodys", now=NOW)


@pytest.fixture
def anna(world: World, other_world: World) -> Iterator[UUID]:
    """Anna of this partner; the other partner has one of the same name. Yields inside the scope."""
    other_world.customer("Zoë Müller-100%_", email="zoe@example.com", external_id="K-7")
    id_ = world.customer("Zoë Müller-100%_", email="zoe@example.com", external_id="K-7")
    world.customer("Bert 1000", email="bert@example.com")
    with tenant(world.id):
        yield id_


@pytest.mark.parametrize(
    "text", ["zoe", "MÜLLER", "muller-100%", "0%_", "ZOE@example", "oe@exa", "K-7", " K-7 ", "z", "zo"]
)
def test_search_finds_the_partners_own_customer(anna: UUID, text: str) -> None:
    assert search_ids(text) == [anna]


def test_search_finds_by_public_id_and_never_another_partners(anna: UUID, other_world: World) -> None:
    assert search_ids(public("cus", anna)) == [anna]
    assert search_ids(public("cus", other_world.id)) == []


@pytest.mark.parametrize("text", ["%", "_", "%%%", "___", "10_%", "\\", "\\%", "100_", "' OR true --", "ert\x00"])
def test_search_takes_every_sign_literally(anna: UUID, text: str) -> None:
    assert search_ids(text) == []


def test_search_cannot_be_pointed_at_another_partner(anna: UUID, world: World, other_world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_customers('%', '%', '', NULL, 1000)")
        found = {row[0] for row in cursor.fetchall()}
    assert len(found) == 2
    assert found == set(matching_ids(world.id, CustomerFilter(), now=NOW, zone="UTC"))


def test_search_finds_nothing_without_a_scope(world: World) -> None:
    world.customer("Anna")
    assert search_ids("Anna") == []
