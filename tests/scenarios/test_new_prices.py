"""A new price for what is held: told beforehand, paid from its day on, and never for a period that runs."""

from __future__ import annotations

from datetime import date

import pytest

from billing.models import InvoiceLine
from billing.queries.change_facts import load_changes
from billing.rules.changes.plan_change import ChangeWish, plan_change
from billing.rules.changes.price_notice import (
    Holders,
    PriceWish,
    first_period_on,
    plan_price_notice,
    plan_price_withdrawn,
)
from billing.rules.changes.refusals import CannotChange
from billing.rules.explain import derivation_from
from billing.wording import sentence
from partnerpanel.events.models import Event
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.change import When
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Movement
from tests.scenarios.conftest import Tell
from tests.scenarios.story import Story
from tests.scenarios.test_mails_of_changes import other_plan


def announces(
    story: Story,
    price: str,
    on: str,
    *,
    notice_days: int = 0,
    holders: Holders = Holders.EVERYBODY,
    list_price: str = "",
) -> Story:
    currency = story.row().currency
    wish = PriceWish(
        unit=Money.parse(price, currency),
        list_price=Money.parse(list_price, currency) if list_price else None,
        from_on=date.fromisoformat(on),
        notice_days=notice_days,
        holders=holders,
    )
    return story.does(lambda facts, _: plan_price_notice(facts, wish, now=story.now))


def withdraws(story: Story) -> Story:
    return story.does(lambda facts, _: plan_price_withdrawn(facts, now=story.now))


def movements(story: Story) -> list[tuple[str, int]]:
    with tenant(story.twin.pk):
        rows = Movement.objects.for_partner(story.twin.pk).order_by("occurred_at", "pk")
        return list(rows.values_list("kind", "amount"))


def explained(story: Story) -> str:
    """How the newest line came about."""
    with tenant(story.twin.pk):
        line = InvoiceLine.objects.for_partner(story.twin.pk).select_related("invoice").order_by("-invoice__number")[0]
        return sentence(Money(line.amount, line.invoice.currency), derivation_from(line.derivation))


def test_the_period_that_begins_on_the_day_costs_the_new_price(story: Story) -> None:
    story.on("2026-01-31").starts()
    announces(story, "45.00", "2026-03-31").expects(mails=["price_announced"])
    story.on("2026-02-28").expects(charged="30.00 EUR", mails=["payment_received"])
    story.on("2026-03-31").expects(charged="45.00 EUR", until="2026-04-30")
    row = story.row()
    assert (row.price_amount, row.next_price_amount, row.next_price_from) == (4500, None, None)
    assert row.price_is_agreed
    assert movements(story) == [("new", 3000), ("expansion", 1500)]
    story.on("2026-04-30").expects(charged="45.00 EUR")


def test_the_line_says_since_when_and_when_it_was_announced(story: Story) -> None:
    story.on("2026-02-01").starts()
    announces(story, "45.00", "2026-03-01").on("2026-03-01")
    assert explained(story) == (
        "45.00 = Basic, 1 × 45.00 for Mar 1, 2026 – Apr 1, 2026; price since Mar 1, 2026, announced on Feb 1, 2026"
    )
    story.on("2026-04-01")
    assert "price since" not in explained(story)


def test_a_period_that_begins_the_day_before_costs_the_old_one(story: Story) -> None:
    story.on("2026-01-10").starts()
    announces(story, "20.00", "2026-02-11")
    story.on("2026-02-10").expects(charged="30.00 EUR").on("2026-03-10").expects(charged="20.00 EUR")
    assert movements(story) == [("new", 3000), ("contraction", -1000)]


def test_the_reminder_and_the_forecast_name_the_new_amount(story: Story) -> None:
    story.on("2026-01-10").starts()
    announces(story, "45.00", "2026-02-10").on("2026-02-07").expects(mails=["renewal_near"])
    with tenant(story.twin.pk):
        event = Event.objects.for_partner(story.twin.pk).get(kind="subscription.renewal_near")
        assert event.data["amount"] == [4500, "EUR"]


def test_periods_missed_in_an_outage_cost_what_was_announced_for_each(story: Story) -> None:
    story.on("2026-01-10").starts()
    announces(story, "45.00", "2026-03-10").outage("2026-02-09", "2026-04-15")
    with tenant(story.twin.pk):
        lines = InvoiceLine.objects.for_partner(story.twin.pk).order_by("invoice__number")
        assert list(lines.values_list("amount", flat=True)) == [3000, 4500, 4500]
    story.expects(until="2026-05-10")
    assert movements(story) == [("new", 3000), ("expansion", 1500)]


def test_a_trial_that_ends_after_the_day_begins_at_the_new_price(story: Story) -> None:
    story.on("2026-01-10").starts(trial_until="2026-02-10")
    announces(story, "45.00", "2026-02-01").on("2026-02-10").expects(charged="45.00 EUR", lifecycle="active")
    assert movements(story) == [("new", 4500)]


def test_a_currency_without_decimals(story_in: Tell) -> None:
    story = story_in("Asia/Tokyo", currency="JPY").on("2026-01-31").starts(plan="monthly 1000 JPY")
    announces(story, "1500", "2026-02-28").on("2026-02-28").expects(charged="1500 JPY")


def test_a_quantity_pays_the_new_price_for_each(story: Story) -> None:
    story.on("2026-01-10").starts(quantity=3)
    announces(story, "45.00", "2026-02-10").on("2026-02-10").expects(charged="135.00 EUR")
    assert story.row().price_amount == 4500


def test_what_is_unpaid_when_the_day_passes_stays_at_its_price(story: Story) -> None:
    story.policy("standard", grace__days=20).on("2026-01-31").starts(card="declines later")
    announces(story, "45.00", "2026-03-05").on("2026-03-01").expects(collection="retrying")
    story.on("2026-03-06").pays("30.00 EUR").expects(collection="current", charged="30.00 EUR")
    assert (story.row().price_amount, story.row().next_price_amount) == (3000, 4500)


def test_after_the_deadline_it_is_bought_anew_at_the_new_price(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines later")
    announces(story, "45.00", "2026-03-05").on("2026-03-10").expects(access="blocked", invoices=["void"])
    story.pays("45.00 EUR").expects(access="open", charged="45.00 EUR", until="2026-04-10")
    assert story.row().price_amount == 4500
    assert movements(story) == [("new", 3000), ("expansion", 1500)]


def test_a_declined_period_at_the_new_price_costs_it_when_it_is_paid(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines later")
    announces(story, "45.00", "2026-02-28").on("2026-02-28").expects(collection="retrying")
    assert (story.row().price_amount, story.row().next_price_amount) == (3000, 4500)
    story.replaces_card("ok").expects(charged="45.00 EUR", collection="current")
    assert (story.row().price_amount, story.row().next_price_amount) == (4500, None)


def test_the_balance_pays_the_new_price_too(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines later").on("2026-03-01").pays("100.00 EUR")
    announces(story, "45.00", "2026-03-31").on("2026-03-31").expects(charged=None, balance="25.00 EUR")
    assert story.row().price_amount == 4500


def test_money_from_outside_buys_each_period_at_its_price(story: Story) -> None:
    story.on("2026-01-10").starts()
    announces(story, "45.00", "2026-03-10")
    story.extends(months=3, paid="120.00 EUR").expects(until="2026-05-10", charged="120.00 EUR")
    story.on("2026-05-10").expects(charged="45.00 EUR")
    assert story.row().price_amount == 4500


def test_a_change_of_plan_does_without_the_price_that_was_announced(story: Story) -> None:
    story.on("2026-01-10").starts()
    announces(story, "45.00", "2026-02-10")
    deal = other_plan(story, "Business", "60.00")
    story.does(lambda facts, ids: plan_change(facts, ChangeWish(deal, When.PERIOD_END), ids=ids, now=story.now))
    assert story.row().next_price_amount == 4500
    story.on("2026-02-10").expects(charged="60.00 EUR")
    assert (story.row().price_amount, story.row().next_price_amount) == (6000, None)


def test_a_billing_date_moved_keeps_what_is_announced(story: Story) -> None:
    story.on("2026-01-10").starts()
    announces(story, "45.00", "2026-02-15").is_billed_on("2026-02-20")
    story.on("2026-02-20").expects(charged="45.00 EUR")


def test_cancelled_and_kept_after_all_it_costs_the_new_price(story: Story) -> None:
    story.on("2026-01-10").starts()
    announces(story, "45.00", "2026-02-10").cancels().keeps().on("2026-02-10").expects(charged="45.00 EUR")


def test_a_pause_over_the_day_resumes_at_the_new_price(story: Story) -> None:
    story.on("2026-01-10").starts().pauses(until="2026-03-01")
    announces(story, "45.00", "2026-02-15").on("2026-03-01").expects(charged="45.00 EUR")


def test_withdrawn_before_its_day_it_stays_at_the_old_price(story: Story) -> None:
    story.on("2026-01-10").starts()
    withdraws(announces(story, "45.00", "2026-02-10")).expects(mails=["price_announced", "price_withdrawn"])
    story.on("2026-02-10").expects(charged="30.00 EUR")
    with pytest.raises(CannotChange, match="No new price"):
        withdraws(story)


def test_from_its_day_on_it_cannot_be_withdrawn(story: Story) -> None:
    story.on("2026-01-10").starts(plan="yearly 300.00 EUR")
    announces(story, "400.00", "2026-02-10").on("2026-02-10")
    with pytest.raises(CannotChange) as refused:
        withdraws(story)
    assert refused.value.reason == "price_in_effect"


def test_a_later_announcement_takes_the_place_of_an_earlier_one(story: Story) -> None:
    story.on("2026-01-10").starts()
    announces(story, "45.00", "2026-02-10")
    announces(story, "40.00", "2026-03-10")
    story.on("2026-02-10").expects(charged="30.00 EUR").on("2026-03-10").expects(charged="40.00 EUR")


@pytest.mark.parametrize(
    ("from_on", "first"),
    [
        ("2026-02-28", "2026-02-28"),
        ("2026-02-27", "2026-02-28"),
        ("2026-03-01", "2026-03-31"),
        ("2026-05-01", "2026-05-31"),
    ],
)
def test_the_first_day_at_the_new_price_follows_the_anchor(story: Story, from_on: str, first: str) -> None:
    story.on("2026-01-31").starts()
    with tenant(story.twin.pk):
        facts = load_changes(story.twin.pk, [story.subscription], now=story.now)[story.subscription]
    assert first_period_on(facts.billing, date.fromisoformat(from_on)) == date.fromisoformat(first)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("notice", "notice_too_short"),
        ("today", "notice_too_short"),
        ("same", "same_price"),
        ("own", "own_price"),
        ("list", "at_list_price"),
        ("cancelling", "cancelling"),
        ("ended", "already_ended"),
        ("changing", "change_open"),
        ("again", "announced_already"),
    ],
)
def test_refused_with_a_reason(story: Story, case: str, reason: str) -> None:
    story.on("2026-01-10").starts()
    match case:
        case "cancelling":
            story.cancels()
        case "ended":
            story.cancels("now")
        case "changing":
            deal = other_plan(story, "Business", "60.00")
            story.does(lambda facts, ids: plan_change(facts, ChangeWish(deal, When.PERIOD_END), ids=ids, now=story.now))
        case "again":
            announces(story, "45.00", "2026-03-10")
        case "list":
            story.wishes(price_is_agreed=False)
    with pytest.raises(CannotChange) as refused:
        announces(
            story,
            "30.00" if case == "same" else "45.00",
            "2026-01-10" if case == "today" else "2026-03-10",
            notice_days=60 if case == "notice" else 0,
            holders={"own": Holders.AT_LIST, "list": Holders.UNLIKE_LIST}.get(case, Holders.EVERYBODY),
            list_price="30.00" if case == "list" else "",
        )
    assert refused.value.reason == reason
