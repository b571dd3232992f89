"""Who may sign in to the demo. The password is public; the seed runs only where nobody else can come in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from partnerpanel.embedded.demo.shapes import Blueprint, Colleague
from partnerpanel.tenancy.models import Partner, User
from partnerpanel.tenancy.services import give_role

PASSWORD = "reseller-demo-1"  # noqa: S105 - it opens made-up data on this machine alone
OPERATOR = ("Ines Castellano", "operator@partnerpanel.example")


@dataclass(frozen=True, slots=True)
class SignIn:
    """One line of the table that the seed prints."""

    email: str
    role: str
    partner: str


def make_people(team: Iterable[Colleague]) -> dict[str, User]:
    """The people by address, made where they are missing; one hash serves them all."""
    hashed = make_password(PASSWORD)
    return {
        one.email: User.objects.get_or_create(email=one.email, defaults={"name": one.name, "password": hashed})[0]
        for one in team
    }


def make_operator() -> None:
    """The platform's operator, for Django's admin."""
    name, email = OPERATOR
    if not User.objects.filter(email=email).exists():
        User.objects.create_superuser(email, PASSWORD, name=name)


def give_roles(partner: Partner, team: Iterable[Colleague]) -> None:
    """The last step of a partner: one without members was never finished."""
    people = make_people(team)
    for one in team:
        give_role(partner, people[one.email], one.role)


def sign_ins(blueprints: Iterable[Blueprint]) -> Iterator[SignIn]:
    """Everybody who may sign in, partner by partner."""
    for blueprint in blueprints:
        for one in blueprint.team:
            yield SignIn(one.email, str(one.role.label), blueprint.name)
    yield SignIn(OPERATOR[1], "Operator", "all, at /operator/")
