"""Everything that is kept about one customer, handed out as JSON and as CSV."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from customers.queries.detail import customer as customer_row
from customers.services.exports import record_export
from partnerpanel.actions.permission import Permission, confine, permit
from partnerpanel.kernel.formulas import csv_line
from partnerpanel.kernel.ids import public
from partnerpanel.personal.holdings import exported
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.scope import tenant

# What a spreadsheet would take for a formula.


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one table, as JSON has them."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class PersonalData:
    """All that is kept of a customer at an instant."""

    customer_id: UUID
    at: datetime
    tables: tuple[Table, ...]

    def as_json(self) -> dict[str, Any]:
        """By table, a list of objects."""
        return {
            "object": "personal_data",
            "customer": public("cus", self.customer_id),
            "exported_at": self.at.isoformat(),
            "tables": {one.name: [dict(zip(one.columns, row, strict=True)) for row in one.rows] for one in self.tables},
        }

    def as_zip(self) -> bytes:
        """A CSV file for each table, formulas escaped."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in self.tables:
                archive.writestr(f"{one.name}.csv", "".join(map(csv_line, (one.columns, *one.rows))))
        return content.getvalue()


def export_customer(customer_id: UUID, *, actor: Actor, now: datetime) -> PersonalData:
    """Reads it all and records that it was handed out. A customer gets its own alone.

    Secrets are left out: passwords, and what only staff may read. Raises Forbidden, NotFound.
    """
    if actor.kind is not ActorKind.CUSTOMER:
        permit(actor, Permission.EXPORT)
    confine(actor, [customer_id])
    with tenant(actor.partner_id):
        customer_row(actor.partner_id, customer_id)
        tables = tuple(
            Table(name, tuple(columns), tuple(tuple(map(_plain, row)) for row in rows))
            for name, columns, rows in exported(actor.partner_id, customer_id)
        )
        record_export(customer_id, actor=actor, now=now)
    return PersonalData(customer_id, now, tables)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value
