"""Two workers at the same queue, with transactions of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from pytest_django import Settings

from notifications import worker
from notifications.models import Message
from partnerpanel.actions import door
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target
from partnerpanel.queues.functions import due_partners
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from tests.people import make_team
from tests.post_office import PostOffice
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    with PostOffice() as office:
        office.serve(settings)
        yield office


def test_two_workers_at_once_send_each_mail_once(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team("eastwind")
    world = World(team.partner)
    customers = world.customers(40)
    verb = Suspend(tuple(map(Target, customers)), HoldKind.MANUAL, "as agreed")
    door.commit(verb, quote=None, actor=team.owner.actor, now=NOW)
    monkeypatch.setattr(worker, "BATCH", 7)
    together = Barrier(4)

    def work(queue: str) -> int:
        together.wait(timeout=10)
        try:
            return world.drain(queue)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, ["outbox"] * 4))
        assert due_partners("mail", now=NOW) == [world.id]
        assert sum(threads.map(work, ["mail"] * 4)) == 40
    assert Counter(office.receivers) == {f"customer{n}@eastwind.example": 1 for n in range(1, 41)}
    assert due_partners("mail", now=NOW) == []
    with tenant(world.id):
        assert set(Message.objects.for_partner(world.id).values_list("state", "attempts")) == {("sent", 1)}
