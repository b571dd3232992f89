"""Stripe's own lists, oldest first. Stripe lists the newest first, so they are read in windows of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from billing.gateway.port import ChargePage, ChargeStatus, RefundPage
from billing.gateway.stripe import metadata
from billing.gateway.stripe.accounts import Connection, connection_of
from billing.gateway.stripe.answers import listed_charge, listed_refund
from billing.gateway.stripe.failures import only_reading
from partnerpanel.kernel.clock import system_now

T = TypeVar("T")

WINDOW = timedelta(hours=6)
PAGE = 100


def charges(partner_id: UUID, since: datetime, cursor: str) -> ChargePage:
    """Charges of this partner in one window; an intent that nobody has confirmed is none."""
    found, following = _window(partner_id, since, cursor, lambda api: api.payment_intents, listed_charge)
    return ChargePage([one for one in found if one.answer.status is not ChargeStatus.UNKNOWN], following)


def refunds(partner_id: UUID, since: datetime, cursor: str) -> RefundPage:
    """Those of this partner's charges, also what somebody gave back in Stripe's dashboard."""
    expanded = {"expand": ["data.payment_intent"]}
    return RefundPage(*_window(partner_id, since, cursor, lambda api: api.refunds, listed_refund, expanded))


def _window(
    partner_id: UUID,
    since: datetime,
    cursor: str,
    service: Callable[[Any], Any],
    read: Callable[[dict[str, Any]], T],
    more: Mapping[str, Any] | None = None,
) -> tuple[Sequence[T], str]:
    """What was made in the window that begins at the cursor, and where the next one begins; nothing without account."""
    connection = connection_of(partner_id)
    start, now = datetime.fromisoformat(cursor) if cursor else since, system_now()
    if connection is None or start > now:
        return [], ""
    end = start + WINDOW
    created = {"gte": int(start.timestamp())} | ({"lt": int(end.timestamp())} if end <= now else {})
    mine = _read(connection, service, {"created": created, "limit": PAGE, **(more or {})})
    return [read(one) for one in mine], end.isoformat() if end <= now else ""


def _read(connection: Connection, service: Callable[[Any], Any], wanted: dict[str, Any]) -> list[dict[str, Any]]:
    with only_reading():
        page = service(connection.client.v1).list(wanted)
        found = [one.to_dict() for one in page.auto_paging_iter()]
    return [one for one in reversed(found) if _is_mine(one, connection.partner_id)]


def _is_mine(one: dict[str, Any], partner_id: UUID) -> bool:
    """By its own metadata, or those of the intent that stands in it."""
    intent = one.get("payment_intent")
    return metadata.is_mine(one, partner_id) or (isinstance(intent, dict) and metadata.is_mine(intent, partner_id))
