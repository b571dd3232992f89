"""A frozen partner over every route × method × role: “Your subscription” and the account, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from partnerpanel.actions.permission import PERMISSIONS
from partnerpanel.panel.at_platform import AtPlatform
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.urls import urlpatterns
from partnerpanel.tenancy.models import Partner, Role
from partnerpanel.tenancy.services import create_twin
from tests.actions.carry_out import everything
from tests.architecture.routes import AT, PANEL, PanelRoute
from tests.architecture.test_route_matrix import Place, Settled, ask, each_method
from tests.kept import kept
from tests.people import Person, Team, make_team
from tests.world import World

OWN = "your-subscription/"


@pytest.fixture(scope="module")
def settled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Settled]:
    """A partner with everything, blocked by the platform, made once for all tests here."""
    with kept(django_db_blocker):
        found = Settled.beside(make_team("eastwind"))
        blocked = {"frozen_since": found.world.now, "standing": {"frozen": "held"}}
        Partner.objects.filter(pk=found.world.id).update(**blocked)
        yield found


@pytest.fixture
def team(settled: Settled, db: None) -> Team:
    return settled.team


@pytest.fixture
def world(settled: Settled, db: None) -> World:
    return settled.world


@pytest.fixture
def frozen(settled: Settled, db: None) -> Place:
    return settled.place


def is_own(route: PanelRoute) -> bool:
    return route.path.startswith(OWN)


def test_only_your_subscription_says_of_itself_that_it_is_open_when_frozen() -> None:
    for pattern in urlpatterns:
        view: Any = getattr(pattern.callback, "view_class", None)
        if str(pattern.pattern).startswith(AT):
            assert issubclass(view, PanelView), pattern
            assert view.open_when_frozen == str(pattern.pattern).startswith(AT + OWN), pattern
            assert view.open_when_frozen == issubclass(view, AtPlatform), pattern


@pytest.mark.usefixtures("refusals_drawn_once")
@pytest.mark.parametrize("role", Role)
def test_every_page_leads_to_your_subscription_and_everything_else_is_refused(
    frozen: Place, world: World, team: Team, role: Role
) -> None:
    client, before = team[role].client(), everything(world)
    there = f"/panel/{world.partner.slug}/{OWN}"
    for route, method in each_method([one for one in PANEL if not is_own(one)], list(Role).index(role)):
        answer = ask(client, method, frozen.address(route), route)
        allowed = route.methods.keys() and set(route.methods.values()) & PERMISSIONS[role]
        if method in ("GET", "HEAD") and answer.status_code == 302:
            assert answer.headers["Location"] == there, (route, method)
        else:
            assert answer.status_code == 403, (route, method)
        if route.get in PERMISSIONS[role] and method == "GET":
            assert answer.status_code == 302, (route, method)
        assert allowed or answer.status_code == 403, (route, method)
    assert everything(world) == before


@pytest.mark.parametrize("role", Role)
def test_your_subscription_is_open_to_each_role_as_ever(frozen: Place, team: Team, role: Role) -> None:
    client = team[role].client()
    for route in filter(is_own, PANEL):
        for method, permission in route.methods.items():
            answer = ask(client, method, frozen.address(route), route)
            allowed = permission in PERMISSIONS[role]
            assert answer.status_code in ((200, 302, 409, 422) if allowed else (403,)), (route, method)


def test_a_popup_asked_for_by_the_script_says_why(frozen: Place, owner: Person) -> None:
    client = owner.client()
    for route in PANEL:
        if route.get and not is_own(route):
            answer = client.get(frozen.address(route), HTTP_HX_REQUEST="true")
            assert answer.status_code == 403, route
            assert "is frozen: only “Your subscription” can be reached" in answer.content.decode(), route


def test_the_test_mode_is_as_frozen_as_its_partner(frozen: Place, world: World, owner: Person) -> None:
    twin = create_twin(world.partner, now=world.now)
    for path in ("", "customers/", "test-mode/", OWN):
        answer = owner.client().get(f"/panel/{twin.slug}/{path}")
        assert answer.headers["Location"] == f"/panel/{frozen.slug}/{OWN}"
    assert owner.client().post(f"/panel/{twin.slug}/test-mode/advance/", {"by": "day"}).status_code == 403


def test_the_account_and_the_sign_out_stay_open_and_strangers_learn_nothing(
    frozen: Place, owner: Person, stranger: Person
) -> None:
    client = owner.client()
    for path in ("/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/logout/"):
        assert client.get(path, follow=True).status_code == 200, path
    assert client.get("/", follow=True).redirect_chain[-1][0] == f"/panel/{frozen.slug}/{OWN}"
    assert stranger.client().get(f"/panel/{frozen.slug}/{OWN}").status_code == 404
    assert Client().get(f"/panel/{frozen.slug}/{OWN}").status_code == 302
