"""The first wall: one transaction, one partner."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from customers.models import Customer
from partnerpanel.tenancy.scope import ScopeError, current_partner, refuse_open_scope, tenant
from tests.people import Team
from tests.world import World


def named_partner() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nullif(current_setting('app.partner_id', true), '')")
        found: str | None = cursor.fetchone()[0]
        return found


@pytest.mark.django_db
def test_a_scope_inside_a_scope_is_refused(team: Team, other_team: Team) -> None:
    with tenant(team.partner.pk):
        for partner in (team.partner, other_team.partner):
            with pytest.raises(ScopeError, match="open already"), tenant(partner.pk):
                pytest.fail("a second scope was opened")
        assert current_partner() == team.partner.pk


@pytest.mark.django_db(transaction=True)
def test_a_scope_inside_an_open_transaction_is_refused(team: Team) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), tenant(team.partner.pk):
        pytest.fail("a scope was opened in somebody else's transaction")


@pytest.mark.django_db(transaction=True)
def test_the_partners_name_dies_with_the_transaction(team: Team) -> None:
    with tenant(team.partner.pk):
        assert named_partner() == str(team.partner.pk)
    assert named_partner() is None
    with pytest.raises(ZeroDivisionError), tenant(team.partner.pk):
        _ = 1 / 0
    assert named_partner() is None
    with pytest.raises(DatabaseError), tenant(team.partner.pk), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert named_partner() is None


@pytest.mark.django_db
def test_a_scope_ends_too_where_a_test_holds_the_transaction(team: Team) -> None:
    with pytest.raises(DatabaseError, match="division by zero"), tenant(team.partner.pk), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert named_partner() is None
    with pytest.raises(ScopeError):
        current_partner()


@pytest.mark.django_db
def test_work_that_opens_its_own_scopes_refuses_an_open_one(team: Team) -> None:
    refuse_open_scope("This")
    with tenant(team.partner.pk), pytest.raises(ScopeError, match="outside any"):
        refuse_open_scope("This")


@pytest.mark.django_db(transaction=True)
def test_work_that_opens_its_own_scopes_refuses_an_open_transaction(db: None) -> None:
    with transaction.atomic(), pytest.raises(ScopeError, match="outside any"):
        refuse_open_scope("This")


@pytest.mark.django_db(transaction=True)
def test_a_scope_is_not_seen_by_other_threads(world: World) -> None:
    world.customer()
    seen: list[object] = []

    def look() -> None:
        try:
            seen.append(Customer.objects.count())
            current_partner()
        except ScopeError as refusal:
            seen.append(type(refusal))
        finally:
            connection.close()

    with tenant(world.id):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen == [0, ScopeError]
