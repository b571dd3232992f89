"""Add-ons in the panel: in the catalogue, in the popups of a subscription, and on the customer's page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.addon_catalogue import addons_of_product
from tests.actions.selling import Shop
from tests.panel.scriptless import address, confirm, customer_address, previewed, text
from tests.people import Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def product(shop: Shop) -> str:
    return f"/panel/{shop.world.partner.slug}/products/{public('prod', shop.product)}/"


def create(shop: Shop, name: str = "Extra number") -> str:
    """Through the popup; the id of the add-on."""
    client, at = shop.person.client(), product(shop) + "addons/new/"
    assert client.get(at).status_code == 200
    data = {
        "name": name,
        "kind": "recurring",
        "interval_count": "30",
        "interval_unit": "day",
        "rank": "0",
        "prices_left": [shop.world.partner.currency],
        "prices_right": ["10.00"],
        "allowances_left": ["numbers"],
        "allowances_right": ["1"],
    }
    answer = client.post(at, data, follow=True)
    assert f"{name} is created." in text(answer)
    with tenant(shop.world.id):
        return public("addon", addons_of_product(shop.world.id, shop.product)[0].id)


def test_created_bought_shown_and_removed(shop: Shop) -> None:
    addon, buyer = create(shop), shop.buyer("Basic", name="Anna Alder")
    client = shop.person.client()
    assert "Extra number" in text(client.get(product(shop)))
    wish = {"addon": addon, "quantity": "2"}
    shown = previewed(client, address(buyer, "add-addon"), wish)
    assert "€12.00 is charged to" in shown
    assert "From the next billing on it costs €20.00 with the plan." in shown
    answer = confirm(client, address(buyer, "add-addon"), wish | {"unpaid": "wait", "planned_for": addon})
    assert "Anna Alder has 2 × Extra number. €12.00 was charged." in text(answer)
    page = text(client.get(customer_address(buyer)))
    assert "2 × Extra number" in page
    popup = client.get(address(buyer, "remove-addon"))
    held = popup.context["form"].initial["addon"]
    assert "stays until" in previewed(client, address(buyer, "remove-addon"), {"addon": held})
    answer = confirm(client, address(buyer, "remove-addon"), {"addon": held})
    assert "2 × Extra number ends with the period." in text(answer)
    answer = confirm(client, address(buyer, "keep-addon"), {"addon": held})
    assert "2 × Extra number goes on." in text(answer)
