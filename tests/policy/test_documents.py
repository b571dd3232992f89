"""A policy is typed inside and plain JSON outside; what is wrong is refused by the name of its key."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerpanel.policy.rules.documents import canonical, check_together, dump, parse
from partnerpanel.policy.rules.errors import InvalidPolicy
from partnerpanel.policy.rules.grace import GracePolicy
from partnerpanel.policy.rules.policy import KEYS, LifecyclePolicy, key_named
from tests.policy.values import COMPLETE, OTHER, PARTIAL, UNHURRIED

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@UNHURRIED
@given(COMPLETE)
def test_a_policy_goes_through_json_without_a_loss(document: dict[str, Any]) -> None:
    policy = parse(json.loads(json.dumps(document)))
    assert dump(policy) == document
    assert parse(json.loads(json.dumps(dump(policy)))) == policy


@UNHURRIED
@given(PARTIAL)
def test_a_document_of_some_keys_is_kept_as_it_is(document: dict[str, Any]) -> None:
    assert canonical(document) == document


@pytest.mark.parametrize("name", KEYS)
def test_every_key_can_be_edited(name: str) -> None:
    before = dump(LifecyclePolicy())
    after = parse(before | {name: OTHER[name]})
    assert dump(after) == before | {name: OTHER[name]}
    assert after != LifecyclePolicy()
    assert KEYS[name].of(after) != KEYS[name].default


@pytest.mark.parametrize("name", KEYS)
@given(raw=ANYTHING)
@settings(UNHURRIED, max_examples=30)
def test_whatever_comes_a_key_takes_it_whole_or_names_itself(name: str, raw: Any) -> None:
    refusal = refusal_of({name: raw})
    if refusal is None:
        assert canonical({name: raw}) == {name: raw}
    else:
        assert refusal.code == "invalid_policy"
        assert refusal.field == name
        assert name in refusal.message


def refusal_of(document: dict[str, Any]) -> InvalidPolicy | None:
    try:
        canonical(document)
    except InvalidPolicy as refusal:
        return refusal
    return None


def test_an_unknown_key_is_named() -> None:
    for name in ("grace.day", "grace", "Grace.days", "", "retention"):
        with pytest.raises(InvalidPolicy, match="is no key") as refusal:
            canonical({"grace.days": 3, name: 3})
        assert refusal.value.field == name
    with pytest.raises(InvalidPolicy):
        key_named("grace.nights")


def test_a_missing_key_is_named() -> None:
    document = dump(LifecyclePolicy())
    del document["sla.hours.general"]
    with pytest.raises(InvalidPolicy, match="missing") as refusal:
        parse(document)
    assert refusal.value.field == "sla.hours.general"


@pytest.mark.parametrize(
    ("key", "raw", "says"),
    [
        ("grace.days", 0, "a whole number from 1 to 365; “0” is not"),
        ("grace.days", True, "a whole number"),
        ("grace.days", 7.0, "a whole number"),
        ("retention.days_after_end", 2, "or null for never"),
        ("retry.offsets_days", [1, 0], "a list of 0 to 10 whole numbers from 1 to 90"),
        ("retry.offsets_days", "1, 3", "a list"),
        ("renewal.reminders_days", [3, 7], "each smaller than the one before"),
        ("welcome.days", [0, 1, 3], "a list of 4 whole numbers"),
        ("welcome.days", [0, 1, 1, 3], "each greater than the one before"),
        ("grace.then", "explode", "one of suspend, freeze, downgrade_to_free, cancel"),
        ("grace.then", None, "“null” is not"),
        ("loyalty.enabled", "yes", "true or false"),
        ("grace.renew_after.cap", {"amount": 0, "currency": "EUR"}, "above zero"),
        ("grace.renew_after.cap", {"amount": 5, "currency": "euro"}, "above zero"),
        ("grace.renew_after.cap", {"amount": 5.5, "currency": "EUR"}, "above zero"),
        ("grace.renew_after.cap", {"amount": 5}, "above zero"),
        ("grace.renew_after.cap", 500, "above zero"),
        ("grace.renew_after.percent", 101, "from 0 to 100"),
    ],
)
def test_a_refusal_says_what_is_allowed(key: str, raw: Any, says: str) -> None:
    with pytest.raises(InvalidPolicy) as refusal:
        canonical({key: raw})
    assert refusal.value.field == key
    assert says in refusal.value.message


def test_a_policy_made_in_code_is_checked_too() -> None:
    with pytest.raises(InvalidPolicy) as refusal:
        replace(LifecyclePolicy(), grace=GracePolicy(days=-1))
    assert refusal.value.field == "grace.days"


def test_offsets_from_the_first_attempt_rise_and_gaps_between_attempts_need_not() -> None:
    document = dump(LifecyclePolicy()) | {"retry.offsets_days": [2, 2, 2]}
    with pytest.raises(InvalidPolicy) as refusal:
        check_together(parse(document))
    assert refusal.value.field == "retry.offsets_days"
    check_together(parse(document | {"retry.counted_from": "previous"}))
