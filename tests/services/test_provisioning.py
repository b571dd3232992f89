"""Provisioning is desired state: whatever happens on the way, the service ends as the subscription says."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest
import structlog

from partnerpanel.events.models import Event, EventDetail
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import InternalAccount, ServiceAccount
from subscriptions.provisioning import consumer
from subscriptions.provisioning.accounts import password_of
from subscriptions.provisioning.internal import InternalService, may_log_in
from subscriptions.provisioning.port import Made, Wanted
from subscriptions.provisioning.worker import make
from subscriptions.rules.service_states import ServiceState
from subscriptions.rules.states import Access, HoldKind
from tests.actions.carry_out import carry_out, everything, reactivate, suspend
from tests.people import Person
from tests.world import NOW, STATES, World


class Service:
    """An adapter that answers what it is told to, and does `meanwhile` while it works."""

    def __init__(self, error: str = "", meanwhile: Callable[[], object] = lambda: None) -> None:
        self.error = error
        self.meanwhile = meanwhile
        self.asked: list[Wanted] = []

    def ensure(self, partner_id: UUID, wanted: Sequence[Wanted]) -> list[Made]:
        self.asked += wanted
        self.meanwhile()
        return [Made(one.key, self.error) for one in wanted]


def can_log_in(world: World, subscription: UUID) -> bool:
    with tenant(world.id):
        account = ServiceAccount.objects.for_partner(world.id).get(subscription=subscription)
        return may_log_in(world.id, account.username, password_of(account))


@pytest.mark.parametrize("state", STATES)
def test_the_login_works_exactly_while_access_is_open(world: World, owner: Person, state: str) -> None:
    id_ = world.subscription(state)
    customer = world.read_subscription(id_).customer_id
    world.drain()
    if state in ("scheduled", "incomplete"):
        with pytest.raises(ServiceAccount.DoesNotExist):
            world.read_account(id_)
        return
    opened = world.read_subscription(id_).access == Access.OPEN
    assert can_log_in(world, id_) is opened
    if state == "under review":
        return
    verb = suspend(customer, kind=HoldKind.FRAUD_REVIEW)
    carry_out(verb, owner)
    world.drain()
    assert not can_log_in(world, id_)
    carry_out(reactivate(customer, None, HoldKind.FRAUD_REVIEW, reason="seen"), owner)
    world.drain()
    assert can_log_in(world, id_) is opened


def test_the_order_in_which_events_arrive_does_not_matter(world: World, owner: Person) -> None:
    id_ = world.subscription()
    customer = world.read_subscription(id_).customer_id
    world.drain()
    carry_out(suspend(customer), owner)
    carry_out(suspend(customer, id_), owner)
    carry_out(reactivate(customer, id_), owner)
    with tenant(world.id):
        events = [e for e in Event.objects.for_partner(world.id).order_by("pk") if e.kind in consumer.KINDS]
    assert len(events) == 3
    for order in permutations(events):
        for event in order:
            with tenant(world.id):
                consumer.handle([event], NOW)
        assert world.read_account(id_).desired == "disabled"
    world.drain()
    assert not can_log_in(world, id_)


def test_paid_but_not_yet_provisioned_is_held_and_then_opens(world: World) -> None:
    id_ = world.subscription()
    row = world.read_subscription(id_)
    assert (row.access, row.is_suspended) == (Access.BLOCKED, False)
    assert world.read_customer(row.customer_id).is_active, "being set up is not being suspended"
    world.drain()
    assert world.read_subscription(id_).access == Access.OPEN
    assert world.open_holds(row.customer_id) == set()


def test_a_name_that_is_taken_is_tried_after_1_5_15_60_minutes_and_then_a_person_is_asked(world: World) -> None:
    id_ = world.subscription()
    account = world.read_account(id_)
    with tenant(world.id):
        InternalAccount.objects.create(
            partner_id=world.id, username=account.username, password_hash="", is_enabled=True, owner_key=world.id
        )
    now = NOW
    for attempt, minutes in enumerate((1, 5, 15, 60), start=1):
        assert world.drain("provisioning", now=now) == 1
        account = world.read_account(id_)
        assert (account.attempts, account.due_at) == (attempt, now + timedelta(minutes=minutes))
        assert "belongs to another account" in account.last_error
        assert account.leased_until is None
        assert account.due_at is not None
        now = account.due_at
    world.drain("provisioning", now=now)
    account = world.read_account(id_)
    assert (account.attempts, account.parked_at) == (5, now)
    assert world.drain("provisioning", now=now + timedelta(days=9)) == 0
    assert world.read_subscription(id_).access == Access.BLOCKED
    with tenant(world.id):
        assert InternalAccount.objects.get().owner_key == world.id, "the other account is untouched"


def test_a_new_wish_takes_a_parked_account_up_again(world: World, owner: Person) -> None:
    id_ = world.subscription()
    customer = world.read_subscription(id_).customer_id
    now = NOW
    for _ in range(5):
        make(world.id, now=now, adapter=Service(error="no room"))
        now += timedelta(hours=2)
    assert world.read_account(id_).parked_at
    carry_out(suspend(customer), owner, now=now)
    world.drain(now=now)
    account = world.read_account(id_)
    assert (account.actual, account.parked_at, account.last_error) == ("disabled", None, "")


def test_a_wish_that_changes_while_the_adapter_works_is_made_right_in_the_next_round(
    world: World, owner: Person
) -> None:
    id_ = world.subscription()
    customer = world.read_subscription(id_).customer_id

    def meanwhile() -> None:
        carry_out(suspend(customer), owner)
        world.drain("outbox")

    service = Service(meanwhile=meanwhile)
    make(world.id, now=NOW, adapter=service)
    account = world.read_account(id_)
    assert (account.actual, account.desired, account.due_at) == ("enabled", "disabled", NOW)
    service.meanwhile = lambda: None
    assert make(world.id, now=NOW, adapter=service) == 1
    assert [one.state for one in service.asked] == ["enabled", "disabled"]
    account = world.read_account(id_)
    assert (account.actual, account.due_at) == ("disabled", None)
    assert world.read_subscription(id_).access == Access.BLOCKED


def test_an_adapter_that_raises_postpones_and_harms_nobody_else(world: World) -> None:
    def fail() -> None:
        raise ConnectionError("no route")

    ids = world.subscriptions(world.customers(3))
    assert make(world.id, now=NOW, adapter=Service(meanwhile=fail)) == 3
    for id_ in ids:
        account = world.read_account(id_)
        assert (account.attempts, account.due_at) == (1, NOW + timedelta(minutes=1))
        assert account.last_error == "The service could not be asked: ConnectionError."
    world.drain(now=NOW + timedelta(minutes=1))
    assert all(can_log_in(world, id_) for id_ in ids)


def test_an_answer_that_is_missing_counts_as_a_failure(world: World) -> None:
    class Silent(Service):
        def ensure(self, partner_id: UUID, wanted: Sequence[Wanted]) -> list[Made]:
            return super().ensure(partner_id, wanted)[1:]

    ids = world.subscriptions(world.customers(3))
    make(world.id, now=NOW, adapter=Silent())
    assert sorted(world.read_account(id_).attempts for id_ in ids) == [0, 0, 1]


def test_a_secret_that_does_not_open_harms_nobody_else(world: World) -> None:
    bad, *good = world.subscriptions(world.customers(3))
    with tenant(world.id):
        ServiceAccount.objects.for_partner(world.id).filter(subscription=bad).update(
            password_sealed=b"gone|" + b"x" * 40
        )
    world.drain()
    assert all(can_log_in(world, id_) for id_ in good)
    account = world.read_account(bad)
    assert (account.attempts, account.actual) == (1, "absent")
    assert account.last_error == "The key of this secret is not in SECRET_RING."


def test_asking_twice_changes_nothing(world: World) -> None:
    id_ = world.subscription()
    world.drain()
    with tenant(world.id):
        account = ServiceAccount.objects.get(subscription=id_)
        wanted = [Wanted(account.pk, account.username, password_of(account), ServiceState.ENABLED)]
    before = everything(world)
    assert InternalService().ensure(world.id, wanted) == [Made(account.pk)]
    assert everything(world) == before


def test_the_password_is_nowhere_but_under_its_seal(
    world: World, owner: Person, caplog: pytest.LogCaptureFixture
) -> None:
    id_ = world.subscription()
    customer = world.read_subscription(id_).customer_id
    with tenant(world.id):
        account = ServiceAccount.objects.get(subscription=id_)
        password = password_of(account)
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logged:
        make(world.id, now=NOW, adapter=Service(error="no"))
        world.drain(now=NOW + timedelta(minutes=1))
        carry_out(suspend(customer), owner)
        world.drain()
    with tenant(world.id):
        kept = [
            *Event.objects.values_list("data", flat=True),
            *EventDetail.objects.values_list("values", flat=True),
            *ServiceAccount.objects.values(),
            *InternalAccount.objects.values(),
        ]
    wanted = Wanted(account.pk, account.username, password, ServiceState.ENABLED)
    assert len(password) >= 20
    for place in (caplog.text, str(logged), str(kept), repr(account), str(account), repr(wanted), str([wanted])):
        assert password not in place
