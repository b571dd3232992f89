"""Refunds of the sandbox, in the open scope: never more than is left of the charge."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from billing.gateway.models import SandboxCharge, SandboxRefund
from billing.gateway.port import ChargeStatus, ListedRefund, RefundAnswer, RefundPage, RefundRequest, RefundStatus
from billing.gateway.refusals import InvalidRequest, KeyReused, OverRefund, UnknownCharge
from billing.gateway.sandbox import journal
from billing.gateway.sandbox.methods import BEHAVIOURS
from partnerpanel.kernel.ids import parse, public
from partnerpanel.kernel.money import Money

PREFIX = "sbr"


def write(partner_id: UUID, request: RefundRequest, now: datetime) -> tuple[SandboxRefund, bool]:
    """The row of the key, and whether it is new. Raises UnknownCharge, OverRefund, InvalidRequest, KeyReused."""
    charge = journal.locked(partner_id, request.charge)
    ripen(partner_id, now)
    present = read(partner_id, [request.key]).get(request.key)
    if present is None:
        _refuse_too_much(charge, request)
        row = _row(charge, request, now)
        SandboxRefund.objects.bulk_create([row], ignore_conflicts=True)
        present = read(partner_id, [request.key])[request.key]
        if present.pk == row.pk:
            return present, True
    if (present.charge_id, _amount(present), present.metadata) != (charge.pk, request.amount, dict(request.metadata)):
        raise KeyReused("This key stands for another refund.", field="key")
    return present, False


def ripen(partner_id: UUID, now: datetime) -> None:
    """Refunds that were on their way long enough end as their charge's method says."""
    for method, behaviour in BEHAVIOURS.items():
        if behaviour.refund_ends is not None:
            ends, after = behaviour.refund_ends
            pending = SandboxRefund.objects.for_partner(partner_id).filter(status=RefundStatus.PENDING)
            pending.filter(charge__method=method, refunded_at__lte=now - after).update(status=ends)


def read(partner_id: UUID, keys: Collection[str]) -> dict[str, SandboxRefund]:
    """The rows that exist, by key."""
    rows = SandboxRefund.objects.for_partner(partner_id).filter(key__in=keys).select_related("charge")
    return {row.key: row for row in rows}


def listed(partner_id: UUID, since: datetime, cursor: str) -> RefundPage:
    """One page, as of charges."""
    rows = SandboxRefund.objects.for_partner(partner_id).filter(refunded_at__gte=since).order_by("pk")
    rows = (rows.filter(pk__gt=parse(PREFIX, cursor)) if cursor else rows).select_related("charge")
    found = list(rows[: journal.PAGE + 1])
    page = found[: journal.PAGE]
    refunds = [
        ListedRefund(row.key, row.refunded_at, public(journal.PREFIX, row.charge_id), answer(row)) for row in page
    ]
    return RefundPage(refunds, public(PREFIX, page[-1].pk) if len(found) > journal.PAGE else "")


def answer(row: SandboxRefund) -> RefundAnswer:
    return RefundAnswer(RefundStatus(row.status), public(PREFIX, row.pk), _amount(row))


def _refuse_too_much(charge: SandboxCharge, request: RefundRequest) -> None:
    if charge.status != ChargeStatus.SUCCEEDED:
        raise UnknownCharge("This charge took no money, so there is none to give back.", field="charge")
    if charge.currency != request.amount.currency:
        raise InvalidRequest(f"The charge was in {charge.currency}; so is what is given back of it.", field="amount")
    made = charge.refunds.exclude(status=RefundStatus.FAILED)
    refunded = made.aggregate(total=Sum("amount"))["total"] or 0
    left = Money(charge.amount - refunded, charge.currency)
    if request.amount > left:
        raise OverRefund(f"{left} is left of this charge; {request.amount} is more.", field="amount")


def _amount(row: SandboxRefund) -> Money:
    return Money(row.amount, row.charge.currency)


def _row(charge: SandboxCharge, request: RefundRequest, now: datetime) -> SandboxRefund:
    return SandboxRefund(
        partner_id=charge.partner_id,
        charge=charge,
        key=request.key,
        amount=request.amount.amount,
        metadata=dict(request.metadata),
        status=RefundStatus.PENDING if BEHAVIOURS[charge.method].refund_ends else RefundStatus.SUCCEEDED,
        refunded_at=now,
    )
