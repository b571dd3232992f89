"""The presets are those that the product promises, and one list says which keys act."""

from __future__ import annotations

import pytest

from partnerpanel.policy.rules.acting import ACTING, acts
from partnerpanel.policy.rules.documents import check_together, parse
from partnerpanel.policy.rules.errors import InvalidPolicy
from partnerpanel.policy.rules.policy import KEYS, LifecyclePolicy
from partnerpanel.policy.rules.presets import DOCUMENTS, Preset, preset_named

STANDARD = {
    "renewal.reminders_days": [3],
    "renewal.reminders_days_yearly": [30, 7, 3],
    "retry.offsets_days": [1, 3, 5],
    "retry.counted_from": "first_attempt",
    "grace.starts": "retries_exhausted",
    "grace.days": 7,
    "grace.counted_from": "due_date",
    "grace.then": "suspend",
    "grace.access": "full",
    "grace.renew_inside": "extend",
    "grace.renew_after.percent": 0,
    "grace.renew_after.basis": "prorata",
    "grace.renew_after.cap": None,
    "grace.renew_after.waivable": True,
    "change.upgrade.when": "immediate",
    "change.upgrade.anchor": "reset",
    "change.downgrade": "period_end",
    "change.lateral": "ask",
    "change.unpaid": "wait",
    "change.rollback.money": "reverse_change",
    "change.direction_by": "rank_then_price",
    "change.measure": "time",
    "refund.window_hours": 72,
    "refund.access": "keep",
    "addon.month": "calendar",
    "addon.on_renewal": "carry",
    "catchup": "each",
    "retention.days_after_end": 30,
    "winback.days_before_end": 7,
    "welcome.days": [0, 1, 3, 7],
    "loyalty.enabled": False,
    "loyalty.every_months": 12,
    "loyalty.bonus_months": 1,
    "sla.hours.critical": 1,
    "sla.hours.important": 4,
    "sla.hours.general": 24,
    "sla.hours.feature": 48,
}


def test_standard_is_the_first_value_of_every_key() -> None:
    assert DOCUMENTS[Preset.STANDARD] == STANDARD
    assert parse(STANDARD) == LifecyclePolicy()


def test_the_others_differ_where_they_promise_to() -> None:
    differing = {
        preset: {key: value for key, value in document.items() if STANDARD[key] != value}
        for preset, document in DOCUMENTS.items()
    }
    assert differing == {
        Preset.STANDARD: {},
        Preset.EXTENDED: {
            "grace.starts": "first_failure",
            "grace.days": 15,
            "grace.then": "freeze",
            "grace.renew_after.percent": 100,
        },
        Preset.STRICT: {"retry.offsets_days": [1, 3], "grace.days": 3, "grace.access": "limited"},
        Preset.LENIENT: {"retry.offsets_days": [1, 3, 5, 7, 10], "grace.days": 30},
    }


@pytest.mark.parametrize("preset", Preset)
def test_every_preset_is_a_policy_of_its_own(preset: Preset) -> None:
    check_together(parse(DOCUMENTS[preset]))
    assert preset_named(preset.value) is preset


def test_a_preset_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidPolicy, match="standard, extended, strict, lenient") as refusal:
        preset_named("generous")
    assert refusal.value.field == "preset"


def test_the_list_of_what_acts_names_every_key_and_no_other() -> None:
    assert list(ACTING) == list(KEYS)


def test_a_key_acts_or_is_listed_as_one_that_does_not_yet() -> None:
    assert acts("grace.then")
    assert acts("loyalty.enabled")
    with pytest.raises(KeyError):
        acts("grace.nights")
