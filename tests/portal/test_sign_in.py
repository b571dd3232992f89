"""Customers sign in by a mailed link or code, and nobody learns who is known."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import PortalSession
from customers.rules.portal_roles import PortalRole
from notifications.models import SignIn
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.portal.places import SESSION, cookie_name
from partnerpanel.tenancy.scope import tenant
from tests.people import Team
from tests.portal.guests import code_in, deliver, guest, logins, token_in
from tests.world import World

pytestmark = pytest.mark.django_db
VALUE = re.compile(r"'[^']*'|\"s\d+_x\d+\"")


@pytest.fixture(autouse=True)
def nobody_was_here() -> None:
    cache.clear()


@pytest.fixture
def at(world: World) -> str:
    return f"/p/{world.partner.slug}/"


@pytest.fixture
def anna(world: World) -> str:
    """A customer's own address, which never signed in."""
    world.customer("Anna's Bakery", email="anna@bakery.example")
    return "anna@bakery.example"


def ask(client: Client, at: str, address: str, **more: str) -> None:
    answer = client.post(f"{at}sign-in/", {"email": address, **more})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{at}sign-in/code/"


def test_a_customers_own_address_gets_a_code_that_signs_it_in(world: World, at: str, anna: str) -> None:
    client = Client()
    assert client.get(at).headers["Location"].startswith(f"{at}sign-in/?next=")
    ask(client, at, "Anna@Bakery.example ")
    (text,) = deliver(world)
    assert text.startswith(anna)
    answer = client.post(f"{at}sign-in/code/", {"code": code_in(text)})
    assert answer.headers["Location"] == at
    assert client.get(at).status_code == 200
    assert "Anna's Bakery" in client.get(f"{at}account/").content.decode().replace("&#x27;", "'")
    assert logins(world, anna) == [PortalRole.OWNER]


def test_the_link_changes_nothing_until_its_button_is_pressed_and_works_once(world: World, at: str, anna: str) -> None:
    ask(Client(), at, anna)
    token = token_in(deliver(world)[0])
    scanner, client, late = Client(), Client(), Client()
    assert scanner.get(f"{at}sign-in/link/").status_code == 200
    assert client.post(f"{at}sign-in/link/", {"code": token}).headers["Location"] == at
    assert client.get(at).status_code == 200
    assert late.post(f"{at}sign-in/link/", {"code": token}).status_code == 422
    assert late.get(at).status_code == 302


def test_an_unknown_address_is_answered_as_a_known_one_and_writes_as_much(world: World, at: str, anna: str) -> None:
    answers, written = [], []
    for address in (anna, "nobody@nowhere.example"):
        client = Client()
        first = client.post(f"{at}sign-in/", {"email": address})
        wrong = client.post(f"{at}sign-in/code/", {"code": "00000000"})
        answers.append((first.status_code, first.headers["Location"], wrong.status_code))
        with tenant(world.id):
            written.append(SignIn.objects.for_partner(world.id).filter(address=address).count())
    assert answers[0] == answers[1]
    assert written == [1, 1]
    assert [text.split("\n")[0] for text in deliver(world)] == [anna]


def test_asking_does_the_same_work_for_a_known_and_an_unknown_address(world: World, at: str, anna: str) -> None:
    """What the database is asked is the same to the letter, but for the values: so the time says nothing."""
    done = []
    for address in ("warm@up.example", anna, "nobody@nowhere.example"):
        with CaptureQueriesContext(connection) as captured:
            Client().post(f"{at}sign-in/", {"email": address})
        done.append([VALUE.sub("?", one["sql"]) for one in captured])
    assert done[1] == done[2]


def test_five_wrong_codes_use_it_up(world: World, at: str, anna: str) -> None:
    client = Client()
    ask(client, at, anna)
    code = code_in(deliver(world)[0])
    wrong = "1111 1111" if code != "1111 1111" else "2222 2222"
    said = [client.post(f"{at}sign-in/code/", {"code": wrong}) for _ in range(5)]
    assert "Tries left: 1." in said[3].content.decode()
    assert "no longer works" in said[4].content.decode()
    assert client.post(f"{at}sign-in/code/", {"code": code}).status_code == 302
    assert client.get(at).status_code == 302
    assert client.post(f"{at}sign-in/link/", {"code": "x" * 40}).status_code == 422


def test_a_code_and_its_link_end_after_ten_minutes(world: World, at: str, anna: str) -> None:
    client = Client()
    ask(client, at, anna)
    text = deliver(world)[0]
    with tenant(world.id):
        row = SignIn.objects.for_partner(world.id).get(address=anna)
        assert row.expires_at is not None
        assert row.expires_at - system_now() <= timedelta(minutes=10)
        row.expires_at = system_now()
        row.save(update_fields=["expires_at"])
    assert client.post(f"{at}sign-in/code/", {"code": code_in(text)}).status_code == 422
    assert client.post(f"{at}sign-in/link/", {"code": token_in(text)}).status_code == 422


def test_a_code_works_only_in_the_browser_that_asked_for_it(world: World, at: str, anna: str) -> None:
    ask(Client(), at, anna)
    code = code_in(deliver(world)[0])
    other = Client()
    assert other.post(f"{at}sign-in/code/", {"code": code}).headers["Location"] == f"{at}sign-in/"


def test_an_address_that_only_looks_alike_gets_no_mail_of_its_own(world: World, at: str, anna: str) -> None:
    ask(Client(), at, "anna@\N{FULLWIDTH LATIN SMALL LETTER B}akery.example")
    assert [text.split("\n")[0] for text in deliver(world)] == [anna]


def test_what_is_kept_of_a_code_opens_nothing(world: World, at: str, anna: str) -> None:
    ask(Client(), at, anna)
    text = deliver(world)[0]
    code, token = code_in(text).replace(" ", ""), token_in(text)
    with tenant(world.id):
        row = SignIn.objects.for_partner(world.id).get(address=anna)
    kept = [str(value) for value in vars(row).values()]
    assert not any(code in value or token in value for value in kept)


def test_somebody_elses_mailbox_is_not_flooded(world: World, at: str, anna: str) -> None:
    answers = [Client().post(f"{at}sign-in/", {"email": anna}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


def test_a_remembered_device_keeps_its_cookie_and_another_does_not(world: World, at: str, anna: str) -> None:
    for remember, lives in (({"remember": "on"}, 60 * 86_400), ({}, "")):
        client = Client()
        ask(client, at, anna, **remember)
        client.post(f"{at}sign-in/code/", {"code": code_in(deliver(world)[-1])})
        cookie = client.cookies[cookie_name(SESSION, world.partner)]
        assert cookie["max-age"] == lives
        assert cookie["path"] == at
        assert cookie["httponly"]
    with tenant(world.id):
        lengths = [row.expires_at - row.began_at for row in PortalSession.objects.for_partner(world.id).order_by("pk")]
    assert lengths == [timedelta(days=60), timedelta(hours=12)]


def test_a_session_of_one_partner_is_nothing_at_another(world: World, other_world: World, at: str, anna: str) -> None:
    here = guest(world, world.customer())
    client = here.client()
    client.cookies[cookie_name(SESSION, other_world.partner)] = here.token
    assert client.get(at).status_code == 200
    assert client.get(f"/p/{other_world.partner.slug}/").status_code == 302


def test_the_panels_session_opens_no_portal_and_the_portals_no_panel(world: World, at: str, team: Team) -> None:
    assert team.owner.client().get(at).status_code == 302
    assert guest(world, world.customer()).client().get(f"/panel/{world.partner.slug}/").status_code == 302


def test_signing_out_everywhere_ends_every_session_of_that_log_in_and_no_other(world: World, at: str) -> None:
    customer = world.customer()
    one, colleague = guest(world, customer), guest(world, customer, PortalRole.BILLING)
    client = one.client()
    answer = client.post(f"{at}account/sessions/end/")
    assert answer.headers["Location"] == f"{at}sign-in/?said=signed-out"
    assert one.client().get(at).status_code == 302
    assert colleague.client().get(at).status_code == 200


def test_an_owner_invites_and_removes_and_the_others_may_not(world: World, at: str) -> None:
    customer = world.customer()
    owner, technical = guest(world, customer), guest(world, customer, PortalRole.TECHNICAL)
    wanted = {"email": "bo@bakery.example", "role": "billing"}
    assert technical.client().post(f"{at}account/logins/", wanted).status_code == 403
    assert owner.client().post(f"{at}account/logins/", wanted).status_code == 302
    assert owner.client().post(f"{at}account/logins/", wanted).status_code == 409
    (text,) = deliver(world)
    bo = Client()
    assert bo.post(f"{at}sign-in/link/", {"code": token_in(text)}).headers["Location"] == at
    assert bo.get(at).status_code == 200
    assert logins(world, "bo@bakery.example") == [PortalRole.BILLING]
    assert len(mail.outbox) == 1


def test_the_last_owner_stays(world: World, at: str) -> None:
    customer = world.customer()
    owner = guest(world, customer)
    login = owner.actor.id
    assert login is not None
    answer = owner.client().post(f"{at}account/logins/{public('plg', login)}/remove/")
    assert answer.status_code == 409
    assert "only owner" in answer.content.decode()
    guest(world, customer, email="second@bakery.example")
    assert owner.client().post(f"{at}account/logins/{public('plg', login)}/remove/").status_code == 302
    assert owner.client().get(at).status_code == 302


def test_whoever_looks_after_two_customers_switches_between_them(world: World, at: str) -> None:
    bakery, mill = world.customer("Bakery"), world.customer("Mill")
    one = guest(world, bakery, email="both@example.com")
    other = guest(world, mill, email="both@example.com")
    login = other.actor.id
    assert login is not None
    client = one.client()
    assert "Bakery" in client.get(at).content.decode()
    client.post(f"{at}account/logins/{public('plg', login)}/switch/")
    assert "Mill" in client.get(at).content.decode()
