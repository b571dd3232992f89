"""Charges that somebody wants to know of now, without asking for money."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from billing.charging.models import PaymentAttempt
from billing.charging.settle import Answered, settle
from billing.charging.states import OPEN
from billing.gateway.port import ChargeStatus
from billing.gateway.registry import gateway_named
from partnerpanel.tenancy.scope import tenant


def settle_charges(partner_id: UUID, gateway: str, keys: Collection[UUID], now: datetime) -> None:
    """Looks up those of the attempts that are open, and settles what the gateway says of them. Raises GatewayDown."""
    with tenant(partner_id):
        attempts = PaymentAttempt.objects.for_partner(partner_id).filter(gateway=gateway, pk__in=keys, status__in=OPEN)
        asked = list(attempts.values_list("pk", flat=True))
    if not asked:
        return
    known = gateway_named(gateway).look_up(partner_id, [str(id_) for id_ in asked])
    said = [Answered(id_, known[str(id_)]) for id_ in asked if str(id_) in known]
    said = [one for one in said if one.answer.status is not ChargeStatus.UNKNOWN]
    if said:
        settle(partner_id, said, now=now)
