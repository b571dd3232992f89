"""What decides how customers' purchases are taxed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from customers.models import Customer
from customers.rules.tax_ids import as_written
from partnerpanel.tenancy.reads import Read


class TaxPlace(NamedTuple):
    """Where a customer buys, and as what. `exempt_for` is the reason of an exemption, empty without one."""

    country: str
    region: str
    tax_id: str
    exempt_for: str

    @property
    def written_tax_id(self) -> str:
        """As documents write it."""
        return as_written(self.tax_id, country=self.country)


def tax_places(partner_id: UUID, ids: Collection[UUID]) -> dict[UUID, TaxPlace]:
    """Of the customers that exist, by id."""
    return {id_: TaxPlace(*values) for id_, *values in TAX_PLACES(partner_id, ids)}


def _places(partner_id: UUID, ids: Collection[UUID]) -> QuerySet[Customer, Any]:
    rows = Customer.objects.for_partner(partner_id).filter(pk__among=ids)
    return rows.values_list("pk", "country", "region", "tax_id", "tax_exempt_for")


TAX_PLACES = Read(_places)
