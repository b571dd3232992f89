"""What verbs need of customers, read and if wanted locked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from customers.models import Customer


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
    rows = Customer.objects.for_partner(partner_id).filter(pk__among=ids).order_by("pk")
    if lock:
        rows = rows.select_for_update()
    columns = ("id", "name", "email", "locale", "timezone", "version")
    return {row[0]: CustomerIdentity(*row) for row in rows.values_list(*columns)}
