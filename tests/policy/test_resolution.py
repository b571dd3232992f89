"""Per key the most specific level wins, and the result remembers which it was."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerpanel.policy.rules.documents import dump
from partnerpanel.policy.rules.errors import InvalidPolicy
from partnerpanel.policy.rules.policy import KEYS, LifecyclePolicy
from partnerpanel.policy.rules.presets import DOCUMENTS, Preset
from partnerpanel.policy.rules.resolution import (
    PLATFORM,
    Layer,
    ResolvedPolicy,
    Source,
    SourceKind,
    preset_layer,
    resolve,
)
from tests.policy.values import PARTIAL, UNHURRIED

LEVELS = [SourceKind.PARTNER, SourceKind.PLAN, SourceKind.CUSTOMER, SourceKind.SUBSCRIPTION]
DOCUMENT_PER_LEVEL = st.fixed_dictionaries(dict.fromkeys(LEVELS, PARTIAL))


def layer(kind: SourceKind, document: dict[str, Any], version: int = 1) -> Layer:
    return Layer(Source(kind, f"the {kind}", version), document)


def test_without_a_word_from_anybody_the_platform_decides() -> None:
    resolved = resolve([])
    assert resolved.policy == LifecyclePolicy()
    assert {resolved.source(key) for key in KEYS} == {PLATFORM.source}


def test_the_most_specific_wins_per_key_and_not_per_document() -> None:
    resolved = resolve(
        [
            preset_layer(Preset.EXTENDED),
            layer(SourceKind.PARTNER, {"grace.days": 10, "refund.window_hours": 48}),
            layer(SourceKind.PLAN, {"grace.days": 5, "catchup": "latest"}, version=4),
            layer(SourceKind.SUBSCRIPTION, {"grace.access": "limited"}),
        ]
    )
    assert resolved.policy.grace.days == 5
    assert resolved.source("grace.days") == Source(SourceKind.PLAN, "the plan", 4)
    assert resolved.policy.refund.window_hours == 48
    assert resolved.source("refund.window_hours").kind is SourceKind.PARTNER
    assert resolved.source("grace.access").kind is SourceKind.SUBSCRIPTION
    assert resolved.policy.grace.then == "freeze"
    assert str(resolved.source("grace.then")) == "preset:extended@1"


@UNHURRIED
@given(DOCUMENT_PER_LEVEL)
def test_each_key_comes_from_the_last_level_that_names_it(said: dict[SourceKind, dict[str, Any]]) -> None:
    resolved = resolve([layer(kind, document) for kind, document in said.items()])
    document = dump(resolved.policy)
    for key in KEYS:
        speaking = [kind for kind in LEVELS if key in said[kind]]
        assert resolved.source(key).kind is (speaking[-1] if speaking else SourceKind.PLATFORM)
        assert document[key] == (said[speaking[-1]] if speaking else DOCUMENTS[Preset.STANDARD])[key]


def test_the_order_in_which_levels_are_named_does_not_matter() -> None:
    layers = [layer(kind, {"grace.days": days}) for days, kind in enumerate(LEVELS, start=1)]
    assert {resolve(some).policy.grace.days for some in permutations(layers)} == {4}


def test_never_is_a_value_and_not_a_gap() -> None:
    resolved = resolve(
        [
            layer(SourceKind.PARTNER, {"retention.days_after_end": 90}),
            layer(SourceKind.PLAN, {"retention.days_after_end": None}),
        ]
    )
    assert resolved.policy.retention.days_after_end is None


@UNHURRIED
@given(DOCUMENT_PER_LEVEL)
def test_a_snapshot_keeps_values_and_sources(said: dict[SourceKind, dict[str, Any]]) -> None:
    layers = [preset_layer(Preset.LENIENT), *(layer(kind, document) for kind, document in said.items())]
    resolved = resolve(layers)
    assert ResolvedPolicy.from_snapshot(json.loads(json.dumps(resolved.snapshot()))) == resolved


def test_a_snapshot_from_before_a_key_existed_takes_the_platforms_value() -> None:
    snapshot: Any = resolve([preset_layer(Preset.STRICT)]).snapshot()
    del snapshot["document"]["grace.days"]
    snapshot["sources"] = [row | {"keys": [k for k in row["keys"] if k != "grace.days"]} for row in snapshot["sources"]]
    resolved = ResolvedPolicy.from_snapshot(snapshot)
    assert resolved.policy.grace.days == 7
    assert resolved.source("grace.days") == PLATFORM.source
    assert resolved.source("grace.access").id == "strict"


def test_a_key_that_nobody_knows_has_no_source() -> None:
    with pytest.raises(InvalidPolicy):
        resolve([]).source("grace.nights")
