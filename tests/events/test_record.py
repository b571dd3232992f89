"""The record of changes: without a gap, without a duplicate, never edited."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Max, Min

from customers.rules.profile import Profile
from customers.services.tagging import set_tags
from customers.services.update import update_profiles
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event, EventDetail
from partnerpanel.events.queries import timeline
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.scope import tenant
from tests.actions.carry_out import carry_out, reactivate, suspend
from tests.people import Person
from tests.world import NOW, World


def test_an_objects_changes_count_without_a_gap_and_end_at_its_version(world: World, owner: Person) -> None:
    id_ = world.subscription()
    customer = world.read_subscription(id_).customer_id
    world.drain()
    with tenant(world.id):
        set_tags(customer, names=["vip"], actor=owner.actor, now=NOW)
        profile = Profile("Anna", "anna@example.com", "DE", "Europe/Berlin")
        update_profiles({customer: profile}, actor=owner.actor, now=NOW)
    for _ in range(3):
        carry_out(suspend(customer), owner)
        carry_out(reactivate(customer), owner)
        carry_out(suspend(customer, id_), owner)
        carry_out(reactivate(customer, id_), owner)
        world.drain()
    with tenant(world.id):
        events = Event.objects.for_partner(world.id)
        counted = events.values("object_type", "object_id").annotate(first=Min("sequence"), last=Max("sequence"))
        for row in counted:
            numbers = events.filter(object_id=row["object_id"]).order_by("sequence").values_list("sequence", flat=True)
            assert list(numbers) == list(range(row["first"], row["last"] + 1))
            assert row["first"] == 1
        last = {row["object_id"]: row["last"] for row in counted}
    assert last[customer] == world.read_customer(customer).version
    assert last[id_] == world.read_subscription(id_).version
    account = world.read_account(id_)
    assert last[account.pk] == account.version


def test_a_version_that_is_taken_is_refused(world: World) -> None:
    customer = world.customer()
    draft = EventDraft("customer.updated", "customer", customer, 1, customer)
    with tenant(world.id), pytest.raises(IntegrityError, match="one_event_per_version"), transaction.atomic():
        record([draft], actor=world.system, action_id=uuid7(), now=NOW)


def test_the_same_version_may_exist_at_two_partners(world: World, other_world: World) -> None:
    id_ = uuid7()
    for each in (world, other_world):
        with tenant(each.id):
            record([EventDraft("plan.made", "plan", id_, 1)], actor=each.system, action_id=uuid7(), now=NOW)


def test_words_can_be_erased_and_never_edited(world: World, owner: Person) -> None:
    customer = world.customer()
    carry_out(suspend(customer, reason="a secret of the customer's"), owner)
    with tenant(world.id):
        details = EventDetail.objects.for_partner(world.id)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            details.update(values={})
        for change in (Event.objects.update, Event.objects.all().delete):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                change(**({"kind": "x"} if change == Event.objects.update else {}))
        assert details.delete()[0] == 1
        assert [entry.words for entry in timeline(world.id, customer)] == [{}, {}]


def test_events_hold_no_word_about_a_person(world: World, owner: Person) -> None:
    customer = world.customer("Zaphod Unmistakable", email="zaphod@unmistakable.example")
    world.subscription(customer=customer)
    world.drain()
    carry_out(suspend(customer, reason="an unmistakable reason"), owner)
    world.drain()
    with tenant(world.id):
        for event in Event.objects.for_partner(world.id).values():
            assert "unmistakable" not in str(event).lower()


def test_a_timeline_tells_what_happened_newest_first_and_pages_on(world: World, owner: Person) -> None:
    customer = world.customer()
    for _ in range(4):
        carry_out(suspend(customer), owner)
        carry_out(reactivate(customer), owner)
    with tenant(world.id):
        whole = timeline(world.id, customer)
        first = timeline(world.id, customer, limit=4)
        second = timeline(world.id, customer, limit=50, before=first[-1].id)
    assert [entry.sequence for entry in whole] == list(range(9, 0, -1))
    assert first + second == whole
