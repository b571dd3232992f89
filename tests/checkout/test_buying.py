"""Somebody buys at the page of a plan: sees what it costs, proves the address, orders, pays, and has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client

from customers.models import Customer
from customers.rules.portal_roles import PortalRole
from notifications.models import Message
from partnerpanel.actions.checkout.links import switch_off
from partnerpanel.actions.checkout.models import Checkout, CheckoutLink
from partnerpanel.actions.checkout.states import OPEN_FOR
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.queues.purging import purge_partner
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from subscriptions.models import PlanPrice, Subscription
from subscriptions.rules.coupons import Discount
from subscriptions.rules.states import Lifecycle
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon
from tests.checkout.buyers import ADDRESS, Buyer, charges, customers, sells
from tests.people import Team
from tests.portal.guests import deliver, guest
from tests.world import World

pytestmark = pytest.mark.django_db


def subscriptions(world: World) -> list[Subscription]:
    with tenant(world.id):
        return list(Subscription.objects.for_partner(world.id).order_by("pk"))


def test_a_plan_is_bought_and_paid_and_served(shop: World, team: Team) -> None:
    buyer = Buyer(shop, sells(shop, team.owner))
    assert "You pay €30.00 now." in buyer.looks()
    assert "Look into your mail" in buyer.begins()
    assert customers(shop) == []
    assert "You pay €30.00 now." in buyer.proves()
    assert "These are test cards" in buyer.orders()
    assert "Thank you. Your order is complete." in buyer.pays()
    [row] = subscriptions(shop)
    assert row.lifecycle == Lifecycle.ACTIVE
    assert charges(shop) == [("asked", "succeeded", 3000)]
    assert buyer.row.state == "completed"
    assert customers(shop) == [row.customer_id]
    assert "Your service is being set up" in buyer.comes_back()
    shop.drain("outbox", "provisioning", "mail", now=system_now())
    assert "Your service is set up" in buyer.comes_back()
    [mailed] = [one.body for one in mail.outbox if "/credentials/" in one.body]
    assert "#" in mailed
    assert shop.open_holds(row.customer_id) == set()
    with tenant(shop.id):
        kinds = set(Message.objects.for_partner(shop.id).values_list("kind", flat=True))
        event = Event.objects.for_partner(shop.id).get(kind="checkout.completed")
    assert kinds >= {"subscription_started", "payment_received"}
    assert "subscription_credentials" not in kinds, "the first mail takes them along"
    assert (event.customer_id, event.data["subscription"]) == (row.customer_id, str(row.pk))


def test_a_form_that_is_sent_twice_and_a_button_that_is_pressed_twice_buy_once(shop: World, team: Team) -> None:
    buyer = Buyer(shop, sells(shop, team.owner))
    form = buyer.client.get(buyer.offer)
    with_token = {"order": form.context["order"]}
    buyer.begins(**with_token)
    first = buyer.at
    buyer.begins(**with_token)
    assert buyer.at == first
    buyer.proves()
    shown = buyer.client.get(buyer.at).context["shown"]
    for _ in range(2):
        buyer.client.post(buyer.at, {"shown": shown, "pay": "card"})
    for _ in range(3):
        buyer.pays()
        buyer.comes_back()
    assert len(subscriptions(shop)) == 1
    assert charges(shop) == [("asked", "succeeded", 3000)]


def test_whoever_closes_the_browser_goes_on_where_it_was(shop: World, team: Team) -> None:
    buyer = Buyer(shop, sells(shop, team.owner))
    buyer.begins()
    buyer.proves()
    buyer.orders()
    elsewhere = Buyer(shop, buyer.key, client=Client(), at=buyer.at)
    elsewhere.page = elsewhere.client.get(elsewhere.at)
    assert "Look into your mail" in elsewhere.page.content.decode()
    assert elsewhere.client.post(f"{buyer.at}card/", {"method": "sandbox_ok"}).headers["Location"] == buyer.at
    assert charges(shop) == []
    elsewhere.client.post(f"{buyer.at}mail/")
    assert "Your order waits for a card" in elsewhere.proves()
    assert "Thank you" in elsewhere.pays()
    assert len(subscriptions(shop)) == 1


def test_a_declined_card_is_said_and_another_one_pays(shop: World, team: Team) -> None:
    buyer = Buyer(shop, sells(shop, team.owner))
    buyer.begins()
    buyer.proves()
    buyer.orders()
    assert "The card was declined" in buyer.pays("sandbox_hard_decline")
    assert buyer.row.state == "paying"
    assert [row.lifecycle for row in subscriptions(shop)] == [Lifecycle.INCOMPLETE]
    assert "Thank you" in buyer.pays()
    assert [status for _purpose, status, _amount in charges(shop)] == ["declined", "succeeded"]
    assert [row.lifecycle for row in subscriptions(shop)] == [Lifecycle.ACTIVE]


def test_an_order_that_is_taken_back_is_never_tried_again_and_a_paid_one_stays(shop: World, team: Team) -> None:
    buyer = Buyer(shop, sells(shop, team.owner))
    buyer.begins()
    buyer.proves()
    buyer.orders()
    assert "this card may be tried again" in buyer.pays("sandbox_soft_decline")
    Buyer(shop, buyer.key, client=Client(), at=buyer.at).client.post(f"{buyer.at}withdraw/")
    assert buyer.row.state == "paying"
    buyer.client.post(f"{buyer.at}withdraw/")
    assert buyer.row.state == "abandoned"
    assert [row.lifecycle for row in subscriptions(shop)] == [Lifecycle.ENDED]
    later = system_now() + timedelta(days=9)
    shop.drain("subscriptions", "charges", "checkouts", now=later)
    assert [status for _purpose, status, _amount in charges(shop)] == ["declined"]
    again = Buyer(shop, buyer.key, address="bo@bakery.example")
    again.begins()
    again.proves()
    again.orders()
    again.pays()
    again.client.post(f"{again.at}withdraw/")
    assert again.row.state == "completed"


def test_in_a_test_mode_nobody_is_mailed_and_nobody_has_to_prove_an_address(shop: World, team: Team) -> None:
    twin = World(create_twin(team.partner, now=shop.now), now=shop.now)
    person = replace(team.owner, partner=twin.partner)
    buyer = Buyer(twin, sells(twin, person))
    assert "You pay" in buyer.begins()
    buyer.orders()
    assert "Thank you" in buyer.pays()
    assert mail.outbox == []


def test_a_trial_with_a_card_charges_nothing_and_one_without_asks_for_none(shop: World, team: Team) -> None:
    buyer = Buyer(shop, sells(shop, team.owner, trial_days=14))
    assert "Free until" in buyer.looks()
    buyer.begins()
    assert "The next payment of €30.00 is on" in buyer.proves()
    buyer.orders()
    assert "Thank you" in buyer.pays()
    assert charges(shop) == []
    link = sells(shop, team.owner, trial_days=14, trial_needs_card=False, is_public=False)
    other = Buyer(shop, link, address="bo@bakery.example")
    other.begins()
    other.proves()
    assert "Thank you" in other.orders("nothing")
    assert [row.lifecycle for row in subscriptions(shop)] == [Lifecycle.TRIALING] * 2


def test_a_free_plan_and_a_whole_coupon_ask_for_no_payment(shop: World, team: Team) -> None:
    with tenant(shop.id):
        create_coupon(CouponTerms("ALL", Discount(percent=100)), actor=shop.system, now=shop.now)
    free = Buyer(shop, sells(shop, team.owner, plan_id=shop.plan("Free", price="0.00"), key="free"))
    free.begins()
    assert "You pay nothing now." in free.proves()
    assert "Thank you" in free.orders("nothing")
    whole = Buyer(shop, sells(shop, team.owner), address="bo@bakery.example")
    assert "There is no coupon with this code." in whole.begins(coupon="NONE")
    whole.begins(coupon="all")
    whole.proves()
    assert "Thank you" in whole.orders("nothing")
    assert charges(shop) == []
    assert [row.lifecycle for row in subscriptions(shop)] == [Lifecycle.ACTIVE] * 2


def test_another_price_is_shown_and_never_charged_unseen(shop: World, team: Team) -> None:
    plan = shop.plan()
    buyer = Buyer(shop, sells(shop, team.owner))
    buyer.begins()
    buyer.proves()
    shown = buyer.client.get(buyer.at).context["shown"]
    raise_price(shop, plan, 3600)
    moved = buyer.client.post(buyer.at, {"shown": shown, "pay": "card"})
    assert moved.status_code == 409
    assert "This has changed since you opened it" in moved.content.decode()
    assert customers(shop) == []
    buyer.orders()
    raise_price(shop, plan, 4200)
    assert "This has changed since you opened it" in buyer.pays()
    assert charges(shop) == []
    assert subscriptions(shop) == []
    assert "Thank you" in buyer.orders("on_file")
    assert charges(shop) == [("asked", "succeeded", 4200)]


def raise_price(world: World, plan: UUID, amount: int) -> None:
    with tenant(world.id):
        PlanPrice.objects.for_partner(world.id).filter(plan=plan).update(amount=amount)


def test_a_known_address_is_answered_as_an_unknown_one_and_joins_once_its_mail_is_answered(
    shop: World, team: Team
) -> None:
    customer = shop.customer("Anna's Bakery", email=ADDRESS)
    key = sells(shop, team.owner)
    known, unknown = Buyer(shop, key), Buyer(shop, key, address="nobody@nowhere.example")
    assert known.begins() == unknown.begins()
    stranger = Buyer(shop, key, client=Client(), at=known.at)
    assert "Look into your mail" in stranger.orders("on_file")
    assert subscriptions(shop) == []
    known.proves()
    known.orders()
    assert "Thank you" in known.pays()
    assert [row.customer_id for row in subscriptions(shop)] == [customer]


def test_the_mail_goes_to_the_customers_own_address_not_to_one_that_folds_to_it(shop: World, team: Team) -> None:
    shop.customer("Anna's Bakery", email=ADDRESS)
    buyer = Buyer(shop, sells(shop, team.owner), address="ANNA@bakery.example")
    buyer.begins()
    assert [mailed.split("\n")[0] for mailed in deliver(shop)] == [ADDRESS]


def test_whoever_is_signed_in_buys_for_the_account_with_the_card_on_file(shop: World, team: Team) -> None:
    first = Buyer(shop, sells(shop, team.owner))
    first.begins()
    first.proves()
    first.orders()
    first.pays()
    [customer] = customers(shop)
    owner, technical = guest(shop, customer), guest(shop, customer, PortalRole.TECHNICAL)
    again = Buyer(shop, first.key, client=owner.client())
    assert "where you are signed in" in again.looks()
    assert "Order and pay" in again.begins()
    assert "Thank you" in again.orders("on_file")
    assert [row.customer_id for row in subscriptions(shop)] == [customer, customer]
    third = Buyer(shop, first.key, client=owner.client())
    third.begins()
    third.orders("card")
    assert "Thank you" in third.pays()
    assert "Your log-in is not meant for buying" in Buyer(shop, first.key, client=technical.client()).looks()


def test_a_link_is_used_as_often_as_it_says_and_not_when_it_is_off(shop: World, team: Team) -> None:
    key = sells(shop, team.owner, is_public=False, most_uses=1, trial_days=7, trial_needs_card=False)
    one, late = Buyer(shop, key), Buyer(shop, key, address="bo@bakery.example")
    for buyer in (one, late):
        buyer.begins()
        buyer.proves()
    assert "Thank you" in one.orders("nothing")
    assert "This offer is over" in late.orders("nothing")
    assert "This offer is over" in Buyer(shop, key).looks()
    public_page = sells(shop, team.owner)
    switch_off(_link(shop, public_page), actor=team.owner.actor, now=shop.now)
    assert "This offer is over" in Buyer(shop, public_page).looks()


def _link(world: World, key: str) -> UUID:
    with tenant(world.id):
        found: UUID = CheckoutLink.objects.for_partner(world.id).get(key=key).pk
    return found


def test_what_nobody_orders_expires_and_what_nobody_pays_is_abandoned_and_both_go(shop: World, team: Team) -> None:
    key = sells(shop, team.owner)
    open_one, unpaid = Buyer(shop, key), Buyer(shop, key, address="bo@bakery.example")
    open_one.begins()
    unpaid.begins()
    unpaid.proves()
    unpaid.orders()
    shop.drain("checkouts", now=system_now() + OPEN_FOR + timedelta(minutes=1))
    assert (open_one.row.state, unpaid.row.state) == ("expired", "abandoned")
    assert "This offer is over" in unpaid.comes_back()
    with tenant(shop.id):
        told = list(Event.objects.for_partner(shop.id).filter(kind="checkout.expired").values_list("data", flat=True))
        Checkout.objects.for_partner(shop.id).update(ended_at=system_now() - timedelta(days=31))
    assert sorted(one["state"] for one in told) == ["abandoned", "expired"]
    purge_partner(shop.id, seconds=10)
    with tenant(shop.id):
        assert not Checkout.objects.for_partner(shop.id).exists()


def test_another_partners_order_and_offer_are_not_there(shop: World, other_world: World, team: Team) -> None:
    buyer = Buyer(shop, sells(shop, team.owner))
    buyer.begins()
    elsewhere = f"/p/{other_world.partner.slug}/"
    assert buyer.client.get(f"{elsewhere}buy/{buyer.key}/").status_code == 404
    for step in ("", "card/", "back/", "link/"):
        theirs = buyer.client.get(f"{elsewhere}order/{public('chk', buyer.id)}/{step}")
        assert theirs.status_code in (200, 404), step
        assert ADDRESS not in theirs.content.decode()
    assert buyer.client.post(f"{elsewhere}order/{public('chk', buyer.id)}/code/", {"code": "1"}).status_code == 404


def test_a_program_that_fills_in_everything_begins_nothing_and_many_tries_are_refused(shop: World, team: Team) -> None:
    buyer = Buyer(shop, sells(shop, team.owner))
    assert "Leave this field empty." in buyer.begins(website="https://spam.example")
    said = [buyer.begins(email=f"a{n}@b.example") for n in range(25)]
    assert "Too many tries." in said[-1]
    assert buyer.page.status_code == 429
    with tenant(shop.id):
        assert Checkout.objects.for_partner(shop.id).count() < 21


def test_while_the_partner_is_frozen_nothing_is_sold(shop: World, team: Team) -> None:
    buyer = Buyer(shop, sells(shop, team.owner))
    Partner.objects.filter(pk=shop.id).update(
        frozen_since=shop.now, standing={"frozen": "held"}, platform_customer=uuid7()
    )
    buyer.begins()
    assert buyer.page.status_code == 503
    with tenant(shop.id):
        assert not Customer.objects.for_partner(shop.id).exists()
