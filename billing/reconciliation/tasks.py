"""The nightly comparison: one task says who, then one for each partner."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from celery import shared_task

from billing.collection.halt import lift_if_reconciled, running_halt
from billing.queries.invariants import GATEWAYS_AGREE
from billing.reconciliation.compare import reconcile
from partnerpanel.invariants.look import look
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.models import Partner

# Charges that were under way when the night before was compared are met once more.
BACK = timedelta(days=3)


@shared_task
def reconcile_everybody(**_: object) -> int:
    """Has every partner compared; twins are left alone. Returns how many."""
    partners = list(Partner.objects.filter(twin_of=None).order_by("pk").values_list("pk", flat=True))
    for partner_id in partners:
        reconcile_partner.apply_async(kwargs={"partner_id": str(partner_id)}, queue="bulk", expires=3600)
    return len(partners)


# Most of its time is the gateway's, page after page; killed, it begins anew the next night and books nothing twice.
@shared_task(soft_time_limit=540, time_limit=570)
def reconcile_partner(*, partner_id: str, **_: object) -> int:
    """How many mismatches are open."""
    now, halted = system_now(), running_halt()
    since = halted.since if halted else now - BACK
    report = reconcile(UUID(partner_id), since=since, now=now)
    look(UUID(partner_id), [GATEWAYS_AGREE])
    lift_if_reconciled(now=now)
    return report.open
