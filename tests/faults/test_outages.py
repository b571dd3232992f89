"""Nothing of ours runs for 3 or 35 days; then everything is caught up, and the outage counts against nobody."""

from __future__ import annotations

import signal
from datetime import timedelta
from uuid import UUID

import pytest

from billing.models import CollectionCase, PaymentAttempt
from partnerpanel.kernel.clock import local_date, system_now
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.services import set_policy
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Term
from tests.faults.conftest import Survives
from tests.faults.gateways import Tried
from tests.faults.renewals import comes_to_rest, due_renewals
from tests.faults.size import RENEWALS
from tests.faults.workers import Nursery
from tests.world import World

UNPAID = RENEWALS // 10
# Renewals that were begun when it began.
UNDER_WAY = 40

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("days", "catchup", "periods"), [(3, "each", 1), (35, "each", 2), (35, "latest", 1)])
def test_what_an_outage_missed_is_caught_up_and_counts_against_nobody(
    days: int, catchup: str, periods: int, world: World, gateway: Tried, nursery: Nursery, survives: Survives
) -> None:
    """When it began, a worker had just asked for some charges and was about to ask for as many others."""
    cards = due_renewals(world, gateway, days_ago=31 + days, others={gateway.declines: UNPAID, "": UNPAID})
    follow(world, catchup)
    begins = -timedelta(days=days).total_seconds()
    for step in (
        "subscriptions: committed after update numberseries",
        "charges: after charge_many",
        "charges: before charge_many",
    ):
        queue = step.partition(":")[0]
        chunk = UNDER_WAY if queue == "subscriptions" else UNDER_WAY // 2
        worker = nursery.work(world, queue, late=begins, chunk=chunk, dies_at=step)
        assert worker.ended() == -signal.SIGKILL
    seconds = comes_to_rest(world)
    unknown = waiting_for_a_person(world)
    assert 0 < len(unknown) <= UNDER_WAY // 2, "the gateway knows nothing of these, and after a day nobody asks again"
    pay = {id_ for id_, card in cards.items() if card == gateway.pays} - unknown
    survives(world, renewals=len(pay), term_number=1 + periods, after=seconds)
    with tenant(world.id):
        mine = {"partner_id": world.id}
        today = local_date(system_now(), world.partner.timezone)
        opened = CollectionCase.objects.filter(**mine, opened_at__gte=world.now)
        assert set(opened.values_list("first_on", flat=True)) == {today}, "it counts from when we could first ask"
        assert CollectionCase.objects.filter(**mine, over_on=None, closed_at=None).count() >= UNPAID
        newest = dict(Term.objects.filter(**mine).order_by("number").values_list("subscription_id", "ends_on"))
        assert all(newest[id_] > today for id_ in pay), "the newest term is the running one"


def follow(world: World, catchup: str) -> None:
    with tenant(world.id):
        set_policy(
            scope_kind=ScopeKind.PARTNER,
            scope_id=world.id,
            preset="standard",
            document={"catchup": catchup},
            actor=world.system,
            now=world.now,
        )


def waiting_for_a_person(world: World) -> set[UUID]:
    """Subscriptions of which a charge was given up."""
    with tenant(world.id):
        rows = PaymentAttempt.objects.for_partner(world.id).filter(parked_at__isnull=False)
        return set(rows.values_list("subscription_id", flat=True))
