"""Workers are killed, as by a machine that goes away, while they send a campaign: nobody gets two mails."""

from __future__ import annotations

import os
import signal
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections
from pytest_django import Settings

from notifications.campaigns.queries import Figures, campaign, figures_of
from notifications.models import Message
from partnerpanel.actions import campaigns
from partnerpanel.actions.campaigns import Audience, CampaignDraft
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.registry import queue_named
from partnerpanel.tenancy.scope import tenant
from tests.faults.workers import wait_until
from tests.people import Person
from tests.post_office import PostOffice
from tests.world import NOW, World

MANY, KILLED = 120, (20, 60)
AT = NOW + timedelta(minutes=5)

pytestmark = pytest.mark.slow


def forked(world: World) -> int:
    """A process that sends what is due; its id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        for alias in connections:
            # Not closed: the session at the other end belongs to the process that this one is a copy of.
            connections[alias].connection = None
        while queue_named("mail").drain(world.id, AT):
            pass
    finally:
        os._exit(0)


def forget_leases(world: World) -> None:
    """As if the time of every lease had passed."""
    with tenant(world.id):
        rows = Message.objects.for_partner(world.id).exclude(leased_until=None)
        rows.update(leased_until=system_now() - timedelta(seconds=1))


@pytest.mark.django_db(transaction=True)
def test_a_campaign_survives_workers_that_are_killed(world: World, owner: Person, settings: Settings) -> None:
    world.customers(MANY)
    draft = CampaignDraft("Sale", "offers", Audience(), subject="Sale", body="Hello {{ customer.name }}")
    id_ = campaigns.create_campaign(draft, actor=owner.actor, now=NOW)
    campaigns.confirm_campaign(id_, recipients=MANY, actor=owner.actor, now=NOW)
    world.drain("campaigns", now=AT)
    with PostOffice(silent=0.005) as office:
        office.serve(settings)
        for share in KILLED:
            worker = forked(world)
            wait_until(lambda share=share: len(office.mails) >= share)  # type: ignore[misc]
            os.kill(worker, signal.SIGKILL)
            assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == -signal.SIGKILL
            assert len(office.mails) < MANY, "it was killed before it was done"
            forget_leases(world)
        world.drain("mail", now=AT)
        world.drain("campaigns", now=AT + timedelta(minutes=2))
        got = Counter(str(mail["To"]) for mail in office.mails)
    found = figures(world, id_)
    assert set(got.values()) == {1}, "nobody gets two"
    assert (found.sent + found.unknown, found.waiting, found.failed) == (MANY, 0, 0)
    assert found.unknown <= len(KILLED), "one is in doubt for each that was killed, and is shown"
    assert found.sent <= len(got) <= MANY


def figures(world: World, id_: UUID) -> Figures:
    with tenant(world.id):
        row = campaign(world.id, id_)
        assert row.state == "done"
        return figures_of(world.id, [row])[row.pk]
