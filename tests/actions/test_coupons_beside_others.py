"""A coupon beside whatever else happens to a subscription, and what it does to recurring revenue."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.documents.states import PaymentSource
from billing.models import InvoiceLine
from billing.rules.changes.cancelling import CancelReason, CancelWhen
from billing.services.pay import record_payment
from billing.tax.services import new_version
from partnerpanel.actions.addons import AddAddon
from partnerpanel.actions.billing_dates import MoveBillingDate
from partnerpanel.actions.cancel import Cancel
from partnerpanel.actions.coupons import ApplyCoupon, RemoveCoupon
from partnerpanel.actions.undo import Undo
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.change import Anchor
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.services import set_policy
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.movements import recurring_by_movements
from subscriptions.queries.overview import monthly_recurring
from subscriptions.rules.coupons import Discount
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon
from tests.actions.selling import Buyer, Shop, books_balance
from tests.actions.test_addons import sells
from tests.people import Team
from tests.taxing import charges_tax
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

HALF, QUARTER = Discount(percent=50, periods=None), Discount(percent=25, periods=None)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def holder(shop: Shop, discount: Discount = HALF, **other: Any) -> Buyer:
    """Somebody on Basic (100.00 for 30 days, 18 of them left) who has just redeemed a coupon."""
    with tenant(shop.world.id):
        create_coupon(CouponTerms("SPRING", discount), actor=shop.world.system, now=shop.now)
    buyer = shop.buyer("Basic", **other)
    buyer.does(ApplyCoupon(buyer.target, "spring"))
    return buyer


def lines(shop: Shop) -> list[tuple[str, int, int]]:
    """Kind, net and tax of the newest invoice's lines."""
    with tenant(shop.world.id):
        rows = InvoiceLine.objects.for_partner(shop.world.id).order_by("-invoice__number", "position")
        newest = [row for row in rows if row.invoice_id == rows[0].invoice_id]
        return [(row.kind, row.amount, row.tax_amount) for row in newest]


def recurring(shop: Shop) -> str:
    """A month, as the rows say and as movements add up to."""
    with tenant(shop.world.id):
        [found] = monthly_recurring(shop.world.id)
        assert recurring_by_movements(shop.world.id) == [found]
    books_balance(shop.world)
    return str(found.major)


def test_a_change_with_it_is_rolled_back_for_what_it_cost(shop: Shop) -> None:
    buyer = holder(shop)
    buyer.lives_until(shop.now + timedelta(days=18))
    buyer.lives_until(shop.now + timedelta(days=12))
    buyer.changes("Business", anchor=Anchor.RESET)
    # 75.00 for the new period less 50.00 × 18/30.
    assert buyer.charged == ["50.00", "45.00"]
    assert recurring(shop) == "76.04"
    buyer.lives_until(shop.now + timedelta(days=5))
    ends = buyer.terms[-1][1]
    buyer.rolls_back()
    assert (buyer.plan, buyer.balance) == ("Basic", "45.00")
    assert buyer.terms[-1][1] < ends
    assert recurring(shop) == "50.69"
    assert buyer.movements == [
        ("new", "101.39"),
        ("contraction", "-50.70"),
        ("expansion", "25.35"),
        ("contraction", "-25.35"),
    ]


def test_days_that_a_moved_date_adds_cost_their_part_of_what_the_period_cost(shop: Shop) -> None:
    buyer = holder(shop)
    buyer.lives_until(shop.now + timedelta(days=18))
    ends = buyer.terms[-1][1]
    buyer.does(MoveBillingDate(buyer.target, ends + timedelta(days=10)))
    # 50.00 × 10/30.
    assert buyer.charged == ["50.00", "16.67"]
    buyer.lives_until(shop.now + timedelta(days=40))
    assert buyer.charged[2:] == ["50.00"]
    assert recurring(shop) == "50.69"


def test_the_fee_for_renewing_late_is_counted_before_it(shop: Shop) -> None:
    with tenant(shop.world.id):
        set_policy(
            scope_kind=ScopeKind.PARTNER,
            scope_id=shop.world.id,
            preset="extended",
            document={},
            actor=shop.world.system,
            now=shop.now,
        )
    buyer = holder(shop, QUARTER, card="sandbox_declines_on_renewal")
    buyer.lives_until(shop.now + timedelta(days=40))
    record_payment(
        buyer.subscription,
        amount=Money.parse("125.00", "EUR"),
        source=PaymentSource.BANK,
        received_on=shop.now.date(),
        note="as the bank says",
        actor=shop.world.system,
        now=shop.now,
    )
    # 100.00 × 15/30 for being late, and 75.00 for the period.
    assert lines(shop) == [("plan", 7_500, 0), ("fee", 5_000, 0)]
    shop.world.drain(now=shop.now)
    assert recurring(shop) == "76.04"


def test_a_price_that_contains_its_tax_is_reduced_with_it(shop: Shop) -> None:
    charges_tax(shop.world, "19", inclusive=True)
    buyer = holder(shop, QUARTER)
    buyer.lives_until(shop.now + timedelta(days=18))
    assert buyer.charged == ["75.00"]
    assert lines(shop) == [("plan", 6_303, 1_197)]
    # 75.00 ÷ 1.19 × 365/360.
    assert recurring(shop) == "63.90"


def test_add_ons_cost_what_they_cost(shop: Shop) -> None:
    addon, buyer = sells(shop, numbers=1), holder(shop, QUARTER)
    buyer.does(AddAddon(buyer.target, addon, 2))
    buyer.lives_until(shop.now + timedelta(days=18))
    assert buyer.charged == ["12.00", "95.00"]
    assert lines(shop) == [("plan", 7_500, 0), ("addon", 2_000, 0)]
    assert recurring(shop) == "96.32"


def test_one_that_ends_leaves_recurring_revenue_as_it_is(shop: Shop) -> None:
    buyer = holder(shop, Discount(percent=50, periods=3))
    assert recurring(shop) == "101.39"
    buyer.lives_until(shop.now + timedelta(days=18))
    assert recurring(shop) == "101.39"


def test_removed_it_counts_no_more(shop: Shop) -> None:
    buyer = holder(shop)
    assert recurring(shop) == "50.69"
    buyer.does(RemoveCoupon(buyer.target))
    assert recurring(shop) == "101.39"
    assert buyer.movements[-1] == ("expansion", "50.70")


def test_a_tax_that_changes_moves_recurring_revenue_with_the_renewal_that_has_it(shop: Shop) -> None:
    rate = charges_tax(shop.world, "19", inclusive=True)
    buyer = shop.buyer("Basic", days_ago=29)
    buyer.lives_until(shop.now + timedelta(days=1))
    assert recurring(shop) == "85.20"  # 100.00 ÷ 1.19 × 365/360
    with tenant(shop.world.id):
        from_on = date(2026, 4, 1)
        new_version(rate, percent=Decimal(25), valid_from=from_on, actor=shop.world.system, now=shop.now)
    buyer.lives_until(shop.now + timedelta(days=20))
    assert recurring(shop) == "85.20"
    buyer.lives_until(shop.now + timedelta(days=10))
    assert recurring(shop) == "81.11"
    assert buyer.movements[-1] == ("contraction", "-4.09")


def test_what_was_ended_at_once_and_runs_again_counts_again(shop: Shop) -> None:
    buyer = holder(shop)
    outcome = buyer.does(Cancel(buyer.target, CancelWhen.NOW, CancelReason.OTHER))
    with tenant(shop.world.id):
        assert [money.amount for money in monthly_recurring(shop.world.id)] in ([], [0])
        undo = Undo.of(outcome.action_id, partner_id=shop.world.id)
    buyer.does(undo)
    assert recurring(shop) == "50.69"
    assert buyer.movements[-2:] == [("churn", "-50.69"), ("reactivation", "50.69")]
