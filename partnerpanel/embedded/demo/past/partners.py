"""A partner made for its past: the shop of Northwind under a name of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from partnerpanel.embedded.demo.catalogue import open_catalogue
from partnerpanel.embedded.demo.days import Days
from partnerpanel.embedded.demo.northwind import NORTHWIND
from partnerpanel.embedded.demo.office import Office
from partnerpanel.embedded.demo.past.living import Past
from partnerpanel.embedded.demo.past.writing import Span, write_past
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.models import Partner, Role, User
from partnerpanel.tenancy.services import begin_past, create_partner, give_role, open_partner


def past_partner(
    *, slug: str, customers: int, months: int, seed: int, until: datetime, owner: str = ""
) -> tuple[Partner, Past]:
    """The partner, opened, and what became of its past. Interrupted, it stays unopened: no worker touches it.

    Raises InvalidPartner for a name that is taken, NotFound for an owner who is nobody.
    """
    person = User.objects.filter(email=owner).first() if owner else None
    if owner and person is None:
        raise NotFound(f"Nobody has the address “{owner}”.", field="owner")
    blueprint = replace(NORTHWIND, slug=slug, customers=customers)
    partner = create_partner(
        slug=slug,
        name=slug.replace("-", " ").title(),
        country=blueprint.country,
        timezone=blueprint.timezone,
        currency=blueprint.currency,
        locale=blueprint.locale,
        support_email=blueprint.support_email,
    )
    span = Span(months, str(seed))
    begin_past(partner, at=span.first_day(until, blueprint.timezone))
    actor_id = person.pk if person else None
    actors = {role: Actor(ActorKind.USER, partner.pk, actor_id, role) for role in Role}
    office = Office(partner, Days.of(until, blueprint.timezone), actors)
    plans, numbers = open_catalogue(blueprint.plans, office), range(1, customers + 1)
    past = write_past(office, blueprint, plans, span, numbers=numbers, until=until)
    open_partner(partner)
    if person:
        give_role(partner, person, Role.OWNER)
    return partner, past
