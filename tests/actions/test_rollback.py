"""A change of plan is taken back: whole, by the unused days, or without money."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from partnerpanel.actions import door
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.change import Anchor, RollbackMoney, When
from partnerpanel.tenancy.scope import tenant
from subscriptions.services.archive import archive_plan
from tests.actions.carry_out import everything
from tests.actions.selling import Shop, books_balance
from tests.people import Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 3, 15)
BEGAN = TODAY - timedelta(days=12)
ENDS = BEGAN + timedelta(days=30)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def refusals(shop: Shop, verb: object) -> list[str]:
    return [one.code for one in door.preview(verb, actor=shop.person.actor, now=shop.now).refusals]  # type: ignore[arg-type]


def test_the_documents_of_the_change_are_credited_and_plan_period_and_anchor_return(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.changes("Business")
    shop.now = NOW + timedelta(days=3)

    shown = buyer.preview(buyer.back_to())
    assert shown.planned is not None
    assert [(line.kind.value, str(line.amount.major)) for line in shown.planned.lines] == [
        ("reversal", "-150.00"),
        ("reversal", "60.00"),
    ]
    assert (shown.after.plan_name, str(shown.planned.to_balance)) == ("Basic", "90.00 EUR")
    buyer.rolls_back()

    assert (buyer.plan, buyer.balance, buyer.credit_notes) == ("Basic", "90.00", ["90.00"])
    assert buyer.terms == [(BEGAN, TODAY), (TODAY, ENDS)]
    assert buyer.row().anchor_on == BEGAN
    assert buyer.changes_made == [("plan", "reversed"), ("rollback", "applied")]
    assert [kind for kind, _ in buyer.movements] == ["new", "expansion", "contraction"]
    books_balance(shop.world)
    # The old line runs again: its unused days can be given back, from the day on which that is asked.
    shown = buyer.preview(buyer.to("Business"))
    assert shown.planned is not None
    assert [str(line.amount.major) for line in shown.planned.lines] == ["150.00", "-50.00"]


def test_a_change_that_kept_the_period_is_taken_back_without_moving_a_date(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.changes("Business", When.IMMEDIATE, anchor=Anchor.KEEP)
    buyer.rolls_back()
    assert (buyer.plan, buyer.balance, buyer.terms) == ("Basic", "30.00", [(BEGAN, ENDS)])


def test_a_credit_that_the_change_gave_is_taken_back_from_the_balance(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.changes("Starter", When.IMMEDIATE, anchor=Anchor.KEEP)
    assert buyer.balance == "36.00"
    buyer.rolls_back()
    assert (buyer.plan, buyer.balance, buyer.charged) == ("Basic", "0.00", [])
    books_balance(shop.world)


def test_where_a_period_was_billed_since_what_its_rest_cost_more_is_credited_too(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.changes("Business")
    buyer.lives_until(NOW + timedelta(days=40))
    assert buyer.charged == ["90.00", "150.00"]

    buyer.rolls_back()
    # 90.00 for the change; of the period that runs 20 of 30 days are left: 150.00 against 100.00.
    assert (buyer.plan, buyer.balance) == ("Basic", "123.33")
    # Paid until then, so the dates stay.
    assert buyer.terms[-1] == (TODAY + timedelta(days=30), TODAY + timedelta(days=60))
    books_balance(shop.world)


def test_where_the_old_period_is_over_by_now_the_next_invoice_comes_at_once(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.changes("Business")
    buyer.lives_until(NOW + timedelta(days=25))
    shown = buyer.preview(buyer.back_to())
    assert "next_invoice_at_once" in shown.warnings
    assert (shown.after.next.on, str(shown.after.next.amount)) == (TODAY + timedelta(days=25), "10.00 EUR")
    buyer.rolls_back()
    buyer.lives_until(NOW + timedelta(days=26))
    assert buyer.charged == ["90.00", "10.00"]
    assert buyer.terms == [(BEGAN, TODAY), (TODAY, ENDS), (ENDS, ENDS + timedelta(days=30))]


def test_to_a_lower_plan_that_was_never_held_the_unused_days_are_credited(shop: Shop) -> None:
    buyer = shop.buyer("Business", days_ago=12)
    buyer.rolls_back("Starter")
    # 150.00 × 18/30 against 40.00 × 18/30.
    assert (buyer.plan, buyer.balance, buyer.terms) == ("Starter", "66.00", [(BEGAN, ENDS)])
    books_balance(shop.world)


def test_without_money_only_the_plan_returns(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.changes("Business")
    before = buyer.terms
    buyer.rolls_back("Basic", RollbackMoney.NONE)
    assert (buyer.plan, buyer.balance, buyer.terms) == ("Basic", "0", before)
    assert buyer.charged == ["90.00"]


def test_an_archived_plan_comes_back_for_who_had_it(shop: Shop) -> None:
    buyer, stranger = shop.buyer("Basic"), shop.buyer("Business")
    buyer.changes("Business")
    with tenant(shop.world.id):
        archive_plan(shop.plans["Basic"], actor=shop.person.actor, now=shop.now)
    assert refusals(shop, stranger.back_to("Basic")) == ["not_sellable"]
    buyer.rolls_back("Basic")
    assert buyer.plan == "Basic"


def test_the_agreed_price_comes_back_with_the_plan(shop: Shop) -> None:
    buyer = shop.buyer("Basic", price=Money.parse("80.00", "EUR"))
    buyer.changes("Business")
    assert not buyer.row().price_is_agreed
    buyer.rolls_back()
    assert (str(buyer.row().price), buyer.row().price_is_agreed) == ("80.00 EUR", True)


def test_in_an_unpaid_period_the_renewal_is_billed_anew_by_the_earlier_plan(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12, card="sandbox_declines_on_renewal")
    buyer.changes("Business", When.IMMEDIATE, anchor=Anchor.KEEP)
    assert buyer.plan == "Basic"


def test_nothing_to_roll_back_to_is_said_and_nothing_is_written(shop: Shop) -> None:
    buyer = shop.buyer("Basic")
    before = everything(shop.world)
    assert refusals(shop, buyer.back_to()) == ["nothing_to_roll_back_to"]
    assert refusals(shop, buyer.back_to("Business")) == ["nothing_to_roll_back_to"]
    assert refusals(shop, buyer.back_to("Starter", RollbackMoney.REVERSE_CHANGE)) == ["nothing_to_reverse"]
    with pytest.raises(door.Refused):
        door.commit(buyer.back_to(), quote=None, actor=shop.person.actor, now=shop.now)
    assert everything(shop.world) == before


def test_a_change_and_its_rollback_over_and_over_end_where_they_began(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    for _ in range(4):
        buyer.changes("Business")
        buyer.rolls_back()
        books_balance(shop.world)
    assert (buyer.plan, buyer.terms, buyer.charged) == ("Basic", [(BEGAN, TODAY), (TODAY, ENDS)], ["90.00"])
    assert buyer.balance == "90.00"
