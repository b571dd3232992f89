"""Add-ons: bought with the days that are left, billed with the plan, gone when nobody wants them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from billing.models import InvoiceLine
from partnerpanel.actions import door
from partnerpanel.actions.addons import AddAddon, KeepAddon, RemoveAddon
from partnerpanel.actions.change_quantity import ChangeQuantity
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.services import set_policy
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import SubscriptionAddon
from subscriptions.queries.overview import monthly_recurring
from subscriptions.rules.addons import AddonKind
from subscriptions.services.addon_catalogue import AddonTerms, create_addon
from tests.actions.selling import Buyer, Shop, books_balance
from tests.people import Team
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

THIRTY_DAYS = Interval(Unit.DAY, 30)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def sells(
    shop: Shop,
    name: str = "Number",
    price: str = "10.00",
    *,
    kind: AddonKind = AddonKind.RECURRING,
    interval: Interval | None = THIRTY_DAYS,
    plans: tuple[str, ...] = (),
    **allowances: int,
) -> UUID:
    terms = AddonTerms(
        name,
        [Money.parse(price, shop.world.partner.currency)],
        allowances=allowances,
        plan_ids=[shop.plans[plan] for plan in plans],
    )
    with tenant(shop.world.id):
        return create_addon(
            product_id=shop.product,
            kind=kind,
            interval=interval,
            terms=terms,
            actor=shop.world.system,
            now=shop.now,
        )


def policy(shop: Shop, **keys: Any) -> None:
    with tenant(shop.world.id):
        set_policy(
            scope_kind=ScopeKind.PARTNER,
            scope_id=shop.world.id,
            preset="standard",
            document={name.replace("__", "."): value for name, value in keys.items()},
            actor=shop.world.system,
            now=shop.now,
        )


def held(buyer: Buyer) -> list[tuple[str, int]]:
    with tenant(buyer.shop.world.id):
        rows = SubscriptionAddon.objects.for_partner(buyer.shop.world.id).filter(ended_at=None)
        return [(row.addon.name, row.quantity) for row in rows.select_related("addon").order_by("added_at", "pk")]


def held_id(buyer: Buyer) -> UUID:
    with tenant(buyer.shop.world.id):
        found: UUID = SubscriptionAddon.objects.for_partner(buyer.shop.world.id).get(ended_at=None).pk
        return found


def lines(buyer: Buyer) -> list[tuple[str, str, str]]:
    """Of the newest invoice."""
    with tenant(buyer.shop.world.id):
        rows = InvoiceLine.objects.for_partner(buyer.shop.world.id).select_related("invoice")
        rows = rows.order_by("-invoice__number", "position")
        newest = [row for row in rows if row.invoice_id == rows[0].invoice_id]
        return [(row.kind, row.text, str(Money(row.amount, row.invoice.currency).major)) for row in newest]


def monthly(shop: Shop) -> list[str]:
    with tenant(shop.world.id):
        return [str(one.major) for one in monthly_recurring(shop.world.id)]


def test_a_recurring_one_costs_the_days_that_are_left_and_is_billed_with_each_renewal(shop: Shop) -> None:
    addon, buyer = sells(shop, numbers=1), shop.buyer("Basic")
    before = monthly(shop)
    buyer.does(AddAddon(buyer.target, addon, 2))
    # 18 of 30 days are left: 20.00 × 18/30.
    assert (held(buyer), buyer.charged) == ([("Number", 2)], ["12.00"])
    assert buyer.movements[-1] == ("expansion", "20.28")
    assert monthly(shop) != before
    assert shop.world.read_account(buyer.subscription).terms["extras"] == {"numbers": 2}
    buyer.lives_until(shop.now + timedelta(days=18))
    assert buyer.charged[-1] == "120.00"
    assert lines(buyer) == [("plan", "Basic", "100.00"), ("addon", "Number", "20.00")]
    books_balance(shop.world)


def test_removed_it_stays_until_the_renewal_and_is_not_billed_again(shop: Shop) -> None:
    addon, buyer = sells(shop), shop.buyer("Basic")
    buyer.does(AddAddon(buyer.target, addon))
    buyer.does(RemoveAddon(buyer.target, held_id(buyer)))
    assert held(buyer) == [("Number", 1)]
    buyer.lives_until(shop.now + timedelta(days=18))
    assert (held(buyer), buyer.charged) == ([], ["6.00", "100.00"])
    assert buyer.movements[-1] == ("contraction", "-10.14")


def test_a_removal_is_withdrawn(shop: Shop) -> None:
    addon, buyer = sells(shop), shop.buyer("Basic")
    buyer.does(AddAddon(buyer.target, addon))
    buyer.does(RemoveAddon(buyer.target, held_id(buyer)))
    buyer.does(KeepAddon(buyer.target, held_id(buyer)))
    buyer.lives_until(shop.now + timedelta(days=18))
    assert buyer.charged == ["6.00", "110.00"]


@pytest.mark.parametrize(
    ("on_renewal", "keeps", "charged"), [("drop", False, "100.00"), ("ask", False, "100.00"), ("ask", True, "110.00")]
)
def test_the_policy_says_what_becomes_of_it_at_the_renewal(
    shop: Shop, on_renewal: str, keeps: bool, charged: str
) -> None:
    policy(shop, addon__on_renewal=on_renewal)
    addon, buyer = sells(shop), shop.buyer("Basic")
    buyer.does(AddAddon(buyer.target, addon))
    if keeps:
        buyer.does(KeepAddon(buyer.target, held_id(buyer)))
    buyer.lives_until(shop.now + timedelta(days=18))
    assert (buyer.charged[-1], held(buyer)) == (charged, [("Number", 1)] if keeps else [])
    if keeps:
        buyer.lives_until(shop.now + timedelta(days=48))
        assert (buyer.charged[-1], held(buyer)) == ("100.00", [])


def test_a_decline_adds_nothing(shop: Shop) -> None:
    addon, buyer = sells(shop), shop.buyer("Basic", card="sandbox_soft_decline")
    buyer.does(AddAddon(buyer.target, addon))
    assert (held(buyer), buyer.invoices) == ([], [("void", "6.00")])


def test_a_change_that_begins_a_period_takes_it_along(shop: Shop) -> None:
    addon, buyer = sells(shop), shop.buyer("Basic")
    buyer.does(AddAddon(buyer.target, addon))
    shop.now += timedelta(days=9)
    plan = buyer.preview(buyer.to("Business"))
    # 9 of 30 days are left of the plan, 9 of 18 of the add-on.
    shown = [(line.text, str(line.amount.major)) for line in plan.planned.lines]  # type: ignore[union-attr]
    assert shown == [("Business", "150.00"), ("Number", "10.00"), ("Number", "-3.00"), ("Basic", "-30.00")]
    buyer.does(buyer.to("Business"))
    assert (held(buyer), buyer.charged) == ([("Number", 1)], ["6.00", "127.00"])
    books_balance(shop.world)


def test_a_change_to_a_plan_that_it_does_not_fit_gives_its_rest_back(shop: Shop) -> None:
    addon, buyer = sells(shop, plans=("Basic",)), shop.buyer("Basic")
    buyer.does(AddAddon(buyer.target, addon))
    shop.now += timedelta(days=9)
    buyer.does(buyer.to("Business"))
    # 150.00 − 30.00 − 3.00
    assert (held(buyer), buyer.charged) == ([], ["6.00", "117.00"])
    books_balance(shop.world)


def test_more_of_the_plan_leaves_it_alone(shop: Shop) -> None:
    addon, buyer = sells(shop), shop.buyer("Basic")
    buyer.does(AddAddon(buyer.target, addon))
    buyer.does(ChangeQuantity(buyer.target, 2))
    assert (held(buyer), buyer.charged) == ([("Number", 1)], ["6.00", "60.00"])


def test_an_expiring_one_costs_its_full_price_and_ends_with_the_month(shop: Shop) -> None:
    addon = sells(shop, "Boost", kind=AddonKind.EXPIRING, interval=Interval(Unit.MONTH), speed=100)
    buyer = shop.buyer("Basic", days_ago=1)
    before = monthly(shop)
    buyer.does(AddAddon(buyer.target, addon))
    assert (held(buyer), buyer.charged, monthly(shop)) == ([("Boost", 1)], ["10.00"], before)
    buyer.lives_until(shop.now.replace(day=31))
    assert held(buyer) == [("Boost", 1)]
    buyer.lives_until(shop.now.replace(day=1, month=4))
    assert held(buyer) == []
    assert "extras" not in shop.world.read_account(buyer.subscription).terms
    books_balance(shop.world)


def test_a_pack_is_bought_once(shop: Shop) -> None:
    addon = sells(shop, "1000 calls", "25.00", kind=AddonKind.PACK, interval=None, calls=1000)
    buyer = shop.buyer("Basic")
    buyer.does(AddAddon(buyer.target, addon))
    buyer.lives_until(shop.now + timedelta(days=18))
    assert (held(buyer), buyer.charged) == ([("1000 calls", 1)], ["25.00", "100.00"])


def test_what_does_not_fit_or_is_nobody_s_is_refused(shop: Shop, other_team: Team, other_world: World) -> None:
    buyer = shop.buyer("Basic")
    quote = door.preview(
        AddAddon(buyer.target, sells(shop, plans=("Business",))), actor=shop.person.actor, now=shop.now
    )
    assert [refusal.code for refusal in quote.refusals] == ["addon_does_not_fit"]
    theirs = other_world.subscription()
    customer = other_world.read_subscription(theirs).customer_id
    verb = AddAddon((Target(customer, theirs),), sells(shop, "Other"))
    with pytest.raises(NotFound):
        door.preview(verb, actor=shop.person.actor, now=shop.now)
    with pytest.raises(NotFound):
        door.preview(AddAddon(buyer.target, theirs), actor=shop.person.actor, now=shop.now)
