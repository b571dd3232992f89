"""Disputes compared with those gateways that tell of them: news that never came are made up for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.disputes.models import Dispute
from billing.disputes.states import OPEN
from billing.gateway.news import DisputedCharge
from billing.gateway.registry import TELLERS
from billing.services.disputes import record_dispute
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.scope import tenant


def compare_disputes(partner_id: UUID, gateway: str, *, since: datetime, now: datetime) -> None:
    """Those opened since then, and those that are open here, as the gateway has them. Opens scopes of its own.

    A dispute of a charge that is not booked waits for the charge, which is told as a mismatch. Raises GatewayDown.
    """
    teller = TELLERS.get(gateway)
    if teller is None:
        return
    found = {one.news.id: one for one in teller.disputes_since(partner_id, since)}
    for id_ in _open_here(partner_id, gateway) - found.keys():
        disputed = teller.dispute(partner_id, id_)
        if disputed is not None:
            found[id_] = disputed
    for one in found.values():
        _record(partner_id, gateway, one, now)


def _record(partner_id: UUID, gateway: str, one: DisputedCharge, now: datetime) -> None:
    try:
        record_dispute(partner_id, gateway, one.news, now=now)
    except NotFound:
        return


def _open_here(partner_id: UUID, gateway: str) -> set[str]:
    with tenant(partner_id):
        rows = Dispute.objects.for_partner(partner_id).filter(gateway=gateway, status__in=OPEN)
        return set(rows.values_list("gateway_id", flat=True))
