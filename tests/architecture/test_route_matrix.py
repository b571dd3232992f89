"""Every route × method × (nobody, each role, another partner's owner).

Another partner's slug or id is answered exactly like one that never existed.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.views import View
from pytest_django import DjangoDbBlocker, Settings

import partnerpanel.urls
from billing.ledger.states import CreditReason
from billing.models import GatewayNews, PaymentAttempt, PaymentMethod, Refund, TaxRate
from billing.queries.credit_notes import credit_note_page
from billing.queries.invoice_list import InvoiceTab, invoice_page
from billing.queries.invoice_page import payments_of
from billing.queries.returns import disputes_of
from billing.services.credit import Credit, add_credit
from customers.queries.portal import logins_of
from notifications.campaigns.queries import campaign_page
from notifications.marketing.queries import suppressions
from notifications.models import Message
from notifications.own_series.queries import all_series
from notifications.owned.queries import further_texts
from partnerpanel.actions.api_keys import create_key
from partnerpanel.actions.bulk.queries import jobs
from partnerpanel.actions.checkout.models import CheckoutLink
from partnerpanel.actions.permission import PERMISSIONS
from partnerpanel.actions.webhooks import create_endpoint, send_test
from partnerpanel.events.models import Outbox
from partnerpanel.hosts.dns import Proof
from partnerpanel.hosts.services import add_host
from partnerpanel.kernel.ids import ALPHABET, LENGTH, public, uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.offers.queries.offer_rules import rule_lines
from partnerpanel.panel import page
from partnerpanel.panel.urls import urlpatterns
from partnerpanel.retention.models import RetentionCase
from partnerpanel.support.queries import tickets_of
from partnerpanel.tenancy.models import Role, User
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Coupon, ServiceAccount, Subscription
from subscriptions.queries.addon_catalogue import addons_of_product
from tests.actions.carry_out import Watch, carry_out, everything, suspend
from tests.architecture.routes import AT, GROUPS, PANEL, PORTAL, PORTAL_AT, SHARED, PanelRoute, every_route, group_of
from tests.billed.billing_platform import bill_of
from tests.kept import kept, two_teams
from tests.people import Person, Team
from tests.tenancy.rows import one_of_each
from tests.world import World

# What runs no code of a view's own: HEAD runs what GET runs, and the others are in no view. See the test of handlers.
IN_TURN = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
READ_THE_METHOD = {"page.py", "at_platform.py"}
PREFIXES = {
    "customer": "cus",
    "subscription": "sub",
    "action": "act",
    "job": "job",
    "account": "acc",
    "attempt": "att",
    "message": "msg",
    "delivery": "out",
    "invoice": "inv",
    "bill": "inv",
    "credit_note": "cn",
    "payment": "pay",
    "dispute": "dp",
    "refund": "ref",
    "news": "gn",
    "product": "prod",
    "plan": "plan",
    "addon": "addon",
    "coupon": "cpn",
    "offer": "ofr",
    "link": "clk",
    "key": "key",
    "credit": "crd",
    "rate": "txr",
    "webhook": "whe",
    "sent": "whd",
    "login": "plg",
    "ticket": "tic",
    "retention": "ret",
    "method": "pm",
    "suppression": "sup",
    "campaign": "cmp",
    "host": "host",
    "series": "ser",
}
SHOWN_ID = re.compile(rf"(?:{'|'.join({*PREFIXES.values()})})_[{ALPHABET}]{{{LENGTH}}}")
NOBODYS_SLUG = "northwest-passage"
# What differs between two equal answers: the token of the form, and the address that was asked for.
VARIES = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": "[^"]+"|csrf[^ >]*')


@dataclass(frozen=True)
class Place:
    """A partner's slug and the ids of one object of each kind."""

    slug: str
    ids: Mapping[str, UUID]
    # An own text of the partner.
    text: str = "own_of_nobody"

    def address(self, route: PanelRoute) -> str:
        found = f"/{AT}{route.path}".replace("<slug:slug>", self.slug)
        found = found.replace("<slug:text>", self.text).replace("<slug:language>", "en")
        found = found.replace("<slug:reason>", "unused")
        for kind in route.objects:
            found = found.replace(f"<str:{kind}>", public(PREFIXES[kind], self.ids[kind]))
        return found + route.query

    @cached_property
    def names(self) -> frozenset[str]:
        """Its ids as they are shown, each as any kind of object."""
        return frozenset(public(prefix, id_) for id_, prefix in product(self.ids.values(), PREFIXES.values()))

    def pointing_at(self, other: Place) -> Place:
        return Place(self.slug, other.ids, other.text)


NEVER = Place(NOBODYS_SLUG, {kind: uuid7() for kind in PREFIXES})


def place_of(world: World, person: Person) -> Place:
    """Everything that an address of this partner can name."""
    customer = one_of_each(world, person)
    action = carry_out(suspend(world.customer()), person).action_id
    with tenant(world.id):
        subscription = Subscription.objects.for_partner(world.id).filter(customer=customer).earliest("pk")
        account = ServiceAccount.objects.for_partner(world.id).get(subscription=subscription)
        account.parked_at = world.now
        account.save(update_fields=["parked_at"])
        (job,) = jobs(world.id)
        parked = {
            "attempt": _park(PaymentAttempt.objects, world, settled_at=None),
            "refund": _park(Refund.objects, world, status="unknown", settled_at=None),
            "news": _park(GatewayNews.objects, world),
            "message": _park(Message.objects, world, state="failed", sent_at=None),
            "delivery": _park(Outbox.objects, world),
            "retention": _park(RetentionCase.objects, world, closed_at=None, outcome=""),
        }
        for model in (Subscription, type(job)):
            model.objects.for_partner(world.id).update(parked_at=world.now)
        invoice = invoice_page(world.id, tab=InvoiceTab.ALL, search="", cursor=None, limit=1).rows[0].id
        payment = payments_of(world.id, customer, limit=1)[0].id
        dispute = disputes_of(world.id, customer_id=customer)[0].id
        note = credit_note_page(world.id, search="", cursor=None, limit=1).rows[0].id
        plan = Subscription.objects.for_partner(world.id).select_related("plan").get(pk=subscription.pk).plan
        addon = addons_of_product(world.id, plan.product_id)[0].id
        ids = {"product": plan.product_id, "plan": plan.pk, "addon": addon}
        ids |= {"customer": customer, "subscription": subscription.pk, "account": account.pk, "job": job.pk, **parked}
    ids |= {"action": action, "invoice": invoice, "credit_note": note, "payment": payment, "dispute": dispute}
    with tenant(world.id):
        given = Credit(Money(500, world.partner.currency), CreditReason.GOODWILL, "Because.")
        ids["credit"] = add_credit(customer, given, key=uuid7(), actor=world.system, now=world.now)
        ids["link"] = CheckoutLink.objects.for_partner(world.id).earliest("pk").pk
        ids["coupon"] = Coupon.objects.for_partner(world.id).earliest("pk").pk
        ids["offer"] = rule_lines(world.id)[0].rule.id
        ids["rate"] = TaxRate.objects.for_partner(world.id).earliest("pk").pk
        ids["method"] = PaymentMethod.objects.for_partner(world.id).filter(customer=customer).earliest("pk").pk
        ids["login"] = logins_of(world.id, customer)[0].id
        ids["ticket"] = tickets_of(world.id, customer)[0].id
        ids["suppression"] = suppressions(world.id).earliest("pk").pk
        ids["series"] = all_series(world.id)[0].id
        ids["campaign"] = campaign_page(world.id, cursor=None).rows[0].pk
    with tenant(world.id):
        ids["host"] = add_host(f"account.{world.partner.slug}.de", actor=person.actor, now=world.now)
    ids["key"] = create_key(name="A program", scopes=["all"], actor=person.actor, now=world.now).key.pk
    ids["webhook"] = create_endpoint(url="https://hooks.example.com/", actor=person.actor).id
    ids["sent"] = send_test(ids["webhook"], actor=person.actor)
    ids["bill"] = bill_of(world.partner, now=world.now)
    with tenant(world.id):
        text = further_texts(world.id)[0].name
    return Place(world.partner.slug, ids, text)


def _park(rows: Any, world: World, **also: object) -> UUID:
    """One row of these waits for a person."""
    row = rows.for_partner(world.id).earliest("pk")
    rows.for_partner(world.id).filter(pk=row.pk).update(parked_at=world.now, **also)
    found: UUID = row.pk
    return found


@dataclass(frozen=True)
class Settled:
    """A partner that has everything, and where it is."""

    team: Team
    world: World
    place: Place

    @classmethod
    def beside(cls, team: Team) -> Settled:
        world = World(team.partner)
        return cls(team, world, place_of(world, team.owner))


@pytest.fixture(autouse=True)
def no_name_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody outside is asked; no proof is there."""
    monkeypatch.setattr("partnerpanel.actions.hosts.look_for", lambda _name, _token: Proof.MISSING)


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Settled, Settled]]:
    """Two partners that have everything, made once for all tests here; each test's changes are undone."""
    with kept(django_db_blocker):
        one, other = map(Settled.beside, two_teams())
        yield one, other


@pytest.fixture
def team(both: tuple[Settled, Settled], db: None) -> Team:
    return both[0].team


@pytest.fixture
def other_team(both: tuple[Settled, Settled], db: None) -> Team:
    return both[1].team


@pytest.fixture
def world(both: tuple[Settled, Settled], db: None) -> World:
    return both[0].world


@pytest.fixture
def other_world(both: tuple[Settled, Settled], db: None) -> World:
    return both[1].world


@pytest.fixture
def own(both: tuple[Settled, Settled], db: None) -> Place:
    return both[0].place


@pytest.fixture
def foreign(both: tuple[Settled, Settled], db: None) -> Place:
    return both[1].place


def each_method(routes: Sequence[PanelRoute], turn: int) -> Iterator[tuple[PanelRoute, str]]:
    """GET and POST of every route, and one of the other methods, so that each of these is asked for somewhere."""
    for number, route in enumerate(routes, turn):
        yield from product([route], ("GET", "POST", IN_TURN[number % len(IN_TURN)]))


def ask(client: Client, method: str, address: str, route: PanelRoute) -> Any:
    data = dict(route.data) if method == "POST" else None
    return client.generic(method, address) if data is None else client.post(address, data)


def look(answer: Any, place: Place) -> tuple[int, str, str]:
    """Status, where to, and text without what always differs."""

    def alike(text: str) -> str:
        text = SHOWN_ID.sub(lambda found: "ID" if found[0] in place.names else found[0], text)
        return text.replace(place.slug, "SLUG").replace(place.text, "TEXT")

    return answer.status_code, alike(answer.headers.get("Location", "")), alike(VARIES.sub("", answer.content.decode()))


def test_the_matrix_knows_every_route_and_no_other() -> None:
    found = [address for address in every_route() if group_of(address) is None]
    known = {*(AT + route.path for route in PANEL), *(PORTAL_AT + route.path for route in PORTAL), *SHARED}
    assert set(found) == known, "say in tests/architecture/routes.py who may do what there"
    assert len(found) == len(set(found))


def test_a_view_handles_the_methods_that_the_matrix_says_and_nothing_else_looks_at_them() -> None:
    """So a route answers one method that it lacks like any other, and HEAD like GET."""
    permissions = {AT + route.path: route.methods.keys() for route in PANEL}
    for pattern in urlpatterns:
        if (address := str(pattern.pattern)) not in permissions:
            continue
        view: Any = getattr(pattern.callback, "view_class", None)
        handled = {name.upper() for name in view.http_method_names if hasattr(view, name)}
        assert not hasattr(view, "head"), address
        assert handled | ({"HEAD"} & {name.upper() for name in view.http_method_names}) == permissions[address], address
        assert view.http_method_not_allowed is View.http_method_not_allowed, address
        assert view.setup is View.setup, address
    folder = Path(page.__file__).parent
    assert {file.name for file in folder.rglob("*.py") if "request.method" in file.read_text()} == READ_THE_METHOD


def test_nobody_gets_further_than_the_sign_in(own: Place) -> None:
    for (route, method), place in product(each_method(PANEL, 0), (own, NEVER)):
        answer = ask(Client(), method, place.address(route), route)
        assert answer.status_code == 302, (route, method)
        assert answer.headers["Location"].startswith("/accounts/login/?next=/panel/"), (route, method)


@pytest.mark.usefixtures("refusals_drawn_once")
@pytest.mark.parametrize("role", Role)
def test_each_role_gets_what_it_may_and_no_more(own: Place, world: World, team: Team, role: Role) -> None:
    client, watch = team[role].client(), Watch(world)
    before = watch.everything()
    for route, method in each_method(PANEL, list(Role).index(role)):
        permission = route.methods.get(method)
        answer = ask(client, method, own.address(route), route)
        if not set(route.methods.values()) & PERMISSIONS[role]:
            assert answer.status_code == 403, (route, method)
        elif permission is None:
            assert answer.status_code == 405, (route, method)
        elif permission not in PERMISSIONS[role]:
            assert answer.status_code == 403, (route, method)
        else:
            assert answer.status_code in (200, 302, 409, 422), (route, method)
        after = watch.everything()
        if permission is None or method != "POST" or permission not in PERMISSIONS[role]:
            assert after == before, (route, method)
        before = after


def test_another_partners_owner_finds_nothing_there(own: Place, world: World, stranger: Person) -> None:
    client, before = stranger.client(), everything(world)
    for route, method in each_method(PANEL, 0):
        answers = {look(ask(client, method, place.address(route), route), place) for place in (own, NEVER)}
        assert len(answers) == 1, (route, method)
        assert answers.pop()[0] == 404, (route, method)
    assert everything(world) == before


WITH_OBJECTS = [route for route in PANEL if route.objects]


@pytest.mark.parametrize("role", [Role.OWNER, Role.SUPPORT, Role.READ_ONLY])
def test_another_partners_id_is_answered_like_one_that_never_existed(
    own: Place, foreign: Place, other_world: World, team: Team, role: Role
) -> None:
    client, before = team[role].client(), everything(other_world)
    asked = [own.pointing_at(other) for other in (foreign, NEVER)]
    for route, method in each_method(WITH_OBJECTS, list(Role).index(role)):
        answers = {look(ask(client, method, place.address(route), route), place) for place in asked}
        assert len(answers) == 1, (route, method)
        assert answers.pop()[0] in (403, 404, 405), (route, method)
    assert everything(other_world) == before


@pytest.mark.usefixtures("missing_drawn_once")
def test_a_damaged_id_is_no_more_than_unknown(own: Place, owner: Person) -> None:
    client = owner.client()
    for route, wrong in product(WITH_OBJECTS, ("x", "cus_", "%00", "..%2f..", "'", "cus_" + "0" * 27, "%F0%9F%90%98")):
        (kind,) = route.objects
        damaged = own.address(route).replace(public(PREFIXES[kind], own.ids[kind]), wrong)
        for method in route.methods.keys() - {"HEAD"}:
            assert ask(client, method, damaged, route).status_code == 404, (damaged, method)


def test_bulk_takes_another_partners_customers_for_unknown(
    own: Place, foreign: Place, world: World, owner: Person
) -> None:
    client = owner.client()
    inputs = {"start": "1", "kind": "manual", "kinds": "manual", "reason": "because"}
    for verb in ("suspend", "reactivate"):
        answers = set()
        for place in (own.pointing_at(foreign), own.pointing_at(NEVER)):
            before = everything(world)
            ids = [public("cus", own.ids["customer"]), public("cus", place.ids["customer"])]
            answer = client.post(f"/panel/{own.slug}/bulk/{verb}/", inputs | {"id": ids})
            answers.add(look(answer, place))
            assert everything(world) == before
        assert len(answers) == 1
        assert answers.pop()[0] in (404, 422)


def test_the_first_page_leads_everybody_to_their_own(own: Place, foreign: Place, team: Team, stranger: Person) -> None:
    assert Client().get("/").headers["Location"].startswith("/accounts/login/")
    for person, place in ((team.owner, own), (team.read_only, own), (stranger, foreign)):
        assert person.client().get("/").headers["Location"] == f"/panel/{place.slug}/"


def test_the_page_of_components_exists_for_operators_alone(team: Team) -> None:
    assert Client().get("/panel/components/").status_code == 302
    for role in Role:
        assert team[role].client().get("/panel/components/").status_code == 404


def concrete(address: str) -> str:
    """An address of a library with something in the place of each parameter."""
    address = re.sub(r"\(\?P<[^>]+>[^)]*\)", "1", address).replace("^", "").replace("$", "").replace("\\Z", "")
    address = re.sub(r"\(\?:[^)]*\)\??|\\", "", address)
    return "/" + re.sub(r"<[^>]+>", str(uuid7()), address)


ADMIN = [address for address in every_route() if group_of(address) == "operator/"]
SIGN_IN = [address for address in every_route() if group_of(address) == "accounts/"]


def test_every_group_has_routes() -> None:
    assert {group_of(address) for address in every_route()} == {*GROUPS, None}


def test_the_operators_pages_are_closed_to_everybody_else(own: Place, world: World, team: Team) -> None:
    client, nobody, before = team.owner.client(), Client(), everything(world)
    # By the address that led there: wherever from, it is one page.
    sign_in: dict[str, Any] = {}
    for address in ADMIN:
        for method in ("GET", "POST"):
            anonymous = nobody.generic(method, concrete(address))
            assert anonymous.status_code in (302, 405), address
            answer = client.generic(method, concrete(address))
            # Django's own "permission denied" leads to its sign-in, which refuses who is signed in.
            while answer.status_code == 302 and answer.headers["Location"].startswith("/operator/"):
                path, _, _ = answer.headers["Location"].partition("?")
                if path not in sign_in:
                    sign_in[path] = client.get(answer.headers["Location"])
                answer = sign_in[path]
            harmless = address in ("operator/jsi18n/", "operator/logout/", "operator/password_change/")
            assert answer.status_code in (302, 403, 404, 405) if harmless else answer.status_code == 403, address
    assert everything(world) == before


def test_signing_in_has_no_page_that_breaks_or_tells_of_a_partner(own: Place, team: Team, stranger: Person) -> None:
    for client in (Client(), team.owner.client(), stranger.client()):
        for address in SIGN_IN:
            answer = client.get(concrete(address))
            assert answer.status_code in (200, 302, 403, 404, 405), address
            if client.session.get("_auth_user_id") != str(team.owner.user.pk):
                assert team.owner.user.email not in answer.content.decode()
            assert own.slug not in answer.content.decode().replace(team.owner.user.email, ""), address


def test_nobody_signs_up_alone(db: None) -> None:
    page = Client().get("/accounts/signup/")
    assert 'name="email"' not in page.content.decode()
    assert 'type="password"' not in page.content.decode()
    before = set(User.objects.values_list("email", flat=True))
    answer = Client().post(
        "/accounts/signup/", {"email": "new@example.com", "password1": "long enough 1", "password2": "long enough 1"}
    )
    assert answer.status_code == 200
    assert set(User.objects.values_list("email", flat=True)) == before


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/panel/"])
def test_the_language_is_switched_without_being_led_away(db: None, wanted: str) -> None:
    answer = Client().post("/i18n/setlang/", {"language": "de", "next": wanted})
    assert answer.status_code == 302
    assert answer.headers["Location"] in ("/", "/panel/")
    assert Client().get("/i18n/setlang/").status_code == 302


def test_the_inbox_exists_where_mail_is_caught_and_nowhere_else(settings: Settings) -> None:
    settings.INBOX_DIRECTORY = None
    source = Path(partnerpanel.urls.__file__)
    spec = importlib.util.spec_from_file_location("urls_without_inbox", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert not [pattern for pattern in module.urlpatterns if str(pattern.pattern).startswith("inbox/")]
