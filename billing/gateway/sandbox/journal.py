"""The sandbox's memory: one row for each key, whoever asks how often. Works in the open scope."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from billing.disputes.states import DisputeStatus
from billing.gateway.models import SandboxCharge
from billing.gateway.port import (
    CANCELLED,
    ChargeAnswer,
    ChargePage,
    ChargeRequest,
    ChargeStatus,
    Decline,
    DeclineKind,
    DisputeNews,
    ListedCharge,
)
from billing.gateway.refusals import UnknownCharge
from billing.gateway.sandbox.methods import BEHAVIOURS
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.bulk import insert_rows

COLUMNS = (
    "id",
    "key",
    "customer",
    "method",
    "amount",
    "currency",
    "metadata",
    "off_session",
    "status",
    "is_first",
    "charged_at",
)
PREFIX = "sbx"
DISPUTE_PREFIX = "sbd"
EVIDENCE_WITHIN = timedelta(days=10)
PAGE = 100
# Nobody is there: in the sandbox `complete_authentication` is what the customer does.
ACTION_URL = "https://sandbox.invalid/authentication/"
# No other card than one that waits for the customer is declined without a reason of its own.
TAKEN_BACK = Decline(CANCELLED, DeclineKind.SOFT, "The charge was taken back before the customer confirmed it.")


def write(
    partner_id: UUID, requests: Sequence[ChargeRequest], now: datetime
) -> tuple[dict[str, SandboxCharge], set[UUID]]:
    """The row of every key, and the ids of those that did not exist before this call."""
    first = [_row(partner_id, one, now, is_first=True) for one in requests if BEHAVIOURS[one.method].only_first]
    rows = [_row(partner_id, one, now, is_first=False) for one in requests]
    # Always in one order, so that two calls with the same keys wait for one another and never crosswise.
    new = _insert(partner_id, sorted(first, key=lambda row: (row.customer, row.method)))
    new |= _insert(partner_id, sorted(rows, key=lambda row: row.key))
    found = {row.key: row for row in [*first, *rows] if row.pk in new}
    known = {one.key for one in requests} - found.keys()
    return (found | read(partner_id, known) if known else found), new


def read(partner_id: UUID, keys: Collection[str]) -> dict[str, SandboxCharge]:
    """The rows that exist, by key."""
    return {row.key: row for row in SandboxCharge.objects.for_partner(partner_id).filter(key__in=keys)}


def listed(partner_id: UUID, since: datetime, cursor: str) -> ChargePage:
    """One page of the journal; ids grow with time, so the last one is the cursor."""
    rows = SandboxCharge.objects.for_partner(partner_id).filter(charged_at__gte=since).order_by("pk")
    found = list((rows.filter(pk__gt=parse(PREFIX, cursor)) if cursor else rows)[: PAGE + 1])
    charges = [ListedCharge(row.key, row.charged_at, row.customer, row.method, answer(row)) for row in found[:PAGE]]
    return ChargePage(charges, public(PREFIX, found[PAGE - 1].pk) if len(found) > PAGE else "")


def locked(partner_id: UUID, gateway_id: str) -> SandboxCharge:
    """The charge of this id, locked. Raises UnknownCharge."""
    row = None
    with suppress(NotFound):
        rows = SandboxCharge.objects.for_partner(partner_id).filter(pk=parse(PREFIX, gateway_id))
        row = rows.select_for_update().first()
    if row is None:
        raise UnknownCharge("The sandbox has no such charge.", field="charge")
    return row


def taken_back(partner_id: UUID, gateway_id: str) -> SandboxCharge:
    """The charge of this id; one that waited for the customer waits no more. Raises UnknownCharge."""
    row = locked(partner_id, gateway_id)
    if row.status == ChargeStatus.ACTION_REQUIRED:
        row.status = ChargeStatus.DECLINED
        row.save(update_fields=["status"])
    return row


def is_of(row: SandboxCharge, request: ChargeRequest) -> bool:
    """Whether the row is what the request asks for."""
    asked = (request.amount, request.method, request.customer, dict(request.metadata), request.off_session)
    return asked == (amount_of(row), row.method, row.customer, row.metadata, row.off_session)


def amount_of(row: SandboxCharge) -> Money:
    return Money(row.amount, row.currency)


def answer(row: SandboxCharge) -> ChargeAnswer:
    """What the journal says, as the port says it."""
    status, gateway_id = ChargeStatus(row.status), public(PREFIX, row.pk)
    return ChargeAnswer(
        status=status,
        gateway_id=gateway_id,
        decline=BEHAVIOURS[row.method].decline or TAKEN_BACK if status is ChargeStatus.DECLINED else None,
        action_url=f"{ACTION_URL}{gateway_id}" if status is ChargeStatus.ACTION_REQUIRED else "",
        amount=amount_of(row),
        metadata=row.metadata,
        dispute=_disputed(row, gateway_id) if BEHAVIOURS[row.method].disputed else None,
    )


def _disputed(row: SandboxCharge, gateway_id: str) -> DisputeNews:
    return DisputeNews(
        id=public(DISPUTE_PREFIX, row.pk),
        charge=gateway_id,
        status=DisputeStatus.NEEDS_RESPONSE,
        amount=amount_of(row),
        opened_at=row.charged_at,
        said_at=row.charged_at,
        reason="product_not_received",
        evidence_due_on=(row.charged_at + EVIDENCE_WITHIN).date(),
    )


def _insert(partner_id: UUID, rows: Sequence[SandboxCharge]) -> set[UUID]:
    """Writes those whose key is new; returns their ids."""
    values = [[getattr(row, name) for name in COLUMNS] for row in rows]
    return insert_rows(SandboxCharge, partner_id=partner_id, columns=COLUMNS, rows=values, ignore_conflicts=True)


def _row(partner_id: UUID, request: ChargeRequest, now: datetime, *, is_first: bool) -> SandboxCharge:
    behaviour = BEHAVIOURS[request.method]
    declined = behaviour.only_first and not is_first
    return SandboxCharge(
        partner_id=partner_id,
        key=request.key,
        customer=request.customer,
        method=request.method,
        amount=request.amount.amount,
        currency=request.amount.currency,
        metadata=dict(request.metadata),
        off_session=request.off_session,
        status=ChargeStatus.DECLINED if declined else behaviour.status,
        is_first=is_first,
        charged_at=now,
    )
