"""The operator's site: operators alone, one partner at a time, and nothing of a partner's to be changed."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.tenancy.models import Membership, Partner, Role, User
from partnerpanel.tenancy.operator.rows import COUNT_CAP, CappedPaginator, ReadOnlyRows
from partnerpanel.tenancy.walls import tenant_rows
from tests.people import Person, Team
from tests.world import World

TENANT_MODELS = tenant_rows()


def address(model: type[models.Model], view: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


def signed_in_operator() -> Client:
    user = User.objects.create_user("operator@example.com", name="Otto", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def operator(db: None) -> Client:
    return signed_in_operator()


def choose(client: Client, partner: Partner) -> None:
    answer = client.post(reverse("admin:choose_partner"), {"partner": str(partner.pk)})
    assert answer.status_code == 302


def test_every_model_of_a_tenant_is_registered_read_only() -> None:
    for model in TENANT_MODELS:
        assert isinstance(admin.site.get_model_admin(model), ReadOnlyRows), model


@pytest.mark.parametrize("path", ["", "partner/", "customers/customer/", "tenancy/partner/", "nonsense/"])
def test_nobody_but_operators_gets_in(path: str, owner: Person) -> None:
    anonymous = Client().get(f"/operator/{path}", follow=True)
    assert anonymous.redirect_chain[-1][0].startswith("/accounts/login/?next=/operator/")
    answer = owner.client().get(f"/operator/{path}", follow=True)
    assert answer.status_code == 403


def test_signing_in_happens_where_everybody_signs_in(db: None) -> None:
    answer = Client().get("/operator/login/?next=/operator/customers/customer/")
    assert answer.headers["Location"] == "/accounts/login/?next=/operator/customers/customer/"


def test_without_a_partner_rows_of_tenants_are_neither_listed_nor_shown(operator: Client, world: World) -> None:
    customer = world.customer()
    index = operator.get("/operator/").content.decode()
    for model in TENANT_MODELS:
        assert address(model, "changelist") not in index
    assert address(Partner, "changelist") in index
    for path in (address(TENANT_MODELS[0], "changelist"), f"/operator/customers/customer/{customer}/change/"):
        answer = operator.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/operator/partner/")


def test_a_partner_is_chosen_from_a_list_that_can_be_searched(
    operator: Client, world: World, other_world: World
) -> None:
    assert "Eastwind" in operator.get("/operator/partner/").content.decode()
    found = operator.get("/operator/partner/?q=WEST").content.decode()
    assert "Westwind" in found
    assert "Eastwind" not in found
    for wrong in ("", "nonsense", str(uuid7())):
        operator.post(reverse("admin:choose_partner"), {"partner": wrong})
        assert "operator_partner" not in operator.session
    assert operator.get(reverse("admin:choose_partner")).status_code == 405
    choose(operator, world.partner)
    assert "Partner: Eastwind" in operator.get("/operator/").content.decode()


def test_the_paginator_counts_no_further_than_it_must(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert CappedPaginator(Partner.objects.order_by("name"), 50).count == 0
    assert f"LIMIT {COUNT_CAP}" in queries[0]["sql"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("zoe", True),
        ("ZOË mü", True),
        ("zoe@", True),
        ("K-7", True),
        ("muller", False),
        ("%", False),
        ("zoe\x00", True),
        ("", True),
    ],
)
def test_customers_are_searched_by_beginning_or_number(operator: Client, world: World, text: str, found: bool) -> None:
    world.customer("Zoë Müller", email="zoe@example.com", external_id="K-7")
    choose(operator, world.partner)
    page = operator.get("/operator/customers/customer/", {"q": text}).content.decode()
    assert ("Zoë Müller" in page) is found


def test_customers_are_searched_by_both_forms_of_their_id(operator: Client, world: World, other_world: World) -> None:
    id_, theirs = world.customer("Zoë"), other_world.customer("Zoë")
    choose(operator, world.partner)
    for text in (str(id_), public("cus", id_)):
        assert "Zoë" in operator.get("/operator/customers/customer/", {"q": text}).content.decode()
    for text in (str(theirs), public("cus", theirs), "cus_nonsense"):
        assert "Zoë" not in operator.get("/operator/customers/customer/", {"q": text}).content.decode()


NEW = {
    "slug": "northpole",
    "name": "North Pole",
    "country": "GL",
    "timezone": "America/Nuuk",
    "currency": "DKK",
    "locale": "en",
    "support_email": "help@northpole.example",
}


def test_a_partner_is_made_and_renamed_and_keeps_its_short_name(operator: Client) -> None:
    answer = operator.post(address(Partner, "add"), NEW)
    assert answer.status_code == 302, answer.context and answer.context["errors"]
    partner = Partner.objects.get(slug="northpole")
    changed = NEW | {"slug": "southpole", "currency": "USD", "name": "Pole of the north"}
    assert operator.post(address(Partner, "change", partner.pk), changed).status_code == 302
    partner.refresh_from_db()
    assert (partner.slug, partner.currency, partner.name) == ("northpole", "DKK", "Pole of the north")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "North Pole"),
        ("slug", "-pole"),
        ("slug", "components"),
        ("country", "gl"),
        ("timezone", "Mars/Olympus"),
        ("currency", "dkk"),
        ("support_email", "nobody"),
        ("name", ""),
    ],
)
def test_a_partner_that_cannot_be_is_refused_at_its_field(operator: Client, field: str, value: str) -> None:
    answer = operator.post(address(Partner, "add"), NEW | {field: value})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert not Partner.objects.exists()


def test_a_short_name_that_is_taken_is_refused(operator: Client, world: World) -> None:
    answer = operator.post(address(Partner, "add"), NEW | {"slug": world.partner.slug})
    assert list(answer.context["adminform"].form.errors) == ["slug"]


def test_people_are_made_without_a_password_and_given_roles(operator: Client, team: Team) -> None:
    answer = operator.post(address(User, "add"), {"email": " New@Example.com", "name": "New", "is_active": "on"})
    assert answer.status_code == 302
    user = User.objects.get(email="new@example.com")
    assert not user.has_usable_password()
    wanted = {"partner": team.partner.pk, "user": user.pk, "role": Role.SUPPORT.value}
    assert operator.post(address(Membership, "add"), wanted).status_code == 302
    membership = Membership.objects.get(user=user)
    changed = wanted | {"role": Role.ADMIN.value}
    assert operator.post(address(Membership, "change", membership.pk), changed).status_code == 302
    assert Membership.objects.get(user=user).role == Role.ADMIN
    assert operator.post(address(Membership, "delete", membership.pk), {"post": "yes"}).status_code == 302
    assert not Membership.objects.filter(user=user).exists()


def test_an_operator_who_is_no_superuser_makes_no_operators(db: None, owner: Person) -> None:
    user = User.objects.create_user("second@example.com", is_staff=True)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    wanted = {"email": owner.user.email, "name": "Owner", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert client.post(address(User, "change", owner.user.pk), wanted).status_code == 302
    owner.user.refresh_from_db()
    assert not owner.user.is_staff
    assert not owner.user.is_superuser


def test_partners_and_people_are_not_deleted(operator: Client, owner: Person) -> None:
    for row in (owner.user, owner.partner):
        assert operator.post(address(type(row), "delete", row.pk), {"post": "yes"}).status_code == 403
