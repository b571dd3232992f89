"""Reads whose statement is built once give what a fresh query gives."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db.models import Exists, F, OuterRef

from customers.models import Customer
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.reads import Read
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
