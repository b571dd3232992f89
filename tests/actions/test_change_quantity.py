"""More or fewer of a plan: at once for the days that are left, or with the next billing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from billing.rules.changes.outcome import ChangeCaution
from partnerpanel.actions import door
from partnerpanel.actions.change_quantity import ChangeQuantity
from partnerpanel.actions.undo import Undo
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import NotFound
from partnerpanel.policy.rules.change import When
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Buyer, Shop, books_balance
from tests.people import Team
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def to(buyer: Buyer, quantity: int, when: When | None = None) -> ChangeQuantity:
    return ChangeQuantity(buyer.target, quantity, when)


def test_more_costs_the_days_that_are_left_and_the_period_stays(shop: Shop) -> None:
    buyer = shop.buyer("Basic", quantity=2)
    [before] = buyer.terms
    plan = buyer.preview(to(buyer, 5))
    # 18 of 30 days are left: 500.00 × 18/30 − 200.00 × 18/30.
    assert [str(line.amount.major) for line in plan.planned.lines] == ["300.00", "-120.00"]  # type: ignore[union-attr]
    buyer.does(to(buyer, 5))
    assert (buyer.row().quantity, buyer.terms, buyer.charged) == (5, [before], ["180.00"])
    assert buyer.changes_made == [("quantity", "applied")]
    assert buyer.movements[-1] == ("expansion", "304.16")
    assert shop.world.read_account(buyer.subscription).terms["quantity"] == 5
    books_balance(shop.world)


def test_twice_within_a_period_each_day_costs_what_it_should(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.does(to(buyer, 2))
    shop.now += timedelta(days=9)
    buyer.does(to(buyer, 3))
    # One more for 18 of 30 days, then one more for 9 of 30.
    assert buyer.charged == ["60.00", "30.00"]
    shop.now += timedelta(days=3)
    buyer.does(to(buyer, 1, When.IMMEDIATE))
    # Two fewer for the 6 days that are left.
    assert buyer.balance == "40.00"
    books_balance(shop.world)


def test_fewer_waits_for_the_next_billing(shop: Shop) -> None:
    buyer = shop.buyer("Basic", quantity=3)
    buyer.does(to(buyer, 1))
    assert (buyer.row().quantity, buyer.charged, buyer.changes_made) == (3, [], [("quantity", "scheduled")])
    buyer.lives_until(shop.now + timedelta(days=18))
    assert (buyer.row().quantity, buyer.charged) == (1, ["100.00"])
    assert buyer.movements[-1] == ("contraction", "-202.78")


def test_a_decline_leaves_the_quantity_and_voids_the_invoice(shop: Shop) -> None:
    buyer = shop.buyer("Basic", card="sandbox_soft_decline")
    buyer.does(to(buyer, 4))
    assert (buyer.row().quantity, buyer.invoices) == (1, [("void", "180.00")])


def test_it_is_undone_with_its_money(shop: Shop) -> None:
    buyer = shop.buyer("Basic")
    done = buyer.does(to(buyer, 2))
    with tenant(shop.world.id):
        undo = Undo.of(done.action_id, partner_id=shop.world.id)
    buyer.does(undo)
    assert (buyer.row().quantity, buyer.balance) == (1, "60.00")
    books_balance(shop.world)


@pytest.mark.parametrize("quantity", [0, 2])
def test_none_or_as_many_as_there_are_is_refused(shop: Shop, quantity: int) -> None:
    buyer = shop.buyer("Basic", quantity=2)
    quote = door.preview(to(buyer, quantity), actor=shop.person.actor, now=shop.now)
    assert [refusal.field for refusal in quote.refusals] == ["quantity"]


def test_the_mail_names_both_quantities(shop: Shop) -> None:
    buyer = shop.buyer("Basic", quantity=2)
    quote = door.preview(to(buyer, 5), actor=shop.person.actor, now=shop.now)
    assert any("5 instead of 2" in mail.title for mail in quote.mails)
    assert ChangeCaution.TAKES_EFFECT_WHEN_PAID in quote.warnings
    assert any("5 × Basic" in step.title for step in quote.steps)


def test_a_stranger_s_subscription_does_not_exist(shop: Shop, other_team: Team, other_world: World) -> None:
    theirs: UUID = other_world.subscription()
    customer = other_world.read_subscription(theirs).customer_id
    verb = ChangeQuantity((Target(customer, theirs),), 3)
    with pytest.raises(NotFound):
        door.preview(verb, actor=shop.person.actor, now=shop.now)
