"""Two at the very same time: paying twice, enrolling twice, and a freeze while the partner's customers are charged."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from billing.gateway.registry import gateway_named
from billing.methods.services import add_method
from billing.models import PaymentAttempt
from partnerpanel.actions import own_subscription
from partnerpanel.actions.own_subscription import as_customer
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.platform.services.enrolment import Offer, enrol
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from tests.actions.carry_out import carry_out, reactivate, suspend
from tests.billed.billing_platform import Platform
from tests.people import Person, Team
from tests.scenarios.promises import keeps_its_promises
from tests.threads import in_threads
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def paying(platform: Platform, person: Person) -> str:
    actor = as_customer(person.actor)[1]
    try:
        return own_subscription.pay(platform.subscription.pk, term_number=None, actor=actor, now=platform.now).value
    except DomainError as refusal:
        return refusal.code


def test_two_colleagues_who_pay_at_once_pay_once(team: Team) -> None:
    platform = Platform.founded(system_now() - timedelta(days=14))
    platform.enrols(team.partner, card="declines")
    platform.world.now = system_now()
    platform.settles().gives_card("ok")
    people = [person for role, person in team.people.items() if role in ("owner", "admin", "billing")]
    found = in_threads(*(partial(paying, platform, person) for person in people))
    assert found.count("succeeded") == 1
    assert set(found) <= {"succeeded", "being_charged", "nothing_to_pay"}
    assert platform.paid() == ["49.00 EUR"]
    platform.settles()
    assert Partner.objects.get(pk=team.partner.pk).standing == {}
    keeps_its_promises(platform.world.id, platform.now)


def test_two_who_enrol_a_partner_make_one_customer(team: Team) -> None:
    platform = Platform.founded(system_now())
    offer = Offer("bills@eastwind.example")
    found = in_threads(*[lambda: enrol(team.partner, offer, now=platform.now)] * 3)
    assert len(set(found)) == 1
    assert found[0] == Partner.objects.get(pk=team.partner.pk).platform_customer
    with tenant(platform.world.id):
        assert Subscription.objects.for_partner(platform.world.id).count() == 1


def test_a_freeze_while_customers_are_charged_loses_and_doubles_none(team: Team) -> None:
    now = system_now()
    platform = Platform.founded(now - timedelta(days=1))
    platform.enrols(team.partner)
    platform.world.now = now
    world, staff = World(team.partner, now=now - timedelta(days=40)), platform.staff()
    customers = world.customers(12)
    subscriptions = world.subscriptions(customers, started_at=now - timedelta(days=45))
    give_cards(world, customers)

    def renew() -> None:
        world.drain("subscriptions", "charges", "outbox", now=now)

    def freeze() -> None:
        carry_out(suspend(platform.customer), staff, now=now)
        platform.world.drain("outbox")

    in_threads(renew, freeze, renew)
    assert Partner.objects.get(pk=team.partner.pk).frozen_since is not None
    renew()
    carry_out(reactivate(platform.customer), staff, now=now)
    platform.world.drain("outbox")
    renew()
    with tenant(world.id):
        asked = PaymentAttempt.objects.for_partner(world.id)
        assert sorted(asked.values_list("subscription_id", flat=True)) == sorted(subscriptions)
        assert set(asked.values_list("status", flat=True)) == {"succeeded"}
    keeps_its_promises(world.id, now)


def give_cards(world: World, customers: list[UUID]) -> None:
    facts = gateway_named("sandbox").describe_method(world.id, "sandbox_ok")
    with tenant(world.id):
        for id_ in customers:
            add_method(id_, gateway="sandbox", ref="sandbox_ok", facts=facts, actor=world.system, now=world.now)
