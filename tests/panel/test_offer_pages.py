"""Offers and reasons in the settings, as pages and popups."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from partnerpanel.kernel.ids import public
from partnerpanel.offers.models import OfferRule
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Shop
from tests.panel.scriptless import text
from tests.people import Team
from tests.world import World

pytestmark = pytest.mark.django_db
PAUSE = {"name": "A rest", "moment": "leaving", "position": "2", "kind": "pause", "pause_months": "2"}


def test_an_offer_is_made_looked_at_changed_and_switched_off(world: World, team: Team) -> None:
    shop = Shop(world, team.owner)
    shop.buyer("Basic")
    client = Client()
    client.force_login(team.owner.user)
    at = f"/panel/{world.partner.slug}/settings/offers/"
    assert "Nothing is offered" in text(client.get(at))
    assert "Too expensive" in text(client.get(at))
    answer = client.post(f"{at}new/", {**PAUSE, "pause_months": ""})
    assert "Choose what is offered." in text(answer)
    client.post(f"{at}new/", {**PAUSE, "plans": [public("prod", shop.product)], "reasons": ["unused"]})
    listed = text(client.get(at))
    assert "A rest" in listed
    assert "2 months of pause" in listed
    assert "for: Not used · on: Telephone" in listed
    with tenant(world.id):
        one = f"{at}{public('ofr', OfferRule.objects.for_partner(world.id).get().pk)}/"
    assert "1 subscription would see it." in text(client.get(one))
    page = client.get(f"{one}edit/").content.decode()
    assert re.search(r'name="pause_months"[\s\S]*?value="2" selected', page)
    client.post(f"{one}edit/", {**PAUSE, "price_from": "200.00", "currency": "EUR", "version": "1"})
    assert "0 subscriptions would see it." in text(client.get(one))
    assert "1 pays another price" in text(client.get(one))
    assert client.post(f"{one}edit/", {**PAUSE, "version": "1"}).status_code == 409
    client.post(f"{one}switch/", {})
    shown = text(client.get(one))
    assert "Offer switched off" in shown
    assert "Offer changed" in shown


def test_a_reason_is_added_reworded_and_not_asked_any_more(world: World, team: Team) -> None:
    shop = Shop(world, team.owner)
    buyer = shop.buyer("Basic")
    client = Client()
    client.force_login(team.owner.user)
    panel = f"/panel/{world.partner.slug}/"
    at = f"{panel}settings/offers/"
    assert "at least one language" in text(client.post(f"{at}reasons/new/", {"is_on": "on"}))
    client.post(f"{at}reasons/new/", {"is_on": "on", "label_en": "We moved", "label_de": "Wir sind umgezogen"})
    client.post(f"{at}reasons/unused/", {"label_en": "Never opened it"})
    listed = text(client.get(at))
    assert "We moved" in listed
    assert "Never opened it Not asked" in listed
    popup = text(client.get(f"{panel}subscriptions/{public('sub', buyer.subscription)}/cancel/"))
    assert "We moved" in popup
    assert "Never opened it" not in popup
    assert "stands for every other reason" in text(client.post(f"{at}reasons/other/", {}))
    assert client.get(f"{at}reasons/nothing/").status_code == 404
