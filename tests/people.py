"""The people of every test: a partner's owner, colleagues of every role, and somebody from another partner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pytest
from django.test import Client

from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.models import Membership, Partner, Role, User
from partnerpanel.tenancy.services import create_partner, give_role

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Person:
    """Somebody who works for a partner in one role."""

    user: User
    partner: Partner
    role: Role

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.USER, self.partner.pk, self.user.pk, self.role, "request-of-a-test")

    def client(self) -> Client:
        """A browser in which the person is signed in."""
        client = Client()
        client.force_login(self.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client


@dataclass(frozen=True)
class Team:
    """A partner and one person of every role."""

    partner: Partner
    people: Mapping[Role, Person]

    @cached_property
    def owner(self) -> Person:
        return self.people[Role.OWNER]

    @cached_property
    def read_only(self) -> Person:
        return self.people[Role.READ_ONLY]

    def __getitem__(self, role: Role) -> Person:
        return self.people[role]


def make_partner(slug: str, **other: str) -> Partner:
    """A partner in Berlin that sells in euros, unless told otherwise."""
    wanted = {
        "name": slug.title(),
        "country": "DE",
        "timezone": "Europe/Berlin",
        "currency": "EUR",
        "locale": "en",
        "support_email": f"help@{slug}.example",
    }
    return create_partner(slug=slug, **(wanted | other))


def make_person(partner: Partner, role: Role, *, password: str | None = None) -> Person:
    """A person whose address names role and partner. Without a password they sign in by `Person.client` alone."""
    user = _user(partner, role, password)
    user.save()
    give_role(partner, user, role)
    return Person(user, partner, role)


def make_team(slug: str, **other: str) -> Team:
    """Written together."""
    partner = make_partner(slug, **other)
    people = {role: Person(_user(partner, role), partner, role) for role in Role}
    User.objects.bulk_create(person.user for person in people.values())
    Membership.objects.bulk_create(Membership(partner=partner, user=one.user, role=one.role) for one in people.values())
    return Team(partner, people)


def _user(partner: Partner, role: Role, password: str | None = None) -> User:
    name = role.value.replace("_", " ").title()
    user = User(email=f"{role.value}@{partner.slug}.example", name=f"{name} of {partner.name}")
    user.set_password(password)
    return user


@pytest.fixture
def team(db: None) -> Team:
    """The partner that a test is about, with its people."""
    return make_team("eastwind")


@pytest.fixture
def other_team(db: None) -> Team:
    """Another partner, whose people and rows must never be met."""
    return make_team("westwind", country="NP", timezone="Asia/Kathmandu", currency="NPR")


@pytest.fixture
def partner(team: Team) -> Partner:
    return team.partner


@pytest.fixture
def owner(team: Team) -> Person:
    return team.owner


@pytest.fixture
def colleague(team: Team) -> Person:
    """May look at everything and change nothing."""
    return team.read_only


@pytest.fixture
def stranger(other_team: Team) -> Person:
    """The owner of another partner."""
    return other_team.owner
