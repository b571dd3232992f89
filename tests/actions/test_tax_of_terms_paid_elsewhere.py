"""What was paid where a customer came from goes back with its tax: it was the same seller's sale."""

from __future__ import annotations

import pytest

from billing.rules.changes.cancelling import CancelReason, CancelWhen
from partnerpanel.actions.cancel import Cancel
from partnerpanel.kernel.clock import local_date
from tests.actions.selling import Shop, books_balance
from tests.actions.test_tax_of_changes import note_lines, tax_lines
from tests.people import Team
from tests.taxing import charges_tax, registers, taxes
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)

PRESUMED = "10.80 = the tax of 18.00 × 60.00/100.00, as a sale of Mar 3, 2026 here would have had"


def test_an_upgrade_from_it_costs_what_the_worked_example_says(world: World, team: Team) -> None:
    charges_tax(world)
    buyer = Shop(world, team.owner).buyer("Basic", days_ago=12)
    buyer.changes("Business")
    assert buyer.charged == ["106.20"]
    assert tax_lines(world)[1] == ("-60.00", "-10.80", [PRESUMED])
    books_balance(world)


def test_what_contains_its_tax_is_taken_apart_like_a_sale_here(world: World, team: Team) -> None:
    charges_tax(world, inclusive=True)
    buyer = Shop(world, team.owner).buyer("Basic", days_ago=12)
    buyer.changes("Business")
    # 150.00 - 60.00, both with their tax in them.
    assert buyer.charged == ["90.00"]


def test_where_rates_were_set_after_it_began_the_first_of_them_count(world: World, team: Team) -> None:
    registers(world)
    taxes(world, "18", since=local_date(NOW, world.partner.timezone))
    buyer = Shop(world, team.owner).buyer("Basic", days_ago=12)
    buyer.changes("Business")
    assert buyer.charged == ["106.20"]


def test_what_is_left_of_it_when_it_ends_goes_back_with_its_tax(world: World, team: Team) -> None:
    charges_tax(world)
    buyer = Shop(world, team.owner).buyer("Basic", days_ago=12)
    buyer.does(Cancel(buyer.target, CancelWhen.NOW, CancelReason.UNUSED, credit_unused=True))
    assert note_lines(world) == [("60.00", "10.80", [PRESUMED])]
    assert buyer.balance == "70.80"
    books_balance(world)


def test_of_a_partner_that_is_not_registered_it_goes_back_without_tax(world: World, team: Team) -> None:
    buyer = Shop(world, team.owner).buyer("Basic", days_ago=12)
    buyer.changes("Business")
    assert buyer.charged == ["90.00"]
    assert tax_lines(world)[1] == ("-60.00", "0.00", [])


def test_a_buyer_for_whom_no_rate_is_set_reads_why(world: World, team: Team) -> None:
    registers(world)
    buyer = Shop(world, team.owner).buyer("Basic", days_ago=12)
    buyer.changes("Business")
    why = "No tax: no rate is set for DE on that day"
    assert tax_lines(world) == [("150.00", "0.00", [why]), ("-60.00", "0.00", [why])]
