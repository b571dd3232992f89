"""Refunds compared with the gateways' journals: what the books wait for is settled, what they do not know is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.gateway.port import Gateway, ListedRefund, RefundStatus
from billing.refunds.models import Refund
from billing.refunds.settle import Answered, settle_refunds
from billing.refunds.states import OPEN
from partnerpanel.tenancy.scope import tenant

# Money that went back, or is on its way.
GIVEN = frozenset({RefundStatus.SUCCEEDED, RefundStatus.PENDING})


@dataclass(frozen=True, slots=True)
class Unknown:
    """A refund that the gateway made and the books do not have."""

    refund: ListedRefund
    why: str


def compare_refunds(partner_id: UUID, gateway: Gateway, *, since: datetime, now: datetime) -> tuple[int, list[Unknown]]:
    """How many were settled, and those that a person has to look at. Opens scopes of its own. Raises GatewayDown."""
    settled, unknown, cursor = 0, list[Unknown](), ""
    while True:
        page = gateway.list_refunds(partner_id, since=since, cursor=cursor)
        here = _statuses(partner_id, page.refunds)
        answers = [
            Answered(UUID(one.key), one.answer) for one in page.refunds if one.key in here and here[one.key] in OPEN
        ]
        settled += settle_refunds(partner_id, answers, now=now) if answers else 0
        unknown += [
            Unknown(one, "the books do not have this refund")
            for one in page.refunds
            if one.key not in here and one.answer.status in GIVEN
        ]
        if not page.cursor:
            return settled, unknown
        cursor = page.cursor


def _statuses(partner_id: UUID, refunds: Sequence[ListedRefund]) -> dict[str, str]:
    keys = []
    for one in refunds:
        try:
            keys.append(UUID(one.key))
        except ValueError:
            continue
    with tenant(partner_id):
        rows = Refund.objects.for_partner(partner_id).filter(pk__among=keys)
        return {str(id_): status for id_, status in rows.values_list("pk", "status")}
