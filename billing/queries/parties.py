"""Who sells and who buys: kept with a document when it is issued, and read back when it is printed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any
from uuid import UUID

from billing.printing.paper import Party
from billing.tax.queries import seller_of
from customers.queries.facts import identities
from customers.queries.taxed import tax_places
from partnerpanel.tenancy.queries import partner_by_id


def seller_party(partner_id: UUID) -> Party:
    """The partner as it is now."""
    partner, seller = partner_by_id(partner_id), seller_of(partner_id)
    country, region, tax_id = (seller.country, seller.region, seller.tax_id) if seller else (partner.country, "", "")
    return Party(partner.name, partner.support_email, country, region, tax_id, partner.locale)


def buyer_parties(partner_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, Party]:
    """The customers as they are now, by id; in two queries."""
    people, places = identities(partner_id, customer_ids), tax_places(partner_id, customer_ids)
    return {
        id_: Party(who.name, who.email, places[id_].country, places[id_].region, places[id_].tax_id, who.locale)
        for id_, who in people.items()
    }


def kept_parties(partner_id: UUID, customer_ids: Collection[UUID]) -> tuple[dict[str, str], dict[UUID, dict[str, str]]]:
    """Both as a document keeps them: the seller, and by customer the buyer."""
    buyers = buyer_parties(partner_id, customer_ids)
    return asdict(seller_party(partner_id)), {id_: asdict(party) for id_, party in buyers.items()}


def parties_of(
    partner_id: UUID, customer_id: UUID, *, seller: dict[str, Any] | None, buyer: dict[str, Any] | None
) -> tuple[Party, Party]:
    """Seller and buyer from what a document kept; as they are now for one from before anything was kept."""
    sells = Party(**seller) if seller else seller_party(partner_id)
    return sells, Party(**buyer) if buyer else buyer_parties(partner_id, [customer_id])[customer_id]
