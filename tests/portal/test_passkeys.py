"""A device signs in without a mail, for the log-in that added it, and for nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from customers.models import Passkey, PasskeyChallenge
from customers.rules.portal_roles import PortalRole
from customers.services.passkeys import MOST
from customers.services.portal_logins import remove_login
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.queues.purging import purge_partner
from partnerpanel.tenancy.scope import tenant
from tests.portal.devices import Device, Flag
from tests.portal.guests import Guest, guest
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_was_here() -> None:
    cache.clear()


@pytest.fixture
def anna(world: World) -> Guest:
    return guest(world, world.customer("Anna's Bakery"))


@pytest.fixture
def phone(anna: Guest) -> Device:
    """It keeps a passkey of Anna's."""
    device = Device()
    assert add(anna, device).headers["Location"] == f"{anna.at}account/passkeys/?said=passkey-kept"
    return device


def asked_to_add(who: Guest, client: Client | None = None) -> dict[str, Any]:
    answer = (client or who.client()).post(f"{who.at}account/passkeys/asked/")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def add(who: Guest, device: Device, **how: Any) -> Any:
    return who.client().post(f"{who.at}account/passkeys/", {"answer": device.make(asked_to_add(who), **how)})


def asked_to_prove(at: str) -> dict[str, Any]:
    return dict(Client().post(f"{at}sign-in/passkey/asked/").json())


def enter(at: str, answer: str, client: Client | None = None) -> Any:
    return (client or Client()).post(f"{at}sign-in/passkey/", {"answer": answer})


def kept(world: World) -> list[Passkey]:
    with tenant(world.id):
        return list(Passkey.objects.for_partner(world.id).order_by("made_at"))


def test_a_device_signs_in_without_a_mail(world: World, anna: Guest, phone: Device) -> None:
    client = Client()
    asked = asked_to_prove(anna.at)
    assert "allowCredentials" not in asked, "what is asked says nothing about who is known"
    assert enter(anna.at, phone.prove(asked), client).headers["Location"] == anna.at
    assert "Anna&#x27;s Bakery" in client.get(f"{anna.at}account/").content.decode()
    (row,) = kept(world)
    assert row.used_at is not None
    assert row.agent == ""


def test_the_page_that_was_wanted_is_the_one_that_comes(anna: Guest, phone: Device) -> None:
    answer = phone.prove(asked_to_prove(anna.at))
    went = Client().post(f"{anna.at}sign-in/passkey/", {"answer": answer, "next": f"{anna.at}invoices/"})
    assert went.headers["Location"] == f"{anna.at}invoices/"
    again = phone.prove(asked_to_prove(anna.at))
    elsewhere = Client().post(f"{anna.at}sign-in/passkey/", {"answer": again, "next": "https://evil.example/"})
    assert elsewhere.headers["Location"] == anna.at


def test_an_answer_is_good_once_and_for_five_minutes(anna: Guest, phone: Device) -> None:
    answer = phone.prove(asked_to_prove(anna.at))
    assert enter(anna.at, answer).status_code == 302
    assert enter(anna.at, answer).status_code == 422
    late = phone.prove(asked_to_prove(anna.at))
    with time_machine.travel(system_now() + timedelta(minutes=5)):
        assert enter(anna.at, late).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"origin": "https://testserver"}, id="of another scheme"),
        pytest.param({"origin": "http://testserver.evil.example"}, id="of another site"),
        pytest.param({"flags": Flag.UP}, id="without finger, face or PIN"),
        pytest.param({"flags": Flag.UV}, id="with nobody there"),
        pytest.param({"key": Device().key}, id="signed by another key"),
    ],
)
def test_what_the_device_did_not_sign_here_opens_nothing(anna: Guest, phone: Device, wrong: dict[str, Any]) -> None:
    client = Client()
    refused = enter(anna.at, phone.prove(asked_to_prove(anna.at), **wrong), client)
    assert refused.status_code == 422
    assert "This passkey does not open anything here." in refused.content.decode()
    assert client.get(anna.at).status_code == 302


@pytest.mark.parametrize(
    "said",
    ["", "{}", "[]", "null", "\0", "x" * 20_001, '{"rawId": 1, "response": {"clientDataJSON": "e30"}}', "[" * 9_000],
)
def test_nonsense_is_refused_in_the_same_words(anna: Guest, phone: Device, said: str) -> None:
    refused = enter(anna.at, said)
    assert refused.status_code == 422
    assert "This passkey does not open anything here." in refused.content.decode()
    kept_nothing = anna.client().post(f"{anna.at}account/passkeys/", {"answer": said})
    assert kept_nothing.status_code == 422
    assert "This passkey does not open anything here." in kept_nothing.content.decode()


def test_a_device_that_was_copied_is_noticed_by_its_counter(anna: Guest) -> None:
    phone = Device(counts=1)
    add(anna, phone)
    phone.counts = 2
    assert enter(anna.at, phone.prove(asked_to_prove(anna.at))).status_code == 302
    copy = Device(counts=2, key=phone.key, id=phone.id)
    assert enter(anna.at, copy.prove(asked_to_prove(anna.at))).status_code == 422
    phone.counts = 3
    assert enter(anna.at, phone.prove(asked_to_prove(anna.at))).status_code == 302


def test_what_was_asked_of_one_log_in_makes_no_passkey_of_another(world: World, anna: Guest) -> None:
    other = guest(world, anna.customer, PortalRole.TECHNICAL)
    answer = Device().make(asked_to_add(anna))
    assert other.client().post(f"{other.at}account/passkeys/", {"answer": answer}).status_code == 422
    to_sign_in = asked_to_prove(anna.at)
    as_new = Device().make({**asked_to_add(anna), "challenge": to_sign_in["challenge"]})
    assert anna.client().post(f"{anna.at}account/passkeys/", {"answer": as_new}).status_code == 422
    assert kept(world) == []


def test_another_partners_portal_does_not_know_the_device(anna: Guest, phone: Device, other_world: World) -> None:
    at = f"/p/{other_world.partner.slug}/"
    assert enter(at, phone.prove(asked_to_prove(at))).status_code == 422
    assert enter(at, phone.prove(asked_to_prove(anna.at))).status_code == 422


def test_a_passkey_works_on_the_host_where_it_was_made_alone(world: World, anna: Guest, phone: Device) -> None:
    here = anna.client().post(f"{anna.at}account/passkeys/asked/").json()
    assert [one["id"] for one in here["excludeCredentials"]] == [one.credential_id for one in kept(world)]
    there = anna.client().post(f"{anna.at}account/passkeys/asked/", headers={"host": "localhost"}).json()
    assert there["rp"]["id"] == "localhost"
    assert not there.get("excludeCredentials")
    asked = Client().post(f"{anna.at}sign-in/passkey/asked/", headers={"host": "localhost"}).json()
    answer = phone.prove(asked, origin="http://localhost")
    refused = Client().post(f"{anna.at}sign-in/passkey/", {"answer": answer}, headers={"host": "localhost"})
    assert refused.status_code == 422


def test_a_passkey_is_removed_and_opens_nothing_any_more(world: World, anna: Guest, phone: Device) -> None:
    (row,) = kept(world)
    page = anna.client().get(f"{anna.at}account/passkeys/").content.decode()
    address = f"{anna.at}account/passkeys/{public('pky', row.pk)}/remove/"
    assert address in page
    stranger = guest(world, anna.customer, PortalRole.BILLING)
    assert stranger.client().post(address).status_code == 404
    assert anna.client().post(address).headers["Location"].endswith("?said=passkey-removed")
    assert anna.client().post(address).status_code == 404
    assert enter(anna.at, phone.prove(asked_to_prove(anna.at))).status_code == 422
    with tenant(world.id):
        told = Event.objects.for_partner(world.id).filter(kind__contains="passkey").order_by("pk")
        assert [one.kind for one in told] == ["portal_login.passkey_added", "portal_login.passkey_removed"]


def test_a_log_in_that_is_taken_away_takes_its_passkeys_along(world: World, anna: Guest, phone: Device) -> None:
    (row,) = kept(world)
    with tenant(world.id):
        remove_login(row.login_id, actor=world.system, now=world.now)
    assert kept(world) == []
    assert enter(anna.at, phone.prove(asked_to_prove(anna.at))).status_code == 422


def test_a_log_in_has_ten_passkeys_at_most(world: World, anna: Guest) -> None:
    last = asked_to_add(anna)
    for _ in range(MOST):
        add(anna, Device())
    refused = anna.client().post(f"{anna.at}account/passkeys/", {"answer": Device().make(last)})
    assert refused.status_code == 409
    assert "Remove one" in refused.content.decode()
    assert anna.client().post(f"{anna.at}account/passkeys/asked/").status_code == 409
    assert len(kept(world)) == MOST


def test_the_same_device_is_kept_once(world: World, anna: Guest, phone: Device) -> None:
    assert add(anna, phone).status_code == 422
    assert len(kept(world)) == 1


def test_where_the_address_is_a_number_no_passkey_is_offered(anna: Guest) -> None:
    assert "data-passkey" in Client().get(f"{anna.at}sign-in/").content.decode()
    by_number = Client(headers={"host": "127.0.0.1"})
    assert "data-passkey" not in by_number.get(f"{anna.at}sign-in/").content.decode()


def test_whoever_asks_too_often_waits(anna: Guest) -> None:
    answers = {Client().post(f"{anna.at}sign-in/passkey/asked/").status_code for _ in range(61)}
    assert answers == {200, 429}


def test_what_was_asked_is_forgotten_after_a_day(world: World, anna: Guest) -> None:
    asked_to_prove(anna.at)
    with time_machine.travel(system_now() + timedelta(days=2)):
        purge_partner(world.id, seconds=10)
    with tenant(world.id):
        assert not PasskeyChallenge.objects.for_partner(world.id).exists()


def test_nothing_kept_of_a_passkey_could_open_anything(world: World, anna: Guest, phone: Device) -> None:
    asked = asked_to_prove(anna.at)
    with tenant(world.id):
        rows = list(PasskeyChallenge.objects.for_partner(world.id).values_list("challenge_hash", flat=True))
    assert json.dumps(asked["challenge"]) not in json.dumps(rows)
