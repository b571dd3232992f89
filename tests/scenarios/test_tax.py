"""Calendars of subscriptions that are taxed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing.models import InvoiceLine
from billing.tax.services import new_version
from partnerpanel.events.models import Event
from partnerpanel.tenancy.scope import tenant
from tests.scenarios.conftest import Tell
from tests.scenarios.story import Story
from tests.taxing import charges_tax

pytestmark = pytest.mark.django_db(transaction=True)


def lines(story: Story) -> list[tuple[str, int, int]]:
    """Kind, net and tax of every line, in the order of their invoices."""
    with tenant(story.twin.pk):
        rows = InvoiceLine.objects.for_partner(story.twin.pk).order_by("invoice__number", "position")
        return list(rows.values_list("kind", "amount", "tax_amount"))


def test_a_new_percentage_counts_from_the_first_renewal_of_its_time(story: Story) -> None:
    rate = charges_tax(story.world, "19")
    with tenant(story.twin.pk):
        new_version(
            rate, percent=Decimal(16), valid_from=date(2024, 4, 1), actor=story.world.system, now=story.world.now
        )
    story.on("2024-01-31").starts(plan="monthly 30.00 EUR")
    story.on("2024-02-29").expects(charged="35.70 EUR")
    story.on("2024-03-31").expects(charged="35.70 EUR")
    story.on("2024-04-30").expects(charged="34.80 EUR")
    assert lines(story) == [("plan", 3000, 570), ("plan", 3000, 570), ("plan", 3000, 480)]
    with tenant(story.twin.pk):
        reminders = Event.objects.for_partner(story.twin.pk).filter(kind="subscription.renewal_near")
        said = [event.data["amount"][0] for event in reminders.order_by("pk")]
    assert said == [3570, 3570, 3480]


def test_the_fee_for_renewing_late_is_taxed_like_the_price(story: Story) -> None:
    charges_tax(story.world, "20")
    story.policy("extended")
    story.on("2024-01-01").starts(plan="30-day 100.00 EUR", card="declines")
    story.on("2024-02-20").pays("180.00 EUR").expects(access="open", invoices=["void", "paid"])
    assert lines(story)[1:] == [("plan", 10_000, 2_000), ("fee", 5_000, 1_000)]


def test_a_yen_price_contains_its_tax(story_in: Tell) -> None:
    story = story_in("Asia/Tokyo", currency="JPY", country="JP")
    charges_tax(story.world, "10", inclusive=True)
    story.on("2024-01-10").starts(plan="monthly 1099 JPY")
    story.on("2024-02-10").expects(charged="1099 JPY")
    assert lines(story) == [("plan", 999, 100)]
