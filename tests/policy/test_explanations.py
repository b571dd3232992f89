"""A policy tells itself: as dated days, as sentences, and as what the customer reads."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given

from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.policy.rules.banner import banner
from partnerpanel.policy.rules.late_fee import late_fee
from partnerpanel.policy.rules.policy import KEYS
from partnerpanel.policy.rules.presets import Preset
from partnerpanel.policy.rules.resolution import Layer, ResolvedPolicy, Source, SourceKind, preset_layer, resolve
from partnerpanel.policy.rules.sentences import sentences
from partnerpanel.policy.rules.timeline import EntryKind, Example, timeline
from partnerpanel.policy.wording import Formats, entry_text, sentence_text
from partnerpanel.policy.words import ENTRIES, SENTENCES
from tests.policy.values import OTHER, PARTIAL, UNHURRIED

EXAMPLE = Example(date(2026, 4, 30), Interval(Unit.DAY, 30), Money(10_000, "EUR"), "America/Santiago")
FORMATS = Formats(day=lambda day: f"{day.day} {day:%b}", money=str)


def policy(preset: Preset = Preset.STANDARD, document: dict[str, Any] | None = None) -> ResolvedPolicy:
    return resolve([preset_layer(preset), Layer(Source(SourceKind.PLAN, "a plan", 1), document or {})])


def told(resolved: ResolvedPolicy) -> list[str]:
    return [sentence_text(sentence, FORMATS) for sentence in sentences(resolved, EXAMPLE)]


def days(resolved: ResolvedPolicy, example: Example = EXAMPLE) -> list[tuple[str, str]]:
    return [(entry.on.isoformat(), entry.kind.value) for entry in timeline(resolved, example)]


def test_standard_day_by_day() -> None:
    assert days(policy()) == [
        ("2026-04-27", "reminder"),
        ("2026-04-30", "charge"),
        ("2026-05-01", "retry"),
        ("2026-05-03", "retry"),
        ("2026-05-05", "retry"),
        ("2026-05-05", "grace_starts"),
        ("2026-05-06", "warning"),
        ("2026-05-07", "deadline"),
        ("2026-05-07", "suspended"),
        ("2026-05-23", "erasure_warning"),
        ("2026-06-03", "erasure_warning"),
        ("2026-06-06", "erased"),
    ]


def test_extended_day_by_day_on_a_yearly_plan() -> None:
    yearly = Example(date(2028, 2, 29), Interval(Unit.YEAR), Money(10_000, "EUR"), "Pacific/Apia")
    assert days(policy(Preset.EXTENDED), yearly) == [
        ("2028-01-30", "reminder"),
        ("2028-02-22", "reminder"),
        ("2028-02-26", "reminder"),
        ("2028-02-29", "charge"),
        ("2028-02-29", "grace_starts"),
        ("2028-03-01", "retry"),
        ("2028-03-03", "retry"),
        ("2028-03-05", "retry"),
        ("2028-03-14", "warning"),
        ("2028-03-15", "deadline"),
        ("2028-03-15", "frozen"),
        ("2028-03-31", "erasure_warning"),
        ("2028-04-11", "erasure_warning"),
        ("2028-04-14", "erased"),
    ]


def test_the_deadline_is_shown_at_local_midnight_or_when_the_day_begins() -> None:
    [deadline] = [entry for entry in timeline(policy(), EXAMPLE) if entry.kind is EntryKind.DEADLINE]
    assert deadline.at_local is not None
    assert deadline.at_local.isoformat() == "2026-05-07T00:00:00-04:00"
    gap = Example(date(2026, 8, 30), EXAMPLE.interval, EXAMPLE.price, EXAMPLE.zone)
    [deadline] = [entry for entry in timeline(policy(), gap) if entry.kind is EntryKind.DEADLINE]
    assert deadline.at_local is not None
    assert deadline.at_local.isoformat() == "2026-09-06T01:00:00-03:00"


def test_what_goes_on_without_an_end_erases_nothing() -> None:
    free = policy(document={"grace.then": "downgrade_to_free"})
    assert days(free)[-1] == ("2026-05-07", "downgraded")
    assert days(policy(document={"retention.days_after_end": None}))[-1] == ("2026-05-07", "suspended")


@UNHURRIED
@given(PARTIAL)
def test_every_policy_can_be_told_in_every_way(document: dict[str, Any]) -> None:
    resolved = policy(document=document)
    entries = timeline(resolved, EXAMPLE)
    assert [entry.on for entry in entries] == sorted(entry.on for entry in entries)
    assert all(entry_text(entry, FORMATS) for entry in entries)
    assert all(told(resolved))
    for offset in (0, 4, 400):
        said = banner(resolved, first_on=EXAMPLE.due_on, today=EXAMPLE.due_on + timedelta(days=offset))
        assert all(sentence_text(sentence, FORMATS) for sentence in said)


@pytest.mark.parametrize("preset", Preset)
def test_every_key_is_told(preset: Preset) -> None:
    assert {key for sentence in sentences(policy(preset)) for key in sentence.keys} == set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_every_edit_changes_the_words(key: str) -> None:
    # What belongs to a feature is told while the feature is on.
    on = {"grace.renew_after.percent": 10, "loyalty.enabled": key != "loyalty.enabled"}
    assert told(policy(document=on)) != told(policy(document=on | {key: OTHER[key]}))


def test_every_word_is_said_by_some_policy() -> None:
    codes = {f"{key}.{choice.value}" for key in KEYS for choice in getattr(KEYS[key].kind, "choices", ())}
    assert {entry.value for entry in EntryKind} == set(ENTRIES)
    said_by_choice = {code for code in SENTENCES if code in codes}
    merged = {"retry.counted_from", "grace.counted_from", "grace.renew_after.basis"}
    assert {code for code in codes if code.rpartition(".")[0] not in merged} == said_by_choice


def test_the_sentences_of_the_fee_carry_the_worked_example() -> None:
    words = told(policy(Preset.EXTENDED))
    assert "Renewing after the deadline costs the full price and 100 % of the price of the days of grace." in words
    assert "Here: 50.00 EUR + 100.00 EUR = 150.00 EUR." in words
    assert "Here: 25.00 EUR + 100.00 EUR = 125.00 EUR." in told(
        policy(Preset.EXTENDED, {"grace.renew_after.percent": 50})
    )
    assert "Renewing after the deadline costs the full price and no fee." in told(policy())


def test_a_fee_is_flat_or_in_proportion_and_never_above_its_cap() -> None:
    price = Money(10_000, "EUR")

    def fee(**said: Any) -> Money:
        document = {f"grace.renew_after.{key}": value for key, value in said.items()}
        return late_fee(policy(document=document), price=price, grace_days=15, period_days=31).value

    assert fee() == Money(0, "EUR")
    assert fee(percent=100) == Money(4_839, "EUR")
    assert fee(percent=10, basis="flat") == Money(1_000, "EUR")
    assert fee(percent=100, cap={"amount": 2_000, "currency": "EUR"}) == Money(2_000, "EUR")
    assert fee(percent=100, cap={"amount": 2_000, "currency": "USD"}) == Money(4_839, "EUR")


def test_numbers_agree_with_their_nouns() -> None:
    words = told(policy(document={"retry.offsets_days": [1], "grace.days": 1, "renewal.reminders_days": [7, 1]}))
    assert "A charge that fails is tried again 1 day after the first attempt." in words
    assert "The deadline is 1 day after the first attempt, at midnight." in words
    assert "The customer is reminded 7 and 1 day before the period ends." in words


def test_the_customer_reads_until_when_and_when_again() -> None:
    said = banner(policy(Preset.EXTENDED), first_on=date(2026, 4, 30), today=date(2026, 5, 1))
    assert [sentence_text(sentence, FORMATS) for sentence in said] == [
        "You have full access until 14 May.",
        "We try again on 3 May and 5 May.",
        "Your data is kept until 13 Jun.",
    ]
    after = banner(policy(Preset.EXTENDED), first_on=date(2026, 4, 30), today=date(2026, 5, 15))
    assert [sentence.code for sentence in after] == ["banner.after.freeze", "banner.data"]


def test_german_readers_read_german() -> None:
    with translation.override("de"):
        assert "In der Nachfrist hat der Kunde vollen Zugang." in told(policy())
        words = told(policy(Preset.LENIENT))
    assert "Eine gescheiterte Abbuchung wird 1, 3, 5, 7 und 10 Tage nach dem ersten Versuch wiederholt." in words
