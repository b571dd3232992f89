"""Coupons in the settings and on a subscription, as pages and popups."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Coupon
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
