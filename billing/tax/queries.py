"""What the engine and the pages know of taxes."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from billing.tax.models import TaxProfile, TaxRate
from billing.tax.rules.places import Taxation, taxation_of
from billing.tax.rules.rates import Buyer, Rate, Registration, Seller, Tax, TaxKind
from customers.queries.taxed import TaxPlace, tax_places
from customers.rules.tax_ids import TaxIdState, tax_id_state


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


def seller_of(partner_id: UUID) -> Seller | None:
    """The partner as a seller; None where it is not registered."""
    row = TaxProfile.objects.for_partner(partner_id).filter(is_registered=True).first()
    if row is None:
        return None
    elsewhere = tuple(Registration(one["country"], one["tax_id"]) for one in row.registrations)
    return Seller(row.country, row.region, row.tax_id, elsewhere)


def live_rates(partner_id: UUID) -> list[Rate]:
    """All that are not archived, of any time."""
    rows = TaxRate.objects.for_partner(partner_id).filter(archived_at=None)
    return [rate_of(row) for row in rows.order_by("country", "region", "kind", "valid_from", "id")]


def rate_of(row: TaxRate) -> Rate:
    """The row as rules see it."""
    tax = Tax(TaxKind(row.kind), row.name, row.percent, row.country, row.region, row.pk)
    return Rate(tax, row.is_inclusive, row.valid_from, row.valid_until)


def buyer_at(place: TaxPlace) -> Buyer:
    """The buyer that a customer's own data make."""
    is_valid = tax_id_state(place.tax_id, country=place.country) is TaxIdState.VALID
    return Buyer(place.country, place.region, place.tax_id, is_valid, place.exempt_for)
