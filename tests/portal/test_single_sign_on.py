"""The partner's own site leads somebody into the portal: once, within a minute, as the customer that it named."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from customers.queries.portal import logins_of
from customers.rules.portal_roles import PortalRole
from notifications.models import SignIn
from partnerpanel.actions import portal_access
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from tests.api.program import Program, make_program
from tests.people import Team
from tests.portal.guests import guest, logins
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_was_here() -> None:
    cache.clear()


@pytest.fixture
def program(team: Team) -> Program:
    return make_program(team.owner)


def handed(program: Program, customer: object, **wanted: str) -> str:
    path = f"/customers/{public('cus', customer)}/portal_session"  # type: ignore[arg-type]
    return str(program.post(path, wanted).ok()["url"])


def enter(client: Client, url: str) -> str:
    """Opens the page, presses the button; where that leads."""
    parts = urlsplit(url)
    page = client.get(f"{parts.path}?{parts.query}")
    assert page.status_code == 200
    place = parts.query.partition("=")[2]
    answer = client.post(parts.path, {"code": parts.fragment, "to": place})
    return str(answer.headers.get("Location", answer.status_code))


def test_it_leads_to_the_named_page_and_works_once(world: World, program: Program) -> None:
    customer = world.customer("Anna's Bakery", email="anna@bakery.example")
    url, at = handed(program, customer, to="payment"), f"/p/{world.partner.slug}/"
    assert urlsplit(url).fragment not in urlsplit(url).path + urlsplit(url).query
    client = Client()
    assert enter(client, url) == f"{at}payment/"
    assert client.get(f"{at}payment/").status_code == 200
    assert enter(Client(), url) == "422"
    assert logins(world, "anna@bakery.example") == [PortalRole.OWNER]
    assert mail.outbox == []


def test_it_ends_after_a_minute(world: World, program: Program) -> None:
    url = handed(program, world.customer(email="anna@bakery.example"))
    with tenant(world.id):
        row = SignIn.objects.get(kind="sso")
        assert row.expires_at is not None
        assert row.expires_at - row.asked_at == timedelta(seconds=60)
        row.expires_at = row.asked_at
        row.save(update_fields=["expires_at"])
    assert enter(Client(), url) == "422"


def test_it_is_for_that_customer_though_the_address_has_others(world: World, program: Program) -> None:
    first = guest(world, world.customer("Mill"), email="both@example.com")
    second = guest(world, world.customer("Bakery"), PortalRole.BILLING, email="both@example.com")
    client = Client()
    enter(client, handed(program, second.customer, email="Both@example.com"))
    assert "Bakery" in client.get(first.at).content.decode()


def test_what_is_asked_for_beside_the_list_is_refused_or_leads_home(world: World, program: Program) -> None:
    customer = world.customer(email="anna@bakery.example")
    path = f"/customers/{public('cus', customer)}/portal_session"
    assert program.post(path, {"to": "//evil.example.org"}).status == 422
    assert program.post(path, {"email": "stranger@example.com"}).status == 404
    url = handed(program, customer).replace("to=home", "to=//evil.example.org")
    assert enter(Client(), url) == f"/p/{world.partner.slug}/"


def test_another_partners_program_and_page_get_nothing(
    world: World, other_world: World, program: Program, other_team: Team
) -> None:
    customer = world.customer(email="anna@bakery.example")
    stranger = make_program(other_team.owner)
    assert stranger.post(f"/customers/{public('cus', customer)}/portal_session", {}).status == 404
    url = handed(program, customer).replace(f"/p/{world.partner.slug}/", f"/p/{other_world.partner.slug}/")
    assert enter(Client(), url) == "422"


def test_a_mailed_link_and_a_handed_over_one_are_not_each_other(world: World, program: Program) -> None:
    url = handed(program, world.customer(email="anna@bakery.example"))
    answer = Client().post(f"/p/{world.partner.slug}/sign-in/link/", {"code": urlsplit(url).fragment})
    assert answer.status_code == 422


def test_a_removed_log_in_gets_no_further(world: World, program: Program, team: Team) -> None:
    customer = world.customer(email="anna@bakery.example")
    url = handed(program, customer)
    with tenant(world.id):
        [login] = logins_of(world.id, customer)
    portal_access.remove(login.id, actor=team.owner.actor, now=world.now)
    assert enter(Client(), url) == "422"
