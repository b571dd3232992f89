"""Checkout links by people in the panel and by programs: made, listed, switched off."""

from __future__ import annotations

from typing import Any

import pytest

from partnerpanel.actions.checkout.models import CheckoutLink
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from tests.api.program import make_program
from tests.checkout.buyers import Buyer, sells
from tests.panel.scriptless import text
from tests.people import Team
from tests.world import World

pytestmark = pytest.mark.django_db


def popup(team: Team, world: World) -> str:
    return f"/panel/{team.partner.slug}/plans/{public('plan', world.plan())}/links/new/"


def test_a_page_is_made_in_the_panel_copied_bought_at_and_switched_off(shop: World, team: Team) -> None:
    client, where = team.owner.client(), popup(team, shop)
    page = where.replace("links/new/", "")
    assert "Nobody can buy it without help yet." in text(client.get(page))
    data = {"found_by": "page", "key": "Basic!", "trial_days": "0", "most_quantity": "3"}
    assert "Write 1 to 40 small letters" in text(client.post(where, data))
    assert client.post(where, data | {"key": "basic"}).status_code == 302
    assert "Another page has this address" in text(client.post(where, data | {"key": "basic"}))
    assert f"/p/{team.partner.slug}/buy/basic/" in text(client.get(page))
    assert "€90.00" in Buyer(shop, "basic").looks(quantity="3")
    with tenant(shop.id):
        link = CheckoutLink.objects.for_partner(shop.id).get()
    client.post(f"/panel/{team.partner.slug}/checkout-links/{public('clk', link.pk)}/off/")
    assert "This offer is over" in Buyer(shop, "basic").looks()
    assert "Switched off" in text(client.get(page))


def test_who_may_not_edit_the_catalogue_sees_links_and_makes_none(shop: World, team: Team) -> None:
    sells(shop, team.owner)
    client = team[Role.SUPPORT].client()
    page = popup(team, shop).replace("links/new/", "")
    assert "The plan’s own page" in text(client.get(page))
    assert "Sell by a link" not in text(client.get(page))
    assert client.post(popup(team, shop), {"found_by": "link"}).status_code == 403


def test_a_program_makes_lists_and_switches_off_and_reads_orders(shop: World, team: Team) -> None:
    caller = make_program(team.owner, scopes=["checkout_links:write", "checkout_links:read", "checkouts:read"])
    plan = public("plan", shop.plan())
    made: Any = caller.post("/checkout_links", {"plan": plan, "trial_days": 14, "most_uses": 2}).body
    assert (made["public"], made["uses"], made["trial_days"]) == (False, 0, 14)
    key = made["url"].rstrip("/").rpartition("/")[2]
    Buyer(shop, key).begins()
    [order] = caller.get("/checkouts").body["data"]
    assert (order["state"], order["link"]) == ("open", made["id"])
    refused: Any = caller.post("/checkout_links", {"plan": plan, "coupon": "NONE"})
    assert refused.status == 422
    off: Any = caller.post(f"/checkout_links/{made['id']}/switch_off").body
    assert off["off_at"] is not None
    assert caller.post(f"/checkout_links/{made['id']}/switch_off").status == 409
    assert [one["id"] for one in caller.get("/checkout_links?on=false").body["data"]] == [made["id"]]
