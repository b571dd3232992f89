"""A second process beside a moved clock: what it is left is done when it is waited for, and what fails is said."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import NoReturn
from uuid import UUID

import pytest
from django.db import connection

from notifications.models import Message
from partnerpanel.embedded.demo.past import living
from partnerpanel.embedded.demo.past.digest import digest
from partnerpanel.embedded.demo.past.helping import SHARES, helped_along
from partnerpanel.embedded.demo.past.partners import past_partner
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.advance import advance
from partnerpanel.queues.beside import HelperFailed, Shares, helped, helper_beside
from partnerpanel.queues.registry import all_queues
from partnerpanel.queues.rows import due
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from tests.people import make_partner
from tests.world import World

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
UNTIL = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)


def session() -> int:
    """The number of the server's process that this one talks to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.fixture
def twin() -> World:
    twin = create_twin(make_partner("helped"), now=NOW)
    return World(twin, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_what_a_helper_is_left_is_done_when_the_block_ends(twin: World) -> None:
    twin.subscription()
    mine = session()
    with helped(twin.id, SHARES):
        advance(twin.id, to=NOW + timedelta(days=40))
    assert session() == mine
    with tenant(twin.id):
        assert set(Message.objects.values_list("state", flat=True)) == {"kept"}
        for queue in all_queues():
            assert not due(queue.model._default_manager.all(), partner_id=twin.id, now=NOW).exists()
    assert helper_beside() is None


@pytest.mark.django_db(transaction=True)
def test_a_helper_that_fails_is_heard_of_at_the_latest_when_it_is_waited_for() -> None:
    for drain, said in ((failing, "the printer is on fire"), (dying, "it has ended")):
        with pytest.raises(HelperFailed, match=said):
            leave_an_instant(Shares(theirs={"mail": drain}, ours={}))
    assert helper_beside() is None


@pytest.mark.django_db(transaction=True)
def test_a_past_that_was_helped_along_has_the_rows_of_one_that_was_not(monkeypatch: pytest.MonkeyPatch) -> None:
    helped_one, _ = past_partner(slug="helped", customers=10, months=2, seed=7, until=UNTIL)
    monkeypatch.setattr(living, "helped_along", nullcontext)
    alone, _ = past_partner(slug="alone", customers=10, months=2, seed=7, until=UNTIL)
    assert digest(helped_one.pk) == digest(alone.pk)


@pytest.mark.django_db
def test_inside_a_transaction_nobody_helps() -> None:
    with helped_along(uuid7()):
        assert helper_beside() is None


def leave_an_instant(shares: Shares) -> None:
    with helped(uuid7(), shares) as helper:
        helper.take(NOW)


def failing(_partner_id: UUID, _now: datetime) -> NoReturn:
    raise ValueError("the printer is on fire")


def dying(_partner_id: UUID, _now: datetime) -> NoReturn:
    raise SystemExit
