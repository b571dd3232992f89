"""A program with a key of the partner, and one with a key of another."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from pytest_django import Settings

from partnerpanel.actions.api_keys import create_key
from partnerpanel.actions.test_mode import open_test_mode
from partnerpanel.tenancy.actor import Actor
from tests.api.program import Program, make_program
from tests.people import Person
from tests.world import NOW


@pytest.fixture
def program(owner: Person) -> Program:
    """May do everything at the partner that a test is about."""
    return make_program(owner)


@pytest.fixture
def stranger_program(stranger: Person) -> Program:
    """May do everything at another partner."""
    return make_program(stranger)


@pytest.fixture
def in_test_mode(owner: Person) -> Program:
    """May do everything in the partner's test mode, whose clock stands at the present of the tests."""
    twin = open_test_mode(actor=owner.actor, now=NOW)
    return Program(create_key(name="Tests", scopes=["all"], actor=Actor.system(twin.pk), now=NOW).secret)


@pytest.fixture(autouse=True)
def plenty(settings: Settings) -> None:
    """As many requests as a test likes; what it says of limits itself, counts from nothing."""
    cache.clear()
    settings.API_KEY_REQUESTS_A_MINUTE = settings.API_PARTNER_REQUESTS_A_MINUTE = 1_000_000
    settings.API_STRANGER_REQUESTS_A_MINUTE = 1_000_000
