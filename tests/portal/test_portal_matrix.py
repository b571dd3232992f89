"""Every route of the portal × method × (nobody, each role, another customer, another partner's customer).

Another's object is answered exactly like one that never existed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from billing.models import CreditNote
from billing.queries.invoice_list import invoices_of
from billing.services.cards import add_card
from billing.services.invoices import take_numbers
from customers.models import PortalSession
from customers.queries.portal import logins_of, signed_in
from customers.rules.portal_roles import PortalRole
from customers.services import portal_sessions
from notifications.marketing.links import SALT
from partnerpanel.actions import passkeys
from partnerpanel.actions.passkeys import Site
from partnerpanel.actions.permission import OF_PORTAL
from partnerpanel.actions.tickets import open_ticket
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import ALPHABET, LENGTH, public, uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.support.services import NewTicket
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.changes import plans_at
from subscriptions.queries.names import plan_and_customer
from subscriptions.services.catalogue import create_plan
from tests.actions.carry_out import Watch, everything
from tests.architecture.routes import PORTAL, PortalRoute
from tests.kept import kept, two_teams
from tests.portal.devices import ORIGIN, Device
from tests.portal.guests import Guest, guest
from tests.world import World

PREFIXES = {
    "login": "plg",
    "session": "pse",
    "subscription": "sub",
    "invoice": "inv",
    "note": "cn",
    "ticket": "tic",
    "card": "pm",
    "passkey": "pky",
}
SHOWN_ID = re.compile(rf"\b[a-z]+_[{ALPHABET}]{{{LENGTH}}}")
VARIES = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
OF_TESTS = re.compile(r"(RELEASE )?SAVEPOINT|SET LOCAL app.partner_id = ''$")
MOST_STATEMENTS = 10
NEVER: Mapping[str, UUID] = {kind: uuid7() for kind in PREFIXES}


@dataclass(frozen=True)
class Household:
    """A customer with everything that an address can name, and a log-in of each role."""

    world: World
    guests: Mapping[PortalRole, Guest]
    ids: Mapping[str, UUID]

    @cached_property
    def owner(self) -> Guest:
        return self.guests[PortalRole.OWNER]


def household(world: World) -> Household:
    customer = world.customer()
    subscription = world.subscription(customer=customer)
    world.drain()
    world.drain("subscriptions", "charges", now=world.now + timedelta(days=26))
    guests = {role: guest(world, customer, role) for role in PortalRole}
    with tenant(world.id):
        login = logins_of(world.id, customer)[-1].id
        session = PortalSession.objects.for_partner(world.id).get(login=login).pk
        invoice = invoices_of(world.id, customer, limit=1)[0].id
        note = a_credit_note(world, customer)
    new = NewTicket("Help", "Please.")
    ticket = open_ticket(customer, new, actor=guests[PortalRole.OWNER].actor, now=world.now)
    ids = {"login": login, "session": session, "subscription": subscription, "invoice": invoice, "ticket": ticket}
    ids["note"] = note
    owner = guests[PortalRole.OWNER]
    site = Site(ORIGIN, "testserver", world.partner.name)
    with tenant(world.id):
        visitor = signed_in(world.id, portal_sessions.hash_of(owner.token), at=system_now())
    assert visitor is not None
    answer = Device().make(passkeys.ask_to_add(world.id, visitor, site=site))
    ids["passkey"] = passkeys.add(visitor, answer, site=site, agent="", actor=owner.actor, now=world.now)
    ids["card"] = add_card(customer, gateway="sandbox", ref="sandbox_ok", actor=world.system, now=world.now)
    return Household(world, guests, ids)


def a_credit_note(world: World, customer: UUID) -> UUID:
    """Over one euro, in the open scope."""
    id_ = uuid7()
    CreditNote(
        id=id_,
        partner_id=world.id,
        series="CN",
        number=take_numbers(world.id, "CN", 1),
        customer_id=customer,
        reason="credited",
        currency="EUR",
        subtotal_amount=100,
        total_amount=100,
        issued_on=world.now.date(),
        issued_at=world.now,
    ).save(force_insert=True)
    return id_


@dataclass(frozen=True)
class Neighbours:
    """One customer, another one of the same partner, and one of another partner."""

    own: Household
    next_door: Household
    abroad: Household


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Neighbours]:
    """Made once for all tests here; each test's changes are undone."""
    with kept(django_db_blocker):
        one, other = two_teams()
        world, abroad = World(one.partner), World(other.partner)
        yield Neighbours(household(world), household(world), household(abroad))


@pytest.fixture
def neighbours(made: Neighbours, db: None) -> Neighbours:
    cache.clear()
    return made


# Signed here, for a mail of nobody: asking to unsubscribe by it is a page, doing so finds nothing.
TOKEN = Signer(salt=SALT, sep=".").sign(uuid7().hex)


def address(route: PortalRoute, slug: str, ids: Mapping[str, UUID]) -> str:
    found = f"/p/{slug}/{route.path}"
    found = found.replace("<str:token>", TOKEN)
    for kind in route.objects:
        if kind != "token":
            found = found.replace(f"<str:{kind}>", public(PREFIXES[kind], ids[kind]))
    return found.replace("<slug:form>", "json")


def ask(client: Client, method: str, path: str, route: PortalRoute) -> Any:
    return client.post(path, dict(route.data)) if method == "POST" else client.generic(method, path)


def look(answer: Any) -> tuple[int, str, str]:
    text = SHOWN_ID.sub("ID", VARIES.sub("", answer.content.decode()))
    return answer.status_code, SHOWN_ID.sub("ID", answer.headers.get("Location", "")), text


SIGNED_IN = [route for route in PORTAL if not route.public]


def test_nobody_gets_further_than_the_sign_in(neighbours: Neighbours) -> None:
    slug = neighbours.own.world.partner.slug
    before = everything(neighbours.own.world)
    for route in SIGNED_IN:
        for method in route.methods:
            for ids in (neighbours.own.ids, NEVER):
                answer = ask(Client(), method, address(route, slug, ids), route)
                assert answer.status_code == 302, (route, method)
                assert answer.headers["Location"].startswith(f"/p/{slug}/sign-in/"), (route, method)
    assert everything(neighbours.own.world) == before


@pytest.mark.parametrize("role", PortalRole)
def test_each_log_in_gets_what_it_is_meant_for(neighbours: Neighbours, role: PortalRole) -> None:
    own, watch = neighbours.own, Watch(neighbours.own.world)
    for route in SIGNED_IN:
        for method in ("GET", "POST", "PUT", "DELETE"):
            mine = guest(own.world, own.owner.customer, role, email=f"{uuid7().hex}@example.com")
            before = watch.everything()
            permission = route.methods.get(method)
            answer = ask(mine.client(), method, address(route, own.world.partner.slug, own.ids), route)
            allowed = set(route.methods.values()) & OF_PORTAL[role]
            if not allowed:
                assert answer.status_code == 403, (route, method)
            elif permission is None:
                assert answer.status_code == 405, (route, method)
            else:
                assert answer.status_code in (200, 302, 404, 409, 422), (route, method)
            if method != "POST" or permission is None or permission not in OF_PORTAL[role]:
                assert watch.everything() == before, (route, method)


def test_another_customers_object_is_answered_like_one_that_never_existed(neighbours: Neighbours) -> None:
    own, slug = neighbours.own, neighbours.own.world.partner.slug
    foreign = (neighbours.next_door, neighbours.abroad)
    before = [everything(one.world) for one in foreign]
    for route in (route for route in SIGNED_IN if route.objects):
        for method in route.methods:
            asked = [one.ids for one in foreign] + [NEVER]
            for role in PortalRole:
                client = own.guests[role].client()
                answers = {look(ask(client, method, address(route, slug, ids), route)) for ids in asked}
                assert len(answers) == 1, (route, method)
                assert answers.pop()[0] in (403, 404), (route, method)
    assert [everything(one.world) for one in foreign] == before


def test_a_damaged_id_is_no_more_than_unknown(neighbours: Neighbours) -> None:
    client, slug = neighbours.own.owner.client(), neighbours.own.world.partner.slug
    for route in (route for route in SIGNED_IN if route.objects):
        for wrong in ("x", "plg_", "%00", "..%2f..", "'", "plg_" + "0" * 27, "%F0%9F%90%98"):
            path = f"/p/{slug}/{route.path}".replace(f"<str:{route.objects[0]}>", wrong)
            for method in route.methods:
                assert ask(client, method, path, route).status_code == 404, (path, method)


def test_another_partners_customer_is_nobody_here(neighbours: Neighbours) -> None:
    client = neighbours.abroad.owner.client()
    slug, nowhere = neighbours.own.world.partner.slug, "northwest-passage"
    # What is sold to anybody is no customer's; orders have tests of their own.
    for route in (route for route in PORTAL if not (route.public and route.objects)):
        for method in route.methods or route.public:
            here = ask(client, method, address(route, slug, neighbours.abroad.ids), route)
            assert here.status_code in (200, 302, 422), (route, method)
            there = ask(client, method, address(route, nowhere, neighbours.abroad.ids), route)
            assert there.status_code == 404, (route, method)


def statements(client: Client, path: str) -> list[str]:
    """What a page asks the database once its process is warm, and without the savepoints of the test itself."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code in (200, 302, 404), (path, answer.status_code)
    return [one["sql"] for one in captured if not OF_TESTS.match(one["sql"])]


def test_every_page_asks_the_database_ten_times_at_most(neighbours: Neighbours) -> None:
    client, slug = neighbours.own.owner.client(), neighbours.own.world.partner.slug
    for route in (route for route in PORTAL if not (route.public and route.objects)):
        if "GET" in (route.methods or route.public):
            asked = statements(client, address(route, slug, neighbours.own.ids))
            assert len(asked) <= MOST_STATEMENTS, (route.path, asked)


def test_a_page_asks_no_more_for_a_second_subscription(neighbours: Neighbours) -> None:
    own = neighbours.own
    client, slug = own.owner.client(), own.world.partner.slug
    own.world.subscription(customer=own.owner.customer, plan_id=own.world.plan("More"))
    for path in ("", "plan/", "payment/", "payment/card/", "service/"):
        assert len(statements(client, f"/p/{slug}/{path}")) <= MOST_STATEMENTS, path


def test_a_quote_is_made_with_ten_statements_and_a_chosen_plan_s_with_a_few_more(neighbours: Neighbours) -> None:
    own = neighbours.own
    client, at = own.owner.client(), f"/p/{own.world.partner.slug}/plan/{public('sub', own.ids['subscription'])}/"
    plan = sibling_plan(own)
    assert len(statements(client, f"{at}cancel/?why=skip")) <= MOST_STATEMENTS
    assert len(statements(client, f"{at}change/?plan={public('plan', plan)}")) <= MOST_STATEMENTS + 3


def sibling_plan(own: Household) -> UUID:
    """Another plan of the product that the household has."""
    world = own.world
    with tenant(world.id):
        plan_id, _customer = plan_and_customer(world.id, own.ids["subscription"])
        [held] = plans_at(world.id, world.partner.currency, [plan_id])
        return create_plan(
            product_id=held.product_id,
            name="Plus",
            interval=Interval(Unit.MONTH),
            prices=[Money.parse("60.00", world.partner.currency)],
            rank=9,
            actor=world.system,
            now=world.now,
        )
