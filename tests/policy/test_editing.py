"""Editing a level keeps what somebody meant: their own keys, what came from above, and what others wrote meanwhile."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.policy.rules.documents import dump
from partnerpanel.policy.rules.editing import Shown, changed_keys, edited, rebased
from partnerpanel.policy.rules.explanation import explain, told_otherwise
from partnerpanel.policy.rules.policy import KEYS, LifecyclePolicy
from partnerpanel.policy.rules.resolution import Layer, Source, SourceKind, resolve
from partnerpanel.policy.rules.timeline import Example
from tests.policy.values import OTHER, PARTIAL, UNHURRIED

STANDARD = dump(LifecyclePolicy())
EXAMPLE = Example(date(2026, 4, 30), Interval(Unit.DAY, 30), Money(10_000, "EUR"), "Europe/Berlin")


@pytest.mark.parametrize("key", KEYS)
def test_only_what_is_written_otherwise_becomes_the_levels_own(key: str) -> None:
    shown = Shown(STANDARD, frozenset())
    assert edited(shown, STANDARD) == {}
    assert edited(shown, STANDARD | {key: OTHER[key]}) == {key: OTHER[key]}


def test_an_own_key_stays_though_it_says_what_the_level_above_says_until_it_is_reset() -> None:
    shown = Shown(STANDARD, frozenset({"grace.days"}))
    assert edited(shown, STANDARD) == {"grace.days": 7}
    assert edited(shown, STANDARD, ["grace.days"]) == {}


@UNHURRIED
@given(PARTIAL, PARTIAL, PARTIAL)
def test_an_edit_on_top_of_anothers_loses_neither(base: Any, mine: Any, theirs: Any) -> None:
    both = rebased(base=base, wanted=mine, newest=theirs)
    touched = changed_keys(base, mine)
    for key in KEYS:
        said = mine if key in touched else theirs
        assert both.get(key, "absent") == said.get(key, "absent")


@pytest.mark.parametrize("key", KEYS)
def test_what_is_told_otherwise_names_the_key_that_was_edited(key: str) -> None:
    on = {"grace.renew_after.percent": 10, "loyalty.enabled": key != "loyalty.enabled"}

    def explained(document: dict[str, Any]) -> Any:
        return explain(resolve([Layer(Source(SourceKind.PLAN, "a plan", 1), document)]), EXAMPLE)

    before, after = explained(on), explained(on | {key: OTHER[key]})
    told = list(told_otherwise(before, after))
    assert any(key in (one.keys if one else ()) for pair in told for one in pair)
    assert not list(told_otherwise(before, before))
    assert key in after.about(key).keys
