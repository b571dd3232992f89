"""Credit by hand through the panel, and the balance with what moved it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from billing.models import LedgerEntry
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Shop
from tests.panel.scriptless import customer_address, text
from tests.people import Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


def test_credit_is_added_explained_and_taken_back(world: World, team: Team) -> None:
    buyer = Shop(world, team.owner).buyer("Basic", name="Anna Alder")
    client, panel = team.owner.client(), f"/panel/{world.partner.slug}/"
    popup = f"{panel}customers/{public('cus', buyer.customer)}/credit/"
    wanted = {
        "key": str(uuid7()),
        "amount": "12.50",
        "currency": "EUR",
        "reason": "goodwill",
        "note": "Waited long.",
        "tells": "on",
    }
    assert "Say how much is added." in text(client.post(popup, wanted | {"amount": ""}))
    assert "Give a note of at most 500 letters" in text(client.post(popup, wanted | {"note": " "}))
    assert "above zero" in text(client.post(popup, wanted | {"amount": "0"}))
    shown = text(client.post(popup + "?preview", wanted, headers={"HX-Request": "true"}))
    assert "Added to the balance €12.50" in shown
    assert "We have added €12.50 to your balance." in shown
    for _ in range(2):
        said = text(client.post(popup, wanted, follow=True))
        assert "€12.50 is added to the balance of Anna Alder." in said
    address = f"{panel}customers/{public('cus', buyer.customer)}/balance/"
    assert address in client.get(customer_address(buyer)).content.decode()
    page = text(client.get(address))
    assert "Added by hand Goodwill · Waited long. · Owner of Eastwind +€12.50 €12.50" in page
    with tenant(world.id):
        entry = LedgerEntry.objects.for_partner(world.id).get()
    back = f"{panel}credits/{public('crd', entry.pk)}/take-back/"
    assert "Taken back €12.50" in text(client.get(back))
    said = text(client.post(back, {"note": "The wrong customer."}, follow=True))
    assert "€12.50 is taken back from the balance of Anna Alder." in said
    assert "Credit by hand taken back The wrong customer. · Owner of Eastwind −€12.50 €0.00" in said
    assert "This credit was taken back already." in text(client.post(back, {"note": "Again."}))
