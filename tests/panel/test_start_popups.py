"""New subscription, change quantity and end trial in the panel: what they show, what they do, and who may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from billing.rules.changes.cancelling import CancelReason, CancelWhen
from partnerpanel.actions.cancel import Cancel
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from subscriptions.rules.states import Lifecycle
from tests.actions.carry_out import everything
from tests.actions.selling import Buyer, Shop
from tests.panel.scriptless import address, confirm, customer_address, previewed, quoted, text
from tests.people import Person, Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)

NEW = {"quantity": "1", "starts_on": "2026-03-15", "trial_days": "0", "first_payment": "card", "auto_renew": "on"}
TRIAL: dict[str, Any] = {
    "lifecycle": Lifecycle.TRIALING,
    "started_at": NOW - timedelta(days=5),
    "trial_ends_at": NOW + timedelta(days=9),
    "paid_elsewhere": False,
}
MAY = {Role.OWNER, Role.ADMIN, Role.BILLING}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


@pytest.fixture
def anna(shop: Shop) -> Buyer:
    return shop.buyer("Basic", name="Anna Alder")


def new(anna: Buyer, plan: str = "Business", **other: str) -> dict[str, str]:
    return {**NEW, "plan": f"{public('plan', anna.shop.plans[plan])}.EUR", **other}


def where(anna: Buyer) -> str:
    return customer_address(anna, "new-subscription/")


def subscriptions(anna: Buyer) -> list[Subscription]:
    with tenant(anna.shop.world.id):
        rows = Subscription.objects.for_partner(anna.shop.world.id).filter(customer=anna.customer)
        return list(rows.order_by("pk"))


def test_a_new_subscription_says_what_it_costs_and_begins_when_it_is_paid(anna: Buyer) -> None:
    client, before = anna.shop.person.client(), everything(anna.shop.world)
    shown = previewed(client, where(anna), new(anna))
    for words in ("€150.00 is charged to", "Set up the login: Business", "“Business” at", "Nothing is set up before"):
        assert words in shown
    assert everything(anna.shop.world) == before
    answer = confirm(client, where(anna), new(anna))
    assert "Business of Anna Alder has begun. €150.00 was charged." in text(answer)
    made = subscriptions(anna)[-1]
    assert (made.plan_id, made.lifecycle) == (anna.shop.plans["Business"], Lifecycle.ACTIVE)


def test_pressed_twice_it_begins_once(anna: Buyer) -> None:
    client = anna.shop.person.client()
    cited = {**new(anna), "quote": quoted(client.post(where(anna), new(anna)))}
    assert client.post(where(anna), cited).status_code == 302
    assert client.post(where(anna), cited).status_code == 409
    assert len(subscriptions(anna)) == 2


def test_declined_it_waits_for_its_first_payment(shop: Shop) -> None:
    buyer = shop.buyer("Basic", card="sandbox_soft_decline")
    answer = confirm(shop.person.client(), where(buyer), new(buyer))
    assert "Declined: nothing is set up yet" in text(answer)
    assert subscriptions(buyer)[-1].lifecycle == Lifecycle.INCOMPLETE


def test_without_a_card_an_invoice_is_written(shop: Shop) -> None:
    buyer = shop.buyer("Basic", card="")
    assert "Charge" not in text(shop.person.client().get(where(buyer))).partition("First payment")[2][:20]
    answer = confirm(shop.person.client(), where(buyer), new(buyer, first_payment="invoice"))
    assert "Waiting for the first payment" in text(answer)


def test_later_with_a_trial_at_another_price(anna: Buyer) -> None:
    wish = new(anna, starts_on="2026-04-01", trial_days="14", price="99.50", quantity="3")
    shown = previewed(anna.shop.person.client(), where(anna), wish)
    assert "Business begins on Apr 1, 2026 by itself." in shown
    # Three at 99.50, on the day on which the trial is over.
    assert "Apr 15, 2026 · €298.50" in shown
    confirm(anna.shop.person.client(), where(anna), wish)
    made = subscriptions(anna)[-1]
    assert (made.lifecycle, made.price_amount, made.price_is_agreed) == (Lifecycle.SCHEDULED, 9950, True)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"price": "many"}, "“many” is no amount"),
        ({"quantity": "0"}, "A quantity is 1 or more."),
        ({"starts_on": "2026-03-14"}, "It starts today or within two years."),
        ({"anchor_day": "5"}, "A billing day is for plans of months or years"),
        ({"plan": ""}, "Choose a plan"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_begins(anna: Buyer, wish: dict[str, str], said: str) -> None:
    client = anna.shop.person.client()
    first = client.post(where(anna), new(anna) | wish)
    answer = client.post(where(anna), new(anna) | wish | {"quote": quoted(first)})
    assert answer.status_code in (409, 422)
    assert said in text(answer)
    assert len(subscriptions(anna)) == 1


def test_more_are_shown_line_by_line_and_charged(anna: Buyer) -> None:
    client, at = anna.shop.person.client(), address(anna, "change-quantity")
    shown = previewed(client, at, {"quantity": "3"})
    assert "€120.00 is charged to" in shown
    assert "3 × Basic" in shown
    answer = confirm(client, at, {"quantity": "3", "when": "immediate", "unpaid": "wait", "planned_for": "3"})
    assert "Anna Alder has 3 × Basic. €120.00 was charged." in text(answer)
    assert anna.row().quantity == 3


def test_a_trial_is_ended_and_charged(shop: Shop) -> None:
    buyer = shop.buyer("Basic", **TRIAL)
    client, at = shop.person.client(), address(buyer, "end-trial")
    assert "The trial ends now and €100.00 is charged to" in previewed(client, at, {})
    confirm(client, at, {})
    assert (buyer.row().lifecycle, buyer.charged) == (Lifecycle.ACTIVE, ["100.00"])
    shop.world.drain()
    assert [(ends - starts).days for starts, ends in buyer.terms] == [5, 30]
    assert buyer.movements == [("new", "101.39")]


def left(anna: Buyer) -> Buyer:
    anna.does(Cancel(anna.target, CancelWhen.NOW, CancelReason.UNUSED))
    return anna


def test_what_has_ended_is_restarted_from_its_menu(anna: Buyer) -> None:
    client, at = anna.shop.person.client(), address(left(anna), "restart")
    assert at in client.get(customer_address(anna)).content.decode()
    before = everything(anna.shop.world)
    shown = previewed(client, at, {"first_payment": "card"})
    for words in ("€100.00 is charged to", "runs again from today", "Enable the login", "Apr 14, 2026 · €100.00"):
        assert words in shown
    assert everything(anna.shop.world) == before
    assert "is back. €100.00 was charged." in text(confirm(client, at, {"first_payment": "card"}))
    assert anna.row().lifecycle == Lifecycle.ACTIVE


def test_restarted_with_a_card_that_declines_it_waits_and_offers_what_helps(shop: Shop) -> None:
    buyer = left(shop.buyer("Basic", card="sandbox_soft_decline"))
    answer = text(confirm(shop.person.client(), address(buyer, "restart"), {"first_payment": "card"}))
    for words in ("Declined: nothing is set up yet", "Record payment", "Replace card"):
        assert words in answer
    assert buyer.row().lifecycle == Lifecycle.INCOMPLETE


@pytest.mark.parametrize("verb", ["new-subscription", "change-quantity", "end-trial", "restart"])
def test_each_role_does_what_it_may_and_another_partner_finds_nothing(
    shop: Shop, team: Team, stranger: Person, verb: str
) -> None:
    buyer = shop.buyer("Basic", **TRIAL)
    at = where(buyer) if verb == "new-subscription" else address(buyer, verb)
    assert stranger.client().get(at).status_code == 404
    for role in Role:
        assert (team[role].client().get(at).status_code == 200) is (role in MAY), role


def test_a_part_leaves_the_rest_and_the_same_again_has_to_be_meant(shop: Shop, clock: time_machine.Traveller) -> None:
    buyer = shop.buyer("Basic", days_ago=25, card="", auto_renew=False)
    now = NOW + timedelta(days=5)
    buyer.lives_until(now)
    clock.move_to(now)
    client, at = shop.person.client(), address(buyer, "payment")
    part = {"amount": "40.00", "source": "bank", "received_on": "2026-03-20", "note": "transfer 4711", "term": "2"}
    assert "What is less is a part" in text(client.get(at))
    assert client.post(at, part).status_code == 302
    assert "€40.00 was paid before" in text(client.get(at))
    again = client.post(at, part)
    assert again.status_code == 409
    assert "It came twice: record it again" in text(again)
    assert client.post(at, {**part, "again": "on"}).status_code == 302
    assert client.post(at, {**part, "amount": "20.00"}).status_code == 302
    assert (buyer.invoices, len(buyer.terms)) == ([("paid", "100.00")], 2)
