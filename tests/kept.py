"""Rows that many tests of a module look at: made once, and rolled back after the last of them.

Each test still works in a savepoint of its own, so none sees what another did. Not for tests that commit: the rows are
in a transaction that nobody else can see, and emptying the tables would wait for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.people import Team, make_team
from tests.tenancy.rows import one_of_each
from tests.world import World


@contextmanager
def kept(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written inside the block stays until it ends."""
    block = transaction.atomic()
    vars(block)["_from_testcase"] = True  # so scopes may open inside
    with blocker.unblock(), block:
        yield
        transaction.set_rollback(True)


def two_teams() -> tuple[Team, Team]:
    """Those that the fixtures `team` and `other_team` make for a single test."""
    return make_team("eastwind"), make_team("westwind", country="NP", timezone="Asia/Kathmandu", currency="NPR")


def two_full_worlds() -> tuple[World, World]:
    """Two partners with a row in every table each."""
    one, other = two_teams()
    return _full(one), _full(other)


def _full(team: Team) -> World:
    world = World(team.partner)
    one_of_each(world, team.owner)
    return world
