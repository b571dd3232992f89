"""What verbs need of customers, read and if wanted locked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from customers.models import Customer
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read


@dataclass(frozen=True, slots=True)
class CustomerIdentity:
    """A customer as verbs and mails address it."""

    id: UUID
    name: str
    email: str
    locale: str
    timezone: str
    version: int


def identities(partner_id: UUID, ids: Collection[UUID], *, lock: bool = False) -> dict[UUID, CustomerIdentity]:
    """The customers that exist, by id; `lock` keeps everybody else from changing them until the transaction ends."""
    read = _LOCKED if lock else _IDENTITIES
    return {row[0]: CustomerIdentity(*row) for row in read(partner_id, ids)}


def _identities(partner_id: UUID, ids: Collection[UUID]) -> QuerySet[Customer, Any]:
    rows = Customer.objects.for_partner(partner_id).filter(pk__among=ids).order_by("pk")
    return rows.values_list("id", "name", "email", "locale", "timezone", "version")


def identities_ahead(partner_id: UUID, ids: Collection[UUID]) -> Asked:
    """What `identities` asks when nothing is to be locked."""
    return Asked(_IDENTITIES, (partner_id, ids))


_IDENTITIES = Read(_identities)
_LOCKED = Read(lambda partner_id, ids: _identities(partner_id, ids).select_for_update())
