from __future__ import annotations

from datetime import date

import pytest

from partnerpanel.kernel.clock import start_of_day
from tests.billed.billing_platform import Platform
from tests.people import Team


@pytest.fixture
def platform(team: Team) -> Platform:
    """A platform that sells three plans; nobody is its customer yet."""
    return Platform.founded(start_of_day(date(2026, 1, 1), "Europe/Berlin"))


@pytest.fixture
def billed(platform: Platform, team: Team) -> Platform:
    """The same, and the partner that a test is about has begun its trial of 14 days there, on 1 January."""
    platform.enrols(team.partner)
    return platform
