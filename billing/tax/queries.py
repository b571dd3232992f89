"""What the engine and the pages know of taxes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from django.db.models import QuerySet

from billing.tax.models import TaxProfile, TaxRate
from billing.tax.rules.amounts import net_share
from billing.tax.rules.checks import OwnTaxes
from billing.tax.rules.places import Taxation, Treatment, taxation_of
from billing.tax.rules.rates import Buyer, Rate, Registration, Seller, Tax, TaxKind
from customers.queries.taxed import TAX_PLACES, TaxPlace, tax_places
from customers.rules.tax_ids import TaxIdState, tax_id_state
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read


def taxations_of(partner_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, Taxation]:
    """How each customer's purchases are taxed; nobody's where the partner is not registered. In three queries."""
    seller = seller_of(partner_id)
    if seller is None:
        return {}
    rates = live_rates(partner_id)
    made: dict[TaxPlace, Taxation] = {}
    found = {}
    for customer_id, place in tax_places(partner_id, customer_ids).items():
        if place not in made:
            made[place] = taxation_of(seller, buyer_at(place), rates)
        found[customer_id] = made[place]
    return found


def net_shares(partner_id: UUID, customer_ids: Collection[UUID], day: date) -> dict[UUID, Fraction]:
    """What is left of prices without the tax that they contain, by customer; those whose prices contain none are
    left out."""
    found = taxations_of(partner_id, customer_ids)
    shares = {id_: net_share(taxation.on(day)) for id_, taxation in found.items()}
    return {id_: share for id_, share in shares.items() if share != 1}


def seller_of(partner_id: UUID) -> Seller | None:
    """The partner as a seller; None where it is not registered."""
    row = next(iter(_REGISTERED(partner_id)), None)
    if row is None:
        return None
    elsewhere = tuple(Registration(one["country"], one["tax_id"]) for one in row.registrations)
    return Seller(row.country, row.region, row.tax_id, elsewhere)


def registrations(partner_id: UUID) -> QuerySet[TaxProfile]:
    """The partner's registration: one row or none."""
    return TaxProfile.objects.for_partner(partner_id).filter(is_registered=True)


def live_rates(partner_id: UUID) -> list[Rate]:
    """All that are not archived, of any time."""
    return [rate_of(row) for row in _RATES(partner_id)]


def _rates(partner_id: UUID) -> QuerySet[TaxRate]:
    rows = TaxRate.objects.for_partner(partner_id).filter(archived_at=None)
    return rows.order_by("country", "region", "kind", "valid_from", "id")


_REGISTERED, _RATES = Read(registrations), Read(_rates)


def taxes_ahead(partner_id: UUID, customer_ids: Collection[UUID]) -> list[Asked]:
    """What `taxations_of` asks."""
    return [
        Asked(_REGISTERED, (partner_id,)),
        Asked(_RATES, (partner_id,)),
        Asked(TAX_PLACES, (partner_id, customer_ids)),
    ]


def rate_of(row: TaxRate) -> Rate:
    """The row as rules see it."""
    tax = Tax(TaxKind(row.kind), row.name, row.percent, row.country, row.region, row.pk)
    return Rate(tax, row.is_inclusive, row.valid_from, row.valid_until)


@dataclass(frozen=True, slots=True)
class RateLine:
    """One rate as a list shows it. `is_archived`: nothing is taxed by it any more; `replaces`: a version before it."""

    id: UUID
    rate: Rate
    is_archived: bool
    replaces: UUID | None


@dataclass(frozen=True, slots=True)
class OwnLine:
    """The partner's own registration as it stands; version 0 where nothing was said yet."""

    own: OwnTaxes
    version: int


def own_taxes(partner_id: UUID) -> OwnLine | None:
    """None where nothing was said yet."""
    row = TaxProfile.objects.for_partner(partner_id).first()
    if row is None:
        return None
    elsewhere = tuple(Registration(one["country"], one["tax_id"]) for one in row.registrations)
    return OwnLine(OwnTaxes(row.country, row.is_registered, row.region, row.tax_id, elsewhere), row.version)


def rate_lines(partner_id: UUID) -> list[RateLine]:
    """All of them: those that count first, by place and from the newest on."""
    rows = TaxRate.objects.for_partner(partner_id).order_by("country", "region", "kind", "-valid_from", "-id")
    found = [RateLine(row.pk, rate_of(row), row.archived_at is not None, row.replaces_id) for row in rows]
    return sorted(found, key=lambda line: line.is_archived)


def rate_line(partner_id: UUID, rate_id: UUID) -> RateLine:
    """Raises NotFound alike for an id that never existed and for another partner's."""
    for line in rate_lines(partner_id):
        if line.id == rate_id:
            return line
    raise NotFound("There is no such tax rate.", field="rate")


def treatment_at(partner_id: UUID, place: TaxPlace, day: date) -> Treatment:
    """What a sale to somebody there carries that day."""
    return taxation_of(seller_of(partner_id), buyer_at(place), live_rates(partner_id)).on(day)


def buyer_at(place: TaxPlace) -> Buyer:
    """The buyer that a customer's own data make."""
    is_valid = tax_id_state(place.tax_id, country=place.country) is TaxIdState.VALID
    return Buyer(place.country, place.region, place.tax_id, is_valid, place.exempt_for)
