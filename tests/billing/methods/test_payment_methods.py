"""A customer has at most one default method, whoever adds methods how often and at the same time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from billing.gateway.port import MethodFacts
from billing.gateway.refusals import InvalidRequest, UnknownGateway
from billing.gateway.registry import gateway_named
from billing.methods.models import PaymentMethod
from billing.methods.queries import Method, default_method_of, methods_of
from billing.methods.services import add_method
from partnerpanel.events.models import Event, EventDetail
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.scope import tenant
from tests.people import Person
from tests.threads import in_threads
from tests.world import World


def add(world: World, customer: UUID, ref: str = "sandbox_ok", **other: object) -> UUID:
    facts = gateway_named("sandbox").describe_method(world.id, ref)
    wanted = {"gateway": "sandbox", "facts": facts, "actor": world.system, "now": world.now} | other
    with tenant(world.id):
        return add_method(customer, ref=ref, **wanted)  # type: ignore[arg-type]


def defaults(world: World, *customers: UUID) -> dict[UUID, Method]:
    with tenant(world.id):
        return default_method_of(world.id, customers)


def events(world: World, method: UUID) -> list[tuple[str, int, UUID | None, dict[str, str]]]:
    with tenant(world.id):
        rows = Event.objects.for_partner(world.id).filter(object_type="payment_method", object_id=method)
        return list(rows.order_by("sequence").values_list("kind", "sequence", "customer_id", "data"))


def test_the_first_method_becomes_the_default(world: World) -> None:
    customer, other = world.customers(2)
    method = add(world, customer)
    found = defaults(world, customer, other)
    assert set(found) == {customer}
    assert (found[customer].id, found[customer].gateway, found[customer].gateway_ref) == (
        method,
        "sandbox",
        "sandbox_ok",
    )
    assert (found[customer].last4, found[customer].exp_month, found[customer].exp_year) == ("0001", 12, 2099)
    assert events(world, method) == [("payment_method.added", 1, customer, {"gateway": "sandbox"})]


def test_a_new_default_replaces_the_one_before_and_both_tell_so(world: World, owner: Person) -> None:
    customer = world.customer()
    old = add(world, customer, "sandbox_declines_on_renewal")
    later = world.now + timedelta(days=1)
    new = add(world, customer, "sandbox_ok", actor=owner.actor, now=later)
    assert defaults(world, customer)[customer].id == new
    assert events(world, old)[1:] == [("payment_method.replaced", 2, customer, {"by": str(new)})]
    with tenant(world.id):
        newest, replaced = methods_of(world.id, customer)
        assert (newest.id, replaced.id, replaced.is_default, replaced.replaced_at) == (new, old, False, later)
        action, again = (
            Event.objects.for_partner(world.id).filter(occurred_at=later).values_list("action_id", "actor_id")
        )
        assert action == again == (action[0], owner.user.pk)


def test_a_method_may_be_kept_beside_the_default_and_chosen_later(world: World) -> None:
    customer = world.customer()
    first = add(world, customer)
    second = add(world, customer, "sandbox_soft_decline", make_default=False)
    assert defaults(world, customer)[customer].id == first
    assert add(world, customer, "sandbox_soft_decline") == second
    assert defaults(world, customer)[customer].id == second
    assert [kind for kind, *_ in events(world, second)] == ["payment_method.added", "payment_method.made_default"]


def test_adding_the_same_method_again_changes_nothing(world: World) -> None:
    customer = world.customer()
    method = add(world, customer)
    assert add(world, customer) == add(world, customer, make_default=False) == method
    assert len(events(world, method)) == 1


def test_a_method_that_was_replaced_can_come_back_as_a_new_one(world: World) -> None:
    customer = world.customer()
    refs = ["sandbox_ok", "sandbox_hard_decline", "sandbox_ok"]
    assert len({add(world, customer, ref) for ref in refs}) == 3
    assert defaults(world, customer)[customer].gateway_ref == "sandbox_ok"


@pytest.mark.django_db(transaction=True)
def test_methods_added_at_the_same_time_leave_one_default(world: World) -> None:
    customer = world.customer()
    refs = ["sandbox_ok", "sandbox_soft_decline", "sandbox_ok", "sandbox_hard_decline"]
    in_threads(*[lambda ref=ref: add(world, customer, ref) for ref in refs])
    with tenant(world.id):
        assert PaymentMethod.objects.for_partner(world.id).filter(customer=customer, is_default=True).count() == 1


def test_the_database_itself_holds_one_default_and_no_replaced_one(world: World) -> None:
    customer = world.customer()
    method, second = add(world, customer), add(world, customer, "sandbox_soft_decline", make_default=False)
    for id_, change, rule in (
        (second, {"is_default": True}, "one_default_method_per_customer"),
        (method, {"replaced_at": world.now}, "a_replaced_method_is_no_default"),
    ):
        with tenant(world.id):
            rows = PaymentMethod.objects.for_partner(world.id).filter(pk=id_)
            with pytest.raises(IntegrityError, match=rule), transaction.atomic():
                rows.update(**change)


def test_what_is_wrong_is_named_and_nothing_is_written(world: World, other_world: World) -> None:
    customer, stranger = world.customer(), other_world.customer()
    facts = MethodFacts("visa", "4242")
    for refused, field, id_, gateway, ref in (
        (NotFound, "customer", uuid4(), "sandbox", "sandbox_ok"),
        (NotFound, "customer", stranger, "sandbox", "sandbox_ok"),
        (UnknownGateway, "gateway", customer, "paypol", "pm_1"),
        (InvalidRequest, "ref", customer, "sandbox", "4242 4242 4242 4242"),
    ):
        with tenant(world.id):
            with pytest.raises(refused) as told:
                add_method(id_, gateway=gateway, ref=ref, facts=facts, actor=world.system, now=world.now)
            assert told.value.field == field
            assert not PaymentMethod.objects.all().exists()


def test_events_of_methods_hold_ids_alone(world: World) -> None:
    customer = world.customer()
    method = add(world, customer)
    add(world, customer, "sandbox_hard_decline")
    assert "0001" not in str(events(world, method))
    with tenant(world.id):
        assert not EventDetail.objects.for_partner(world.id).filter(event__object_type="payment_method").exists()
