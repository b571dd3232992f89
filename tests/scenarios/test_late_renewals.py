"""Renewing after the deadline: the fee, by the worked examples, and its cap and waiver."""

from __future__ import annotations

import pytest

from billing.documents.states import PaymentSource
from billing.models import InvoiceLine
from billing.services.pay import NotWaivable, record_payment
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import tenant
from tests.scenarios.story import Story


def pays_late(story: Story, amount: str, *, waive_fee: bool = False) -> list[tuple[str, int]]:
    """Books so much for what is owed; the lines of the invoice that it paid."""
    record_payment(
        story.subscription,
        amount=Money.parse(amount, "EUR"),
        source=PaymentSource.BANK,
        received_on=story.today,
        note="as the bank says",
        actor=story.world.system,
        now=story.now,
        waive_fee=waive_fee,
    )
    with tenant(story.twin.pk):
        rows = InvoiceLine.objects.for_partner(story.twin.pk).filter(invoice__status="paid")
        return list(rows.order_by("invoice__number", "position").values_list("kind", "amount"))


def late(story: Story, **policy: object) -> Story:
    """100.00 for 30 days, unpaid on 31 January; 15 days of grace end on 15 February; it is 20 February."""
    return (
        story.policy("extended", **policy)
        .on("2024-01-01")
        .starts("30-day 100.00 EUR", card="declines")
        .on("2024-02-20")
        .expects(collection="delinquent", access="blocked")
    )


def test_a_hundred_percent_of_the_days_of_grace(story: Story) -> None:
    # 15 of 30 days: 50.00, and the full price from the day of the payment.
    assert pays_late(late(story), "150.00") == [("plan", 100_00), ("fee", 50_00)]
    story.catches_up().expects(
        collection="current", access="open", periods=[("2024-01-01", "2024-01-31"), ("2024-02-20", "2024-03-21")]
    )


def test_half_of_it(story: Story) -> None:
    assert pays_late(late(story, grace__renew_after__percent=50), "125.00") == [("plan", 100_00), ("fee", 25_00)]


def test_a_share_of_the_whole_price(story: Story) -> None:
    policy = {"grace__renew_after__basis": "flat", "grace__renew_after__percent": 20}
    assert pays_late(late(story, **policy), "120.00") == [("plan", 100_00), ("fee", 20_00)]


def test_never_more_than_the_cap(story: Story) -> None:
    policy = {"grace__renew_after__cap": {"amount": 3_000, "currency": "EUR"}}
    assert pays_late(late(story, **policy), "130.00") == [("plan", 100_00), ("fee", 30_00)]


def test_waived_only_the_price_is_left(story: Story) -> None:
    assert pays_late(late(story), "100.00", waive_fee=True) == [("plan", 100_00)]


def test_a_policy_may_allow_no_waiver(story: Story) -> None:
    with pytest.raises(NotWaivable):
        pays_late(late(story, grace__renew_after__waivable=False), "100.00", waive_fee=True)
    story.expects(collection="delinquent")


def test_a_new_card_after_the_deadline_pays_the_fee_too(story: Story) -> None:
    late(story).replaces_card("ok").expects(charged="150.00 EUR", collection="current", access="open")


def test_by_the_standard_policy_nothing_is_asked_for_being_late(story: Story) -> None:
    story.on("2024-01-01").starts("30-day 100.00 EUR", card="declines").on("2024-02-20")
    assert pays_late(story, "100.00") == [("plan", 100_00)]
