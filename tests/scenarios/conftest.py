from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from partnerpanel.kernel.clock import start_of_day
from partnerpanel.tenancy.services import create_twin
from tests.people import make_partner
from tests.scenarios.foresight import Foresight
from tests.scenarios.story import Story

Tell = Callable[..., Story]


@pytest.fixture
def story_in(db: None) -> Tell:
    """Begins a story in a zone, currency and language, on a day before everything that is told."""

    def begin(zone: str = "Europe/Berlin", *, currency: str = "EUR", day: str = "2024-01-01", **other: str) -> Story:
        partner = make_partner("eastwind", timezone=zone, currency=currency, **other)
        return Story(create_twin(partner, now=start_of_day(date.fromisoformat(day), zone)), zone)

    return begin


@pytest.fixture
def story(story_in: Tell) -> Story:
    """A story in Berlin, in euros."""
    return story_in()


@pytest.fixture(autouse=True)
def foresight(monkeypatch: pytest.MonkeyPatch) -> Foresight:
    """In every story, what plans say will stand is what then stands."""
    return Foresight(monkeypatch)
