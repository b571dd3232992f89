from __future__ import annotations

import pytest
from django.core.cache import cache

from partnerpanel.kernel.clock import system_now
from tests.people import Team
from tests.world import World


@pytest.fixture
def shop(db: None, team: Team) -> World:
    """A partner whose pages anybody visits, today."""
    cache.clear()
    return World(team.partner, now=system_now())
