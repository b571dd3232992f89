"""A healthy world breaks no invariant, however busy it is."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from billing.gateway.port import MethodFacts
from billing.methods.services import add_method
from customers.models import Customer
from partnerpanel.invariants.look import look
from partnerpanel.invariants.registry import invariants
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from tests.faults.gateways import SANDBOX
from tests.faults.renewals import comes_to_rest, due_renewals
from tests.people import Team
from tests.world import World


@pytest.fixture
def busy(world: World) -> World:
    """Thirty renewals: charged, declined, and never answered until looked up."""
    due_renewals(world, SANDBOX, 30)
    with tenant(world.id):
        customers = list(Customer.objects.for_partner(world.id).order_by("pk").values_list("pk", flat=True))
        facts = MethodFacts("Visa", "0002", 12, 2099)
        for card, some in (("sandbox_soft_decline", customers[10:20]), ("sandbox_answer_lost", customers[20:])):
            for one in some:
                add_method(one, gateway="sandbox", ref=card, facts=facts, actor=world.system, now=world.now)
    comes_to_rest(world)
    world.drain()
    return world


def test_a_busy_world_breaks_none(busy: World, other_team: Team) -> None:
    assert look(busy.id, invariants()) == {}
    said = StringIO()
    call_command("check_invariants", stdout=said)
    assert "hold for 2 partners" in said.getvalue()


def test_a_subscription_that_moved_in_begins_with_any_number(world: World) -> None:
    world.subscription(started_at=world.now - timedelta(days=365))
    world.drain()
    assert "terms_follow_one_another" not in look(world.id, invariants())


def test_a_command_that_finds_something_names_it_and_exits_with_1(busy: World, other_team: Team) -> None:
    with tenant(busy.id):
        Subscription.objects.filter(due_at__isnull=False).update(due_at=busy.now - timedelta(days=1))
    said = StringIO()
    with pytest.raises(CommandError, match="1 invariants do not hold") as failed:
        call_command("check_invariants", partner="eastwind", stdout=said)
    assert failed.value.returncode == 1
    assert "eastwind: work_is_done_when_due: 30" in said.getvalue()
    assert "sub_" in said.getvalue()
    call_command("check_invariants", partner="westwind", stdout=StringIO())


def test_a_partner_that_does_not_exist_is_named(db: None) -> None:
    with pytest.raises(CommandError, match="no partner “nobody”"):
        call_command("check_invariants", partner="nobody")
