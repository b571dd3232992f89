"""The report of who leaves: its numbers, the rows behind them, and both as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from partnerpanel.actions.cancel import Cancel, CancelWhen
from tests.actions.selling import Shop
from tests.offers.leaving import PAUSE, Leaver, rule
from tests.panel.scriptless import text
from tests.people import Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


def test_every_number_adds_up_to_the_rows_behind_it(
    world: World, team: Team, other_team: Team, clock: time_machine.Traveller
) -> None:
    shop = Shop(world, team.owner)
    rule(shop, PAUSE, "A rest")
    stays, leaves, goes = (Leaver.of(shop.buyer(name=name)) for name in ("Ada", "Ben", "Cleo"))
    offer = stays.says("unused")
    assert offer is not None
    stays.takes(offer)
    leaves.says("unused")
    leaves.leaves("unused")
    goes.buyer.does(Cancel(goes.buyer.target, CancelWhen.NOW, "too_expensive"))
    client, at = Client(), f"/panel/{world.partner.slug}/reports/leaving/"
    client.force_login(team.owner.user)
    shown = text(client.get(at))
    assert "Cancelled 2" in shown
    assert "Shown an offer 2" in shown
    assert "Taken 1 of 2 (50 %)" in shown
    assert "Still here 1 of 1 (100 %)" in shown
    assert "After 90 days 0" in shown
    assert "Kept a month €101.39" in shown
    assert "Not used 1" in shown
    assert "Too expensive 1" in shown
    rows = text(client.get(f"{at}cancelled/?reason=unused"))
    assert "Ben" in rows
    assert "the customer" in rows
    assert "Cleo" not in rows
    taken = text(client.get(f"{at}offers/?only=taken"))
    assert "Ada" in taken
    assert "Ben" not in taken
    csv = b"".join(client.get(f"{at}cancelled.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert [line.split(",")[2] for line in csv.splitlines()[1:]] == ["Cleo", "Ben"]
    clock.shift(timedelta(days=91))
    client.force_login(team.owner.user)
    assert "After 90 days 1 of 1 (100 %)" in text(client.get(at))
    assert client.get(f"{at}?months=7&month=never&cursor=x").status_code == 200
    neighbour = Client()
    neighbour.force_login(other_team.owner.user)
    assert neighbour.get(at).status_code == 404
    assert "Cancelled 0" in text(neighbour.get(f"/panel/{other_team.partner.slug}/reports/leaving/"))
    reader = Client()
    reader.force_login(team.read_only.user)
    assert reader.get(f"{at}cancelled.csv").status_code == 403
