"""An unpaid renewal's days are told with the rule of each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerpanel.policy.rules.ahead import Ahead, ahead
from partnerpanel.policy.rules.course import coming, course
from partnerpanel.policy.rules.policy import KEYS
from partnerpanel.policy.rules.resolution import Layer, ResolvedPolicy, Source, SourceKind, resolve
from partnerpanel.policy.wording import Formats, sentence_text
from tests.policy.values import PARTIAL, UNHURRIED

FORMATS = Formats(day=lambda day: f"{day.day} {day:%b}", money=str)
FIRST = date(2026, 4, 6)


def policy(**keys: Any) -> ResolvedPolicy:
    document = {name.replace("__", "."): value for name, value in keys.items()}
    return resolve([Layer(Source(SourceKind.PLAN, "a plan", 1), document)])


def told(resolved: ResolvedPolicy, *, is_automatic: bool = True, is_hard: bool = False) -> list[str]:
    found = course(resolved, first_on=FIRST, is_automatic=is_automatic, is_hard=is_hard)
    return [sentence_text(one, FORMATS) for one in found]


def test_the_standard_course_day_by_day() -> None:
    assert told(policy()) == [
        "The payment was first asked for on 6 Apr.",
        "It is charged again on 7 Apr, 9 Apr, and 11 Apr: 1, 3, and 5 days after the first attempt.",
        "Grace starts on 11 Apr, when the last attempt has failed.",
        "The deadline is the beginning of 13 Apr: 7 days after the first attempt.",
        "At the deadline the subscription is suspended until it is paid.",
    ]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"retry__offsets_days": []}, "A charge that fails is not tried again."),
        ({"retry__counted_from": "previous"}, "each time after the one before: 1 and 3 days later."),
        ({"retry__offsets_days": [8]}, "Every further attempt would fall on the deadline or after it"),
        ({"grace__starts": "first_failure"}, "Grace starts on 6 Apr, with the first charge that fails."),
        ({"grace__counted_from": "last_retry"}, "beginning of 18 Apr: 7 days after the last planned attempt."),
        ({"grace__days": 1, "retry__offsets_days": []}, "beginning of 7 Apr: 1 day after the first attempt."),
    ],
)
def test_other_rules_are_told_in_other_words(keys: dict[str, Any], said: str) -> None:
    assert any(said in one for one in told(policy(**keys)))


def test_who_is_not_charged_again_is_told_why() -> None:
    by_hand, hard = told(policy(), is_automatic=False), told(policy(), is_hard=True)
    assert by_hand[1] == "Nobody is charged by itself, so nothing is tried again."
    assert hard[1] == "The card was declined for good, so it is not charged again."
    assert by_hand[2] == hard[2] == "Grace starts at once, as no attempt is left to wait for."


@UNHURRIED
@given(PARTIAL, st.booleans(), st.booleans())
def test_every_course_can_be_told_and_names_its_keys(document: dict[str, Any], automatic: bool, hard: bool) -> None:
    resolved = resolve([Layer(Source(SourceKind.PLAN, "a plan", 1), document)])
    found = course(resolved, first_on=FIRST, is_automatic=automatic, is_hard=hard)
    assert all(sentence_text(one, FORMATS) for one in found)
    assert {"grace.days", "grace.then"} <= {key for one in found for key in one.keys}
    assert {key for one in found for key in one.keys} <= set(KEYS)


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("suspend", "If it is not paid before 13 Apr, your subscription is suspended on that day until it is paid."),
        ("freeze", "If it is not paid before 13 Apr, your whole account is suspended on that day until it is paid."),
        ("cancel", "If it is not paid before 13 Apr, your subscription ends on that day."),
    ],
)
def test_the_customer_is_told_what_comes_of_it(then: str, said: str) -> None:
    one = ahead(policy(grace__then=then), first_on=FIRST, has_free=True)
    words = [sentence_text(sentence, FORMATS) for sentence in one.sentences()]
    assert words == [said, "Without a payment your data is kept until 12 May."]


@pytest.mark.parametrize(("has_free", "said"), [(True, "moves to the free plan"), (False, "is suspended")])
def test_a_free_plan_is_promised_only_where_one_is_sold(has_free: bool, said: str) -> None:
    one = ahead(policy(grace__then="downgrade_to_free"), first_on=FIRST, has_free=has_free)
    assert said in sentence_text(one.sentences()[0], FORMATS)


@UNHURRIED
@given(PARTIAL, st.booleans())
def test_an_event_keeps_what_the_policy_said(document: dict[str, Any], over: bool) -> None:
    resolved = resolve([Layer(Source(SourceKind.PLAN, "a plan", 1), document)])
    one = ahead(resolved, first_on=FIRST, has_free=True, is_over=over)
    assert Ahead.from_data(one.as_data() | ({"until": one.on.isoformat()} if one.on else {})) == one
    assert all(sentence_text(sentence, FORMATS) for sentence in one.sentences())


def test_what_is_still_to_come_ends_with_the_deadline() -> None:
    def said(today: date, **who: bool) -> list[str]:
        who = {"is_automatic": True, "is_hard": False} | who
        return [sentence_text(one, FORMATS) for one in coming(policy(), first_on=FIRST, today=today, **who)]

    suspended = "If it is not paid before 13 Apr, it is suspended on that day until it is paid."
    assert said(date(2026, 4, 7)) == ["It is charged again on 9 Apr and 11 Apr.", suspended]
    assert said(date(2026, 4, 7), is_hard=True) == said(date(2026, 4, 11)) == [suspended]
    assert said(date(2026, 4, 13)) == []
