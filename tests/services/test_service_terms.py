"""The service is told what a login may use: a plan with its allowances, how many of it, and limits for now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from partnerpanel.events.models import Event, Outbox
from partnerpanel.queues.registry import queue_named
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import ServiceAccount, Subscription
from subscriptions.provisioning import consumer
from subscriptions.provisioning.internal import InternalService, allowed_to
from subscriptions.provisioning.worker import make
from subscriptions.queries.overview import parked_accounts
from subscriptions.queries.plan_holders import service_facts
from subscriptions.rules.catalogue import PlanChange
from subscriptions.rules.service_states import ServiceTerms
from subscriptions.services.catalogue_changes import change_plan
from tests.services.test_provisioning import Service
from tests.threads import in_threads
from tests.world import NOW, World

BASIC = ServiceTerms("Basic", (("connections", 2),))
MORE = ServiceTerms("Basic", (("connections", 5), ("lines", 1)))


@pytest.fixture
def plan(world: World) -> UUID:
    return world.plan(allowances={"connections": 2})


def changes(world: World, plan_id: UUID, *, version: int = 1, **wanted: Any) -> None:
    with tenant(world.id):
        change_plan(plan_id, PlanChange(**wanted), version=version, actor=world.system, now=NOW)


def allowed(world: World, subscription: UUID) -> ServiceTerms | None:
    username = world.read_account(subscription).username
    with tenant(world.id):
        return allowed_to(world.id, username)


def kinds(world: World, account: ServiceAccount) -> list[str]:
    with tenant(world.id):
        rows = Event.objects.for_partner(world.id).filter(object_id=account.pk).order_by("sequence")
        return list(rows.values_list("kind", flat=True))


def limit(world: World, subscription: UUID) -> None:
    """As grace does; the event is handed to the consumer by hand."""
    with tenant(world.id):
        Subscription.objects.for_partner(world.id).filter(pk=subscription).update(is_limited=True)
        event = Event.objects.for_partner(world.id).get(object_id=subscription, kind="subscription.created")
        consumer.handle([event], NOW)


def test_a_new_login_has_its_plan_with_allowances_and_how_many(world: World, plan: UUID) -> None:
    one, three = world.subscription(plan_id=plan), world.subscription(plan_id=plan, quantity=3)
    world.drain()
    assert allowed(world, one) == BASIC
    assert allowed(world, three) == ServiceTerms("Basic", (("connections", 2),), quantity=3)
    assert world.read_account(one).due_at is None


def test_whoever_holds_a_plan_gets_its_new_allowances(world: World, plan: UUID) -> None:
    id_, other, gone = (
        world.subscription(plan_id=plan),
        world.subscription(),
        world.subscription("ended", plan_id=plan),
    )
    world.drain()
    changes(world, plan, allowances={"connections": 5, "lines": 1})
    assert allowed(world, id_) == BASIC
    world.drain()
    assert allowed(world, id_) == MORE
    assert kinds(world, world.read_account(id_)) == ["service_account.enabled", "service_account.updated"]
    for untouched in (other, gone):
        assert "service_account.updated" not in kinds(world, world.read_account(untouched))


def test_an_allowance_that_is_taken_away_is_taken_away_at_the_service(world: World) -> None:
    plan = world.plan(allowances={"connections": 2, "lines": 1})
    id_ = world.subscription(plan_id=plan)
    world.drain()
    changes(world, plan, allowances={"connections": 2})
    world.drain()
    assert allowed(world, id_) == BASIC


def test_a_price_or_rank_is_nothing_to_the_service(world: World, plan: UUID) -> None:
    id_ = world.subscription(plan_id=plan)
    world.drain()
    changes(world, plan, rank=7)
    world.drain()
    assert kinds(world, world.read_account(id_)) == ["service_account.enabled"]


def test_many_holders_are_told_in_several_transactions(
    world: World, plan: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = world.subscriptions(world.customers(5), plan_id=plan)
    world.drain()
    monkeypatch.setattr(consumer, "CHUNK", 2)
    changes(world, plan, allowances={"connections": 5, "lines": 1})
    told = []
    while queue_named("outbox").drain(world.id, NOW):
        with tenant(world.id):
            accounts = ServiceAccount.objects.for_partner(world.id)
            told.append(accounts.filter(terms__allowances__connections=5).count())
    assert told == [2, 4, 5]
    with tenant(world.id):
        assert not Outbox.objects.for_partner(world.id).exists()
    world.drain()
    assert [allowed(world, id_) for id_ in ids] == [MORE] * 5


def test_hearing_twice_changes_nothing(world: World, plan: UUID) -> None:
    id_ = world.subscription(plan_id=plan)
    world.drain()
    changes(world, plan, allowances={"connections": 5, "lines": 1})
    world.drain()
    before = world.read_account(id_)
    with tenant(world.id):
        event = Event.objects.for_partner(world.id).get(kind="plan.updated")
        assert consumer.handle([event], NOW) == set()
    assert world.read_account(id_).due_at is None
    world.drain()
    assert world.read_account(id_).version == before.version


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_tell_each_login_once(world: World, plan: UUID) -> None:
    ids = world.subscriptions(world.customers(6), plan_id=plan)
    world.drain()
    changes(world, plan, allowances={"connections": 5, "lines": 1})
    world.drain("outbox")
    taken = in_threads(*[lambda: make(world.id, now=NOW, adapter=InternalService())] * 3)
    assert sum(taken) == 6
    for id_ in ids:
        assert allowed(world, id_) == MORE
        assert kinds(world, world.read_account(id_)).count("service_account.updated") == 1


def test_a_service_that_is_down_is_told_later_and_a_person_sees_what_is_missing(world: World, plan: UUID) -> None:
    id_ = world.subscription(plan_id=plan)
    world.drain()
    changes(world, plan, allowances={"connections": 5, "lines": 1})
    world.drain("outbox")
    limit(world, id_)
    now = NOW
    for _ in range(5):
        make(world.id, now=now, adapter=Service(error="no route"))
        now = world.read_account(id_).due_at or now
    assert allowed(world, id_) == BASIC
    with tenant(world.id):
        [parked] = parked_accounts(world.id)
        assert service_facts(world.id, plan).parked == 1
    assert parked.steps == ("Set the login to Basic (connections: 5, lines: 1)", "Limit what the login can do")
    limit(world, id_)
    with tenant(world.id):
        assert service_facts(world.id, plan).waiting == 1
    world.drain()
    assert allowed(world, id_) == ServiceTerms("Basic", MORE.allowances, is_limited=True)


def test_one_that_is_killed_between_asking_and_settling_is_asked_again(world: World, plan: UUID) -> None:
    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    id_ = world.subscription(plan_id=plan)
    world.drain()
    changes(world, plan, allowances={"connections": 5, "lines": 1})
    world.drain("outbox")
    with pytest.raises(Killed):
        make(world.id, now=NOW, adapter=Service(meanwhile=die))
    account = world.read_account(id_)
    assert (ServiceTerms.of(account.terms), ServiceTerms.of(account.made_terms)) == (MORE, BASIC)
    with tenant(world.id):
        ServiceAccount.objects.for_partner(world.id).update(leased_until=None)  # as if its minute had passed
    world.drain()
    assert allowed(world, id_) == MORE
    assert kinds(world, account).count("service_account.updated") == 1


def test_terms_that_change_while_the_service_works_are_made_right_in_the_next_round(world: World, plan: UUID) -> None:
    id_ = world.subscription(plan_id=plan)
    world.drain()
    changes(world, plan, allowances={"connections": 5, "lines": 1})
    world.drain("outbox")

    def meanwhile() -> None:
        changes(world, plan, version=2, allowances={"connections": 9})
        world.drain("outbox")

    service = Service(meanwhile=meanwhile)
    make(world.id, now=NOW, adapter=service)
    account = world.read_account(id_)
    assert (ServiceTerms.of(account.made_terms), account.due_at) == (MORE, NOW)
    world.drain()
    assert allowed(world, id_) == ServiceTerms("Basic", (("connections", 9),))


def test_a_login_of_before_is_no_drift_and_is_told_with_the_next_event(world: World, plan: UUID) -> None:
    id_ = world.subscription(plan_id=plan)
    world.drain()
    with tenant(world.id):
        ServiceAccount.objects.for_partner(world.id).update(terms={}, made_terms={})
        assert service_facts(world.id, plan).waiting == 0
    changes(world, plan, name="Basic Plus")
    world.drain()
    assert allowed(world, id_) == ServiceTerms("Basic Plus", (("connections", 2),))
