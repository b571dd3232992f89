"""Who sells and who buys: kept with a document when it is issued, and read back when it is printed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from billing.printing.paper import Party, Seller
from billing.tax.queries import seller_of
from billing.tax.rules.rates import Registration
from customers.queries.facts import identities
from customers.queries.taxed import tax_places
from customers.rules.tax_ids import as_written
from partnerpanel.brand.queries import BrandLine, partner_and_brand
from partnerpanel.tenancy.models import Partner


@dataclass(frozen=True, slots=True)
class Kept:
    """What documents of now keep: the seller, the buyer by customer, and what their numbers begin with."""

    seller: dict[str, str]
    buyers: dict[UUID, dict[str, str]]
    number_prefix: str


def seller_party(partner_id: UUID) -> Seller:
    """The partner as it is now, with its brand and all its tax ids."""
    return _seller(*partner_and_brand(partner_id))


def _seller(partner: Partner, line: BrandLine) -> Seller:
    taxed = seller_of(partner.pk)
    country, region, tax_id = (taxed.country, taxed.region, taxed.tax_id) if taxed else (partner.country, "", "")
    tax_id = as_written(tax_id, country=country)
    elsewhere = [_number_in(one) for one in taxed.registrations if one.tax_id] if taxed else []
    brand = line.brand
    return Seller(
        brand.printed_name or partner.name,
        partner.support_email,
        country,
        region,
        tax_id,
        partner.locale,
        address=brand.address,
        ids="\n".join([*elsewhere, *brand.ids.splitlines()]),
        footer=brand.footer,
        accent=brand.accent,
        logo=str(line.logo) if line.logo else "",
    )


def _number_in(one: Registration) -> str:
    number, prefix = as_written(one.tax_id, country=one.country), "EL" if one.country == "GR" else one.country
    return number if number.startswith(prefix) else f"{prefix} {number}"


def buyer_parties(partner_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, Party]:
    """The customers as they are now, by id; in two queries."""
    people, places = identities(partner_id, customer_ids), tax_places(partner_id, customer_ids)
    return {
        id_: Party(who.name, who.email, places[id_].country, places[id_].region, places[id_].written_tax_id, who.locale)
        for id_, who in people.items()
    }


def kept_parties(partner_id: UUID, customer_ids: Collection[UUID]) -> Kept:
    """Both parties as documents to these customers keep them."""
    partner, line = partner_and_brand(partner_id)
    buyers = buyer_parties(partner_id, customer_ids)
    return Kept(
        asdict(_seller(partner, line)),
        {id_: asdict(party) for id_, party in buyers.items()},
        line.brand.number_prefix,
    )


def parties_of(
    partner_id: UUID, customer_id: UUID, *, seller: dict[str, Any] | None, buyer: dict[str, Any] | None
) -> tuple[Seller, Party]:
    """Seller and buyer from what a document kept; as they are now for one from before anything was kept."""
    sells = Seller(**seller) if seller else seller_party(partner_id)
    return sells, Party(**buyer) if buyer else buyer_parties(partner_id, [customer_id])[customer_id]
