"""Columns that apps above keep on the customer, under its lock."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from customers.models import Customer
from customers.rules.standing import COLUMNS, Standing
from partnerpanel.tenancy.bulk import update_rows


def set_versions(partner_id: UUID, versions: Mapping[UUID, int]) -> None:
    """Writes the version that the customer's last event gave it."""
    update_rows(Customer, partner_id=partner_id, columns=["version"], rows=list(versions.items()))


def set_standings(partner_id: UUID, standings: Mapping[UUID, Standing]) -> None:
    """Writes which tabs each customer belongs to."""
    rows = [(id_, *(getattr(standing, name) for name in COLUMNS)) for id_, standing in standings.items()]
    update_rows(Customer, partner_id=partner_id, columns=COLUMNS, rows=rows)
