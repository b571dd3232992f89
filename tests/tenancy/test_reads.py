"""Reads whose statement is built once give what a fresh query gives."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Exists, F, OuterRef

from customers.models import Customer
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.prepared import own_connection
from partnerpanel.tenancy.reads import Read, ReplannedRead
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
    kept = Read(lambda partner_id, ids: Subscription.objects.for_partner(partner_id).filter(pk__among=ids))
    replanned = ReplannedRead(
        lambda partner_id, ids: Term.objects.for_partner(partner_id).filter(subscription__among=ids)
    )
    with tenant(world.id):
        expected = kept(world.id, [subscription]), replanned(world.id, [subscription])
        assert len(expected[1]) == 1
        before = prepared()
        with own_connection():
            for _ in range(2):
                assert (kept(world.id, [subscription]), replanned(world.id, [subscription])) == expected
        [new] = prepared() - before
    assert "subscriptions_subscription" in new


def prepared() -> set[str]:
    """Names and texts of what the server keeps for the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name || ': ' || statement FROM pg_prepared_statements")
        return {text for (text,) in cursor.fetchall()}
