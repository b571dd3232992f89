"""A partner that charges tax."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from billing.tax.rules.checks import NewRate, OwnTaxes
from billing.tax.rules.rates import Registration
from billing.tax.services import add_rate, set_own_taxes
from partnerpanel.tenancy.scope import tenant
from tests.world import World

LONG_AGO = date(2020, 1, 1)


def registers(world: World, country: str = "", *, region: str = "", tax_id: str = "", elsewhere: str = "") -> None:
    """The partner charges tax from now on, at home and in `elsewhere`."""
    places = tuple(Registration(place) for place in elsewhere.split())
    own = OwnTaxes(country or world.partner.country, True, region, tax_id, places)
    with tenant(world.id):
        set_own_taxes(own, version=0, actor=world.system, now=world.now)


def taxes(
    world: World,
    percent: str = "18",
    *,
    kind: str = "vat",
    country: str = "",
    region: str = "",
    inclusive: bool = False,
    since: date = LONG_AGO,
    until: date | None = None,
) -> UUID:
    """A rate of the partner's, at home unless told otherwise."""
    country = country or world.partner.country
    new = NewRate(kind, kind.upper(), country, Decimal(percent), inclusive, since, until, region=region)
    with tenant(world.id):
        return add_rate(new, actor=world.system, now=world.now)


def charges_tax(world: World, percent: str = "18", *, inclusive: bool = False) -> UUID:
    """Registered at home, with one rate."""
    registers(world)
    return taxes(world, percent, inclusive=inclusive)
