"""Coupons in the settings and on a subscription, as pages and popups."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from partnerpanel.actions import coupon_catalogue
from partnerpanel.actions.coupon_catalogue import CouponTerms
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Coupon
from subscriptions.rules.coupons import Discount
from tests.actions.selling import Shop
from tests.panel.scriptless import address, confirm, customer_address, previewed, text
from tests.people import Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


def test_a_coupon_is_made_redeemed_shown_and_archived(world: World, team: Team) -> None:
    shop = Shop(world, team.owner)
    buyer, client = shop.buyer("Basic", name="Anna Alder"), team.owner.client()
    settings = f"/panel/{world.partner.slug}/settings/coupons/"
    wish = {
        "code": "Spring",
        "kind": "percent",
        "percent": "25",
        "lasts": "periods",
        "periods": "3",
        "plans": [public("plan", shop.plans["Basic"])],
    }
    assert "Write the number of periods." in text(client.post(settings + "new/", wish | {"periods": ""}))
    assert "Spring is created." in text(client.post(settings + "new/", wish, follow=True))
    assert "25 % off for 3 periods · Telephone · Basic · redeemed 0 times" in text(client.get(settings))
    shown = previewed(client, address(buyer, "apply-coupon"), {"coupon": "spring"})
    assert "From the next billing on 25 % off the plan’s price, for 3 periods." in shown
    answer = confirm(client, address(buyer, "apply-coupon"), {"coupon": "spring"})
    assert "Spring is redeemed for Anna Alder." in text(answer)
    assert "Spring · 25 % off for 3 periods" in text(client.get(customer_address(buyer)))
    with tenant(world.id):
        coupon = Coupon.objects.for_partner(world.id).get().pk
    one = f"{settings}{public('cpn', coupon)}/"
    assert "Anna Alder" in text(client.get(one))
    assert "Spring is archived." in text(client.post(one + "archive/", follow=True))
    answer = confirm(client, address(buyer, "remove-coupon"), {})
    assert "The coupon of Anna Alder is removed." in text(answer)
    shown = previewed(client, address(buyer, "apply-coupon"), {"coupon": "spring"})
    assert "This coupon is not valid any more." in shown


def test_a_coupon_is_edited_and_redeemed_by_many_at_once(world: World, team: Team) -> None:
    shop = Shop(world, team.owner)
    first, second = shop.buyer("Basic", name="Anna Alder"), shop.buyer("Basic")
    client, panel = team.owner.client(), f"/panel/{world.partner.slug}/"
    terms = CouponTerms("Spring", Discount(percent=25))
    coupon = coupon_catalogue.create_coupon(terms, actor=team.owner.actor, now=NOW)
    ids = [public("cus", buyer.customer) for buyer in (first, second)]
    asked = client.post(panel + "bulk/apply-coupon/", {"id": ids})
    assert "Redeem a coupon on several subscriptions" in text(asked)
    job = client.post(panel + "bulk/apply-coupon/", {"id": ids, "start": "1", "coupon": "spring"}).headers["Location"]
    world.drain("bulk", now=NOW)
    assert "Basic: €75.00, Apr 2, 2026, With coupon" in text(client.get(job))
    client.post(job + "confirm/", {"typed": ""})
    world.drain("bulk", "outbox", now=NOW)
    edit = f"{panel}settings/coupons/{public('cpn', coupon)}/edit/"
    wish = {"name": "For friends", "most": "1", "version": "1"}
    assert "It was redeemed 2 times already. Write 2 or more." in text(client.post(edit, wish))
    shown = client.post(edit + "?preview", wish | {"most": "2"}, headers={"HX-Request": "true"})
    assert "Redemptions in all – 2" in text(shown)
    assert "Spring is saved." in text(client.post(edit, wish | {"most": "2"}, follow=True))
    assert client.post(edit, wish | {"most": "3"}).status_code == 409, "who was slower looks again first"
    told = text(client.get(f"{panel}settings/coupons/{public('cpn', coupon)}/"))
    assert "Coupon changed" in told
    assert "Redemptions in all: – → 2" in told
