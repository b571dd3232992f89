"""A customer whose plan has ended comes back in the portal."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from billing.rules.changes.cancelling import CancelReason, CancelWhen
from customers.rules.portal_roles import PortalRole
from notifications.models import Message
from partnerpanel.actions.cancel import Cancel
from partnerpanel.actions.checkout.links import NewLink, create_link
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from subscriptions.services.archive import archive_plan
from tests.actions.selling import Buyer, Shop
from tests.people import Team
from tests.portal.guests import Guest, guest
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    world.now = system_now()
    return Shop(world, team.owner, now=world.now)


def gone(shop: Shop, *, card: str = "sandbox_ok") -> tuple[Buyer, Guest, str]:
    """Somebody who has left, signed in, and the address of coming back."""
    buyer = shop.buyer(card=card)
    buyer.does(Cancel(buyer.target, CancelWhen.NOW, CancelReason.UNUSED))
    visitor = guest(shop.world, buyer.customer)
    return buyer, visitor, f"{visitor.at}plan/{public('sub', buyer.subscription)}/return/"


def confirmed(client: Client, at: str) -> str:
    """The page after the button, followed."""
    page = client.get(at)
    found = re.search(r'name="quote" value="([^"]+)"', page.content.decode())
    assert found is not None, page.content.decode()
    return client.post(at, {"quote": found[1]}, follow=True).content.decode()


def test_one_click_from_the_overview_and_from_the_plan(shop: Shop) -> None:
    buyer, visitor, at = gone(shop)
    client = visitor.client()
    for page in ("", "plan/"):
        assert f'href="{at}"' in client.get(visitor.at + page).content.decode()
    shown = client.get(at).content.decode()
    for words in ("Yes, Come back", "It runs again from today, with the login that you had.", "€100.00", "Basic"):
        assert words in shown
    assert buyer.row().lifecycle == "ended"
    assert "Good to have you back. Your plan runs again." in confirmed(client, at)
    shop.world.drain(now=shop.now)
    assert (buyer.row().lifecycle, buyer.charged) == ("active", ["100.00"])
    assert client.get(at).status_code == 302


def test_the_link_in_the_mail_leads_through_the_sign_in_to_the_page_and_does_nothing_by_itself(shop: Shop) -> None:
    buyer, visitor, at = gone(shop)
    shop.world.drain("mail", now=shop.now)
    with tenant(shop.world.id):
        bodies = [row.body for row in Message.objects.for_partner(shop.world.id).filter(kind="subscription_ended")]
    assert any(at in body for body in bodies)
    answer = Client().get(at)
    assert (answer.status_code, answer["Location"]) == (302, f"{visitor.at}sign-in/?next={quote(at, safe='')}")
    assert Client().post(at, {"quote": "x"}).status_code == 302
    assert buyer.row().lifecycle == "ended"


def test_declined_it_says_so_and_shows_where_to_pay(shop: Shop) -> None:
    buyer, visitor, at = gone(shop, card="sandbox_soft_decline")
    client = visitor.client()
    page = confirmed(client, at)
    assert "The card was declined and no money moved. Pay with another card, and your plan runs again." in page
    assert "It begins when it is paid." in page
    assert f"payment/{public('sub', buyer.subscription)}/pay/" in page
    assert buyer.row().lifecycle == "incomplete"


def test_without_a_card_the_invoice_waits_and_is_paid_from_there(shop: Shop) -> None:
    buyer, visitor, at = gone(shop, card="")
    client = visitor.client()
    assert "There is no card on file: you get an invoice to pay." in client.get(at).content.decode()
    assert "Your invoice is written. Pay it, and your plan runs again." in confirmed(client, at)
    assert buyer.row().lifecycle == "incomplete"


def test_a_plan_that_is_sold_no_more_leads_to_those_that_are(shop: Shop) -> None:
    _buyer, visitor, at = gone(shop)
    for plan in ("Basic", "Business"):
        create_link(NewLink(shop.plans[plan], is_public=True, key=plan.lower()), actor=shop.person.actor, now=shop.now)
    with tenant(shop.world.id):
        archive_plan(shop.plans["Basic"], actor=shop.world.system, now=shop.now)
    shown = visitor.client().get(at).content.decode()
    assert "This plan is not sold any more." in shown
    assert "Yes, Come back" not in shown
    assert f'href="{visitor.at}buy/business/"' in shown
    assert "buy/basic/" not in shown


def test_who_looks_after_the_service_alone_cannot_buy(shop: Shop) -> None:
    buyer, _visitor, at = gone(shop)
    technical = guest(shop.world, buyer.customer, PortalRole.TECHNICAL).client()
    assert technical.get(at).status_code == 403
    assert "Come back" not in technical.get(f"/p/{shop.world.partner.slug}/").content.decode()


def test_the_link_to_stay_leads_to_coming_back_once_it_has_ended(shop: Shop) -> None:
    _buyer, visitor, at = gone(shop)
    answer = visitor.client().get(at.replace("/return/", "/stay/"))
    assert (answer.status_code, answer["Location"]) == (302, at)


def test_an_old_page_says_what_moved_and_charges_nothing(shop: Shop) -> None:
    buyer, visitor, at = gone(shop)
    client = visitor.client()
    page = client.get(at).content.decode()
    found = re.search(r'name="quote" value="([^"]+)"', page)
    assert found is not None
    shop.now += timedelta(minutes=1)
    confirmed(client, at)
    again = client.post(at, {"quote": found[1]})
    assert again.status_code == 409
    shop.world.drain(now=shop.now)
    assert buyer.charged == ["100.00"]
