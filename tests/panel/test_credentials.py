"""Popups of credentials, the page behind a one-time link, and the settings about both."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from partnerpanel.actions import credentials
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import CredentialLink
from tests.actions.carry_out import everything
from tests.actions.test_credentials import age, mailed, reset, send, stored_password, token_in
from tests.people import PASSWORD, Person, Team
from tests.threads import in_threads
from tests.world import NOW, World

HX = {"HX-Request": "true"}


@pytest.fixture
def subscription(world: World) -> UUID:
    id_ = world.subscription(customer=world.customer("Anna Alder", email="anna@alder.example"))
    world.drain()
    return id_


def url(world: World, subscription: UUID, rest: str = "") -> str:
    return f"/panel/{world.partner.slug}/subscriptions/{public('sub', subscription)}/credentials/{rest}"


def link_url(world: World) -> str:
    return f"/credentials/{public('par', world.id)}/"


def confirmed(person: Person, *, seconds_ago: int = 0) -> Client:
    """A browser in which the person is signed in and has confirmed so long ago that it is them."""
    client = person.client()
    session = client.session
    record = {"method": "password", "at": time.time() - seconds_ago, "reauthenticated": True}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = str(person.user.pk)
    session.save()
    return client


def test_who_has_not_confirmed_is_led_there_and_back_and_shown_nothing(
    world: World, subscription: UUID, owner: Person
) -> None:
    address, before = url(world, subscription), everything(world)
    for client in (owner.client(), confirmed(owner, seconds_ago=301)):
        for ask in (client.get, client.post):
            answer = ask(address, {"reason": "They asked."})
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/accounts/reauthenticate/?next=%2Fpanel%2Feastwind%2Fsubs")
            popup = ask(address, {"reason": "They asked."}, headers=HX).content.decode()
            assert "Confirm first that it is you" in popup
            assert stored_password(world, subscription) not in popup
    assert everything(world) == before


def test_signing_in_is_not_confirming_but_the_password_again_is(
    world: World, subscription: UUID, owner: Person
) -> None:
    owner.user.set_password(PASSWORD)
    owner.user.save()
    client, address = owner.client(), url(world, subscription)
    there = client.get(address).headers["Location"]
    wrong = client.post(there, {"password": "something else"})
    assert wrong.status_code == 200
    assert client.get(address).status_code == 302
    back = client.post(there, {"password": PASSWORD, "next": address})
    assert (back.status_code, back.headers["Location"]) == (302, address)
    assert "Reason" in client.get(address).content.decode()


def test_the_credentials_are_shown_and_no_cache_may_keep_them(world: World, subscription: UUID, owner: Person) -> None:
    client, address = confirmed(owner), url(world, subscription)
    password = stored_password(world, subscription)
    assert password not in client.get(address).content.decode()
    page = client.post(address, {"reason": "They asked."})
    popup = client.post(address, {"reason": "They asked."}, headers=HX)
    for answer in (page, popup):
        assert password in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]
        assert 'data-hide-after="30"' in answer.content.decode()
    assert page.headers["Refresh"].startswith("30; url=/panel/eastwind/customers/cus_")
    assert "Refresh" not in popup.headers


def test_a_missing_reason_is_named_and_nothing_shown(world: World, subscription: UUID, owner: Person) -> None:
    before = everything(world)
    answer = confirmed(owner).post(url(world, subscription), {"reason": " "})
    assert answer.status_code == 422
    assert "your team reads it" in answer.content.decode()
    assert stored_password(world, subscription) not in answer.content.decode()
    assert everything(world) == before


def test_billing_may_mail_and_reset_but_not_look(world: World, subscription: UUID, team: Team) -> None:
    client = confirmed(team[Role.BILLING])
    assert client.post(url(world, subscription), {"reason": "They asked."}).status_code == 403
    assert client.get(url(world, subscription, "reset/")).status_code == 200
    assert client.get(url(world, subscription, "send/")).status_code == 200


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    (value,) = re.findall(rf'name="{name}" value="([^"]*)"', page)
    return str(value)


def test_a_second_reset_is_told_what_moved_and_can_be_confirmed_again(
    world: World, subscription: UUID, owner: Person
) -> None:
    client, address = owner.client(), url(world, subscription, "reset/")
    shown = hidden(client.get(address).content.decode(), "number")
    reset(subscription, owner)
    answer = client.post(address, {"number": shown})
    text = answer.content.decode()
    assert (answer.status_code, hidden(text, "number")) == (409, "2")
    assert "Somebody else reset the password" in text
    assert client.post(address, {"number": "2"}).status_code == 302


def test_the_mail_in_the_popup_is_the_mail_that_is_sent(
    world: World, subscription: UUID, owner: Person, mailoutbox: list[EmailMessage]
) -> None:
    client, address = owner.client(), url(world, subscription, "send/")
    page = client.get(address).content.decode()
    assert "link that shows the credentials once" in page
    assert f"http://testserver{link_url(world)}#…" in page
    assert client.post(address, {"mode": hidden(page, "mode")}).status_code == 302
    mail = mailed(world, mailoutbox, now=system_now())
    assert str(mail.subject) in page
    assert "stops working now" in client.get(address).content.decode(), "a link is open"


def test_from_the_row_one_login_is_taken_and_of_several_it_is_asked_which(
    world: World, subscription: UUID, owner: Person
) -> None:
    customer = world.read_subscription(subscription).customer_id
    rows = f"/panel/{world.partner.slug}/customers/{public('cus', customer)}/credentials/"
    for verb in ("", "reset/", "send/"):
        answer = owner.client().get(rows + verb)
        assert (answer.status_code, answer.headers["Location"]) == (302, url(world, subscription, verb))
    other = world.subscription(customer=customer)
    page = owner.client().get(rows + "send/").content.decode()
    assert url(world, subscription, "send/") in page
    assert url(world, other, "send/") in page
    nobody = world.customer()
    rows = rows.replace(public("cus", customer), public("cus", nobody))
    assert "has a login" in owner.client().get(rows).content.decode()


def test_looking_at_the_link_changes_nothing_and_pressing_the_button_shows_them_once(
    world: World, subscription: UUID, owner: Person, mailoutbox: list[EmailMessage]
) -> None:
    send(subscription, owner)
    token, password = token_in(mailed(world, mailoutbox)), stored_password(world, subscription)
    before = everything(world)
    for method in ("get", "head", "get"):
        answer = getattr(Client(), method)(link_url(world))
        assert (answer.status_code, password in answer.content.decode()) == (200, False)
    assert everything(world) == before
    shown = Client(enforce_csrf_checks=True).post(link_url(world), {"code": token})
    text = shown.content.decode()
    assert password in text
    assert "Eastwind" in text
    assert "PartnerPanel" not in text
    assert "no-store" in shown.headers["Cache-Control"]
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    again = Client().post(link_url(world), {"code": token}).content.decode()
    assert password not in again
    assert "no longer works" in again


def test_a_whole_link_may_be_pasted(
    world: World, subscription: UUID, owner: Person, mailoutbox: list[EmailMessage]
) -> None:
    send(subscription, owner)
    token = token_in(mailed(world, mailoutbox))
    pasted = Client().post(link_url(world), {"code": f" http://testserver{link_url(world)}#{token}\n"})
    assert stored_password(world, subscription) in pasted.content.decode()


def test_used_expired_and_unknown_links_are_answered_by_the_very_same_page(
    world: World, other_world: World, subscription: UUID, owner: Person, mailoutbox: list[EmailMessage]
) -> None:
    tokens = {"unknown": "x" * 43}
    for name in ("revoked", "expired"):
        send(subscription, owner)
        tokens[name] = token_in(mailed(world, mailoutbox))
    age(world, timedelta(hours=25))
    send(subscription, owner)
    tokens["used"] = token_in(mailed(world, mailoutbox))
    credentials.open_link(world.id, tokens["used"], now=NOW)
    answers = {name: Client().post(link_url(world), {"code": token}) for name, token in tokens.items()}
    assert {answer.status_code for answer in answers.values()} == {200}
    texts = {
        re.sub(r'csrf[^ >]*|value="[^"]{64}"|"X-CSRFToken": "[^"]+"', "", a.content.decode()) for a in answers.values()
    }
    assert len(texts) == 1
    assert "no longer works" in texts.pop()


def test_a_link_opens_nothing_under_another_partners_name(
    world: World, other_world: World, subscription: UUID, owner: Person, mailoutbox: list[EmailMessage]
) -> None:
    send(subscription, owner)
    token = token_in(mailed(world, mailoutbox))
    for address in (link_url(other_world), f"/credentials/{public('par', uuid7())}/", "/credentials/par_nobody/"):
        for answer in (Client().get(address), Client().post(address, {"code": token})):
            assert stored_password(world, subscription) not in answer.content.decode()
    assert stored_password(world, subscription) in Client().post(link_url(world), {"code": token}).content.decode()


@pytest.mark.parametrize("code", ["", " ", "x" * 10_000, "\x00", "🐘" * 100, "#"])
def test_nonsense_opens_nothing_and_breaks_nothing(world: World, subscription: UUID, code: str) -> None:
    assert Client().post(link_url(world), {"code": code}).status_code in (200, 422)


def test_only_owners_and_admins_change_how_credentials_are_mailed(world: World, subscription: UUID, team: Team) -> None:
    page = f"/panel/{world.partner.slug}/settings/credentials/"
    assert "One-time link" in team.read_only.client().get(page).content.decode()
    assert "Allow plain text" not in team.read_only.client().get(page).content.decode()
    for role in (Role.SUPPORT, Role.BILLING, Role.READ_ONLY):
        assert team[role].client().post(page + "plain/allow/").status_code == 403
    client = team.owner.client()
    assert client.post(page + "plain/allow/").status_code == 302
    assert "Allowed by Owner of Eastwind" in client.get(page).content.decode()
    assert "in plain text, as your settings allow" in client.get(url(world, subscription, "send/")).content.decode()
    assert client.post(page + "plain/forbid/").status_code == 302
    assert "Mails contain a link" in client.get(page).content.decode()


def test_an_address_that_moved_is_refused_at_its_field(world: World, subscription: UUID, owner: Person) -> None:
    client, page = owner.client(), f"/panel/{world.partner.slug}/settings/credentials/"
    (address,) = re.findall(r'href="([^"]+/address/)"', client.get(page).content.decode())
    assert client.post(address, {"address": "pbx.example:5061", "version": "0"}).status_code == 302
    assert "pbx.example:5061" in client.get(page).content.decode()
    stale = client.post(address, {"address": "other.example", "version": "0"})
    assert (stale.status_code, hidden(stale.content.decode(), "version")) == (409, "1")
    wrong = client.post(address, {"address": "https://u:p@pbx.example", "version": "1"})
    assert wrong.status_code == 422
    assert "without a password" in wrong.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_the_button_at_once_exactly_one_is_shown_them(
    world: World, subscription: UUID, owner: Person, mailoutbox: list[EmailMessage]
) -> None:
    password = stored_password(world, subscription)
    for _ in range(5):
        send(subscription, owner)
        token = token_in(mailed(world, mailoutbox))
        press = partial(Client().post, link_url(world), {"code": token})
        answers = [answer.content.decode() for answer in in_threads(*[press] * 4)]
        assert sorted(password in answer for answer in answers) == [False, False, False, True]
    with tenant(world.id):
        assert CredentialLink.objects.for_partner(world.id).filter(used_at=None, revoked_at=None).count() == 0
