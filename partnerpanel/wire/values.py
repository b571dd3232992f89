"""Values as JSON carries them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money


def money(value: Money) -> dict[str, int | str]:
    """Whole minor units and the currency."""
    return {"amount": value.amount, "currency": value.currency}


def instant(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, with a Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def day(on: date | None) -> str | None:
    """A day of the partner's or the customer's calendar."""
    return on.isoformat() if on else None


def ref(prefix: str, id_: UUID | None) -> str | None:
    """A public id, where there is one."""
    return public(prefix, id_) if id_ else None
