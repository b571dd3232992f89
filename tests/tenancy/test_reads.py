"""Reads whose statement is built once give what a fresh query gives."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Exists, F, OuterRef
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.ahead import Asked, ahead, reading_ahead
from partnerpanel.tenancy.prepared import own_connection, replan
from partnerpanel.tenancy.reads import Read, Written
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription, Term
from tests.world import World


@pytest.mark.django_db
def test_a_read_gives_rows_as_the_orm_would_for_other_values_each_time(world: World) -> None:
    first, second = world.subscription(), world.subscription()
    names = Read(
        lambda partner_id, ids: (
            Customer.objects.for_partner(partner_id).filter(pk__among=ids).order_by("pk").values_list("pk", "name")
        )
    )
    flat = Read(
        lambda partner_id, at: (
            Subscription.objects.for_partner(partner_id)
            .filter(started_at__gt=at)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
    )
    whole = Read(
        lambda partner_id, ids: (
            Subscription.objects.for_partner(partner_id)
            .filter(pk__among=ids)
            .select_related("plan")
            .annotate(has_term=Exists(Term.objects.for_partner(partner_id).filter(subscription=OuterRef("pk"))))
            .order_by("pk")
        )
    )
    with tenant(world.id):
        for wanted in ([first, second], [second], [], [uuid7()]):
            rows = Subscription.objects.filter(pk__in=wanted).select_related("plan").order_by("pk")
            customers = [row.customer_id for row in rows]
            expected = Customer.objects.filter(pk__in=customers).order_by("pk").values_list("pk", "name")
            assert names(world.id, customers) == list(expected)
            found = whole(world.id, set(wanted))
            assert [(row, row.plan, vars(row)["has_term"]) for row in found] == [(row, row.plan, True) for row in rows]
        assert names(uuid7(), [uuid7()]) == []
        began: datetime = Subscription.objects.values_list("started_at", flat=True)[0]
        assert set(flat(world.id, began - timedelta(seconds=1))) == {first, second}
        assert flat(world.id, began) == []


def test_a_value_that_the_statement_does_not_take_is_refused() -> None:
    read = Read(lambda partner_id, _: Customer.objects.for_partner(partner_id).annotate(one=F("pk")))
    with pytest.raises(TypeError, match="Each value"):
        read(uuid7(), uuid7())


@pytest.mark.django_db
def test_on_a_connection_of_ones_own_the_server_keeps_what_is_asked_again(world: World) -> None:
    subscription = world.subscription()
    read = Read(lambda partner_id, ids: Subscription.objects.for_partner(partner_id).filter(pk__among=ids))
    with tenant(world.id):
        expected = read(world.id, [subscription])
        before, usual = prepared(), planning()
        for _ in range(2):
            with own_connection():
                assert [read(world.id, [subscription]) for _ in range(2)] == [expected] * 2
                replan()
                assert read(world.id, [subscription]) == expected
                assert planning() == ("force_generic_plan", "off")
            assert planning() == usual == ("auto", "on")
        [new] = prepared() - before
    assert "subscriptions_subscription" in new


def planning() -> tuple[str, str]:
    """Whether the server plans for whatever values, and whether it may read a whole table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('plan_cache_mode'), current_setting('enable_seqscan')")
        kept, whole = cursor.fetchone()
    return kept, whole


def prepared() -> set[str]:
    """Names and texts of what the server keeps for the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name || ': ' || statement FROM pg_prepared_statements")
        return {text for (text,) in cursor.fetchall()}


def counting(partner_id: UUID, ids: list[UUID]) -> Any:
    return Customer.objects.for_partner(partner_id).filter(pk__among=ids).order_by("-name_key", "pk")


@pytest.mark.django_db
def test_what_is_read_ahead_is_read_in_one_statement_and_given_as_the_orm_would(world: World) -> None:
    names = Read(lambda *asked: counting(*asked).values_list("name", flat=True))
    whole = Read(lambda *asked: counting(*asked).annotate(has=Exists(Subscription.objects.filter(pk=OuterRef("pk")))))
    terms: Written[Any] = Written("SELECT number, starts_on FROM subscriptions_term WHERE partner_id = %s", (0,))
    ids, nobody = [world.customer("Anna"), world.customer("Bo")], [uuid7()]
    world.subscription(customer=ids[0])
    with tenant(world.id):
        expected = [names(world.id, ids), whole(world.id, ids), names(world.id, nobody), terms(world.id)]
        assert expected[0] == ["Bo", "Anna"]
        asked = [Asked(names, (world.id, ids)), Asked(whole, (world.id, ids)), Asked(names, (world.id, nobody))]
        with reading_ahead(), CaptureQueriesContext(connection) as captured:
            ahead(*asked, Asked(terms, (world.id,)), asked[0])
            before = len(captured)
            ahead(*asked)
            given = [names(world.id, ids), whole(world.id, reversed(ids)), names(world.id, nobody), terms(world.id)]
            assert len(captured) == before
        assert given == expected
        assert [vars(row)["has"] for row in given[1]] == [False, False]


@pytest.mark.django_db
def test_nothing_is_kept_for_other_values_or_after_the_block(world: World, other_world: World) -> None:
    read = Read(lambda *asked: counting(*asked).values_list("name", flat=True))
    anna = world.customer("Anna")
    with reading_ahead():
        with tenant(world.id):
            ahead(Asked(read, (world.id, [anna])))
        with tenant(other_world.id):
            assert read(other_world.id, [anna]) == []
    with tenant(world.id):
        Customer.objects.filter(pk=anna).update(name="Anne")
        ahead(Asked(read, (world.id, [anna])))
        assert read(world.id, [anna]) == ["Anne"]
