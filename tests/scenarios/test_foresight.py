from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest

from partnerpanel.kernel.errors import DomainError
from subscriptions.rules.states import HoldKind
from tests.scenarios.foresight import Foresight
from tests.scenarios.story import CARDS, Story

TURNS, LONGEST_PAUSE = 24, 14
DEEDS: list[Callable[[Story, random.Random], object]] = [
    lambda _, __: None,
    lambda story, _: story.pays(),
    lambda story, _: story.pays("45.00 EUR"),
    lambda story, chance: story.replaces_card(chance.choice(list(CARDS))),
    lambda story, chance: story.replaces_card_quietly(chance.choice(list(CARDS))),
    lambda story, chance: story.suspends(chance.choice([HoldKind.MANUAL, HoldKind.ABUSE])),
    lambda story, chance: story.releases(chance.choice([HoldKind.MANUAL, HoldKind.ABUSE])),
    lambda story, chance: story.wishes(auto_renew=chance.random() < 0.7),
]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_plans_say_what_then_stands(story: Story, foresight: Foresight, seed: int) -> None:
    chance = random.Random(seed)
    day = date(2024, 1, 30) + timedelta(days=seed)
    story.policy(["standard", "extended", "strict", "lenient"][seed % 4])
    story.on(day.isoformat()).starts(card=chance.choice(["ok", "declines", "declines later", "closed"]))
    for _ in range(TURNS):
        day += timedelta(days=chance.randint(1, LONGEST_PAUSE))
        story.on(day.isoformat())
        with suppress(DomainError):
            chance.choice(DEEDS)(story, chance)
        story.stands()
    assert foresight.compared >= TURNS / 6
