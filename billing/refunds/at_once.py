"""Refunding while somebody waits for the answer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from billing.refunds.models import Refund
from billing.refunds.states import RefundStatus
from billing.refunds.worker import drain_refunds
from partnerpanel.tenancy.scope import tenant


def ask_for_refunds(partner_id: UUID, refund_ids: Collection[UUID], *, now: datetime) -> dict[UUID, RefundStatus]:
    """Asks the gateway for these refunds and settles its answers; where each stands then, by id. Opens scopes of its
    own."""
    drain_refunds(partner_id, now, only=refund_ids)
    with tenant(partner_id):
        rows = Refund.objects.for_partner(partner_id).filter(pk__in=refund_ids)
        return {id_: RefundStatus(status) for id_, status in rows.values_list("pk", "status")}
