"""Every amount can say in a plain sentence where it came from, in the reader's language and the currency's decimals."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from billing import wording
from billing.direction_words import direction_sentence
from billing.documents.states import LineKind
from billing.line_words import line_text
from billing.rules import addons, proration, taxing
from billing.rules.changes import lines
from billing.rules.coupons import COUPON
from billing.rules.opening import MOVED_IN
from billing.rules.proration import price_of_days, split_by_days, unused_value
from billing.rules.refunds.correcting import CORRECTED
from billing.rules.refunds.lines import SHARE_OF_DOCUMENT
from billing.tax.rules import amounts, places
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Period, Unit
from partnerpanel.policy.rules import late_fee
from partnerpanel.policy.rules.change import DirectionBy
from partnerpanel.policy.rules.resolution import Layer, Source, SourceKind, resolve
from subscriptions.rules.changes import Direction, PlanFacts, direction_of

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
DAY = date(2026, 3, 13)


def told(charged: Money, credited: int = 0, on: date = DAY) -> str:
    found = unused_value(charged=charged, credited=Money(credited, charged.currency), period=MARCH, on=on)
    return wording.sentence(found.value, found.why)


def test_unused_time_is_told_with_its_days() -> None:
    assert told(Money(10_000, "USD")) == "60.00 credit = 100.00 × 18/30 days unused"


@pytest.mark.parametrize(
    ("charged", "text"),
    [
        (Money(100_001, "JPY"), "60,001 credit = 100,001 × 18/30 days unused, rounded"),
        (Money(10_000, "BHD"), "6.000 credit = 10.000 × 18/30 days unused"),
        (Money(123_456_789, "EUR"), "740,740.73 credit = 1,234,567.89 × 18/30 days unused, rounded"),
        (Money(0, "EUR"), "No credit: nothing was charged for this period"),
    ],
    ids=str,
)
def test_amounts_have_the_decimals_of_their_currency_and_rounding_is_told(charged: Money, text: str) -> None:
    assert told(charged) == text


def test_what_earlier_credits_leave_is_told() -> None:
    assert told(Money(10_000, "USD"), 5_000) == ("50.00 credit = what is left of 100.00 after earlier credits of 50.00")


def test_a_price_by_days_names_its_percent_only_where_there_is_one() -> None:
    for percent, text in (
        (100, "50.00 = 100.00 × 15/30 days"),
        (50, "25.00 = 100.00 × 15/30 days × 50 %"),
    ):
        found = price_of_days(price=Money(10_000, "USD"), days=15, period_days=30, percent=percent)
        assert wording.sentence(found.value, found.why) == text


def test_a_split_names_all_its_parts() -> None:
    found = split_by_days(amount=Money(10_000, "USD"), period=MARCH, cuts=[DAY])
    assert wording.sentence(found.value, found.why) == "100.00 over 12 + 18 days = 40.00 + 60.00"


def test_it_speaks_the_language_of_the_page() -> None:
    with translation.override("de"):
        assert told(Money(10_000_000, "EUR")) == "60.000,00 Gutschrift = 100.000,00 × 18/30 Tage ungenutzt"


@pytest.mark.parametrize(
    ("amount", "part", "left", "text"),
    [
        (3_000, 1_000, 9_000, "10.00 credit = this line’s share of 30.00, of 90.00 left on INV-000001"),
        (3_000, 3_000, 3_000, "10.00 credit = all that was left on INV-000001"),
        (3_000, 3_000, 9_000, "10.00 credit, of 90.00 left on INV-000001"),
    ],
    ids=("a share", "the rest", "one line"),
)
def test_a_part_of_a_document_is_told_with_what_was_left_of_it(amount: int, part: int, left: int, text: str) -> None:
    inputs = {"document": "INV-000001"} | {
        name: str(Money(value, "EUR")) for name, value in (("amount", amount), ("part", part), ("left", left))
    }
    assert wording.sentence(Money(1_000, "EUR"), Derivation(SHARE_OF_DOCUMENT, inputs)) == text


def test_a_line_of_a_correction_tells_how_it_came_about_on_the_document_before() -> None:
    before = unused_value(charged=Money(10_000, "USD"), credited=Money(0, "USD"), period=MARCH, on=DAY)
    again = Derivation(CORRECTED, {"document": "INV-000007"}, parts=(before.why,))
    assert wording.sentence(before.value, again) == (
        "60.00 credit = 100.00 × 18/30 days unused; as on INV-000007, which is corrected by this"
    )
    rest = Derivation(CORRECTED, {"document": "INV-000007"})
    assert wording.sentence(Money(5_000, "USD"), rest) == (
        "50.00 = what was left of it on INV-000007, which is corrected by this"
    )


def test_every_rule_has_its_sentence_and_an_unknown_one_is_an_error() -> None:
    assert set(wording.SENTENCES) == {
        proration.UNUSED_VALUE,
        proration.UNUSED_ALLOWANCE,
        proration.PRICE_OF_DAYS,
        proration.SPLIT_BY_DAYS,
        addons.PRICE_FOR_PERIOD,
        COUPON,
        lines.REVERSAL,
        late_fee.LATE_FEE,
        taxing.NET_OF_PRICE,
        amounts.TAX_ADDED,
        amounts.TAX_CONTAINED,
        amounts.TAX_TAKEN_BACK,
        places.TAX_REVERSE_CHARGE,
        places.TAX_EXEMPT,
        places.TAX_EXPORT,
        places.TAX_NO_RATE,
        SHARE_OF_DOCUMENT,
        CORRECTED,
        MOVED_IN,
    }
    with pytest.raises(KeyError):
        wording.sentence(Money(1, "EUR"), Derivation("no_such_rule"))


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ({"percent": 100}, "50.00 for 15 days of grace = 100.00 × 15/30 days"),
        ({"percent": 50}, "25.00 for 15 days of grace = 100.00 × 15/30 days × 50 %"),
        ({"percent": 20, "basis": "flat"}, "20.00 for renewing after the deadline = 100.00 × 20 %"),
        (
            {"percent": 100, "cap": {"amount": 3_000, "currency": "EUR"}},
            "30.00 for renewing after the deadline: never more than that",
        ),
    ],
    ids=str,
)
def test_a_fee_for_being_late_is_told_with_its_days(keys: dict[str, Any], text: str) -> None:
    policy = resolve(
        [Layer(Source(SourceKind.PARTNER, "p", 1), {f"grace.renew_after.{key}": value for key, value in keys.items()})]
    )
    fee = late_fee.late_fee(policy, price=Money(10_000, "EUR"), grace_days=15, period_days=30)
    assert wording.sentence(fee.value, fee.why) == text


@pytest.mark.parametrize(
    ("value", "amount", "left", "text"),
    [
        ("-150.00", "150.00", "150.00", "150.00 credit = all of it on INV-000007"),
        ("-90.00", "150.00", "90.00", "90.00 credit = what is left of 150.00 on INV-000007 after earlier credits"),
        ("60.00", "-60.00", "-60.00", "60.00 = the credit of INV-000007, taken back"),
    ],
)
def test_what_is_taken_back_names_its_document(value: str, amount: str, left: str, text: str) -> None:
    why = Derivation(lines.REVERSAL, {"amount": f"{amount} EUR", "left": f"{left} EUR", "document": "INV-000007"})
    assert wording.sentence(Money.parse(value, "EUR"), why) == text


def test_a_credit_below_zero_is_told_by_its_size() -> None:
    found = unused_value(charged=Money(10_000, "EUR"), credited=Money(0, "EUR"), period=MARCH, on=DAY)
    assert wording.sentence(-found.value, found.why) == "60.00 credit = 100.00 × 18/30 days unused"


@pytest.mark.parametrize(
    ("kind", "gives_back", "text"),
    [
        (LineKind.PLAN, False, "Basic × 2, Mar 1, 2026 – Mar 31, 2026"),
        (LineKind.UNUSED, True, "Unused time: Basic × 2, Mar 1, 2026 – Mar 31, 2026"),
        (LineKind.DAYS, False, "Days added: Basic × 2, Mar 1, 2026 – Mar 31, 2026"),
        (LineKind.DAYS, True, "Days given back: Basic × 2, Mar 1, 2026 – Mar 31, 2026"),
        (LineKind.REVERSAL, True, "Taken back: Basic × 2, Mar 1, 2026 – Mar 31, 2026"),
        (LineKind.REVERSAL, False, "Credit taken back: Basic × 2, Mar 1, 2026 – Mar 31, 2026"),
        (LineKind.FEE, False, "Fee for renewing late: Basic × 2, Mar 1, 2026 – Mar 31, 2026"),
    ],
)
def test_a_line_says_what_it_is_for(kind: LineKind, gives_back: bool, text: str) -> None:
    assert line_text(kind, "Basic", MARCH, gives_back=gives_back, quantity=2) == text


def plan(name: str, rank: int, price: int, unit: Unit = Unit.DAY, count: int = 30) -> PlanFacts:
    product = UUID(int=1)
    return PlanFacts(UUID(int=rank), product, name, Interval(unit, count), rank, Money(price, "EUR"))


@pytest.mark.parametrize(
    ("old", "new", "by", "text"),
    [
        (plan("S", 1, 100), plan("M", 2, 50), DirectionBy.RANK_THEN_PRICE, "An upgrade: M ranks above S."),
        (plan("M", 2, 50), plan("S", 1, 100), DirectionBy.RANK_THEN_PRICE, "A downgrade: S ranks below M."),
        (plan("S", 1, 3000), plan("M", 1, 6000), DirectionBy.PRICE, "An upgrade: M costs 2.00 a day, S 1.00."),
        (plan("M", 1, 6000), plan("S", 2, 3000), DirectionBy.PRICE, "A downgrade: S costs 1.00 a day, M 2.00."),
        (
            plan("S", 1, 3000),
            plan("T", 1, 3000),
            DirectionBy.PRICE,
            "Neither up nor down: T costs 1.00 a day, as S does.",
        ),
    ],
    ids=str,
)
def test_the_direction_of_a_change_is_told_with_its_reason(
    old: PlanFacts, new: PlanFacts, by: DirectionBy, text: str
) -> None:
    found = direction_of(old, new, by)
    assert direction_sentence(found.value, found.why, before=old.name, after=new.name) == text


def test_a_direction_that_somebody_stated_says_so() -> None:
    why = Derivation("direction_of_change", {"by": "caller", "before": "", "after": ""})
    assert direction_sentence(Direction.UP, why, before="S", after="M") == "An upgrade, as asked for."
