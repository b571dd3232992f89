"""What gateways, or people in their stead, tell of disputes: each once, in any order, and what it does to the books."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from billing.disputes.models import Dispute, PaymentReversal
from billing.disputes.states import OPEN, RANK, DisputeStatus
from billing.documents.models import Payment
from billing.gateway.port import DisputeNews
from billing.services.invoices import take_numbers
from billing.services.refunds import hold_back
from customers.queries.facts import identities
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.queries import partner_by_id
from partnerpanel.tenancy.scope import tenant

SERIES = "DL"
OPENED = "dispute.opened"


class AlreadyDecided(Conflict):
    """The bank has decided this dispute."""

    code = "already_decided"


def record_dispute(partner_id: UUID, gateway: str, news: DisputeNews, *, now: datetime) -> UUID:
    """Writes what the news change, once however often they come; older ones change nothing. Returns the dispute's id.

    While it is open and when it is lost, its amount cannot be refunded; lost, the money is reversed in the books by a
    document of its own. Opens its own scope. Raises NotFound for a charge that is not booked, or not yet.
    """
    with tenant(partner_id):
        paid = Payment.objects.for_partner(partner_id).filter(gateway=gateway, gateway_id=news.charge).first()
        if paid is None:
            raise NotFound("There is no such payment.", field="charge")
        return _record(paid, gateway, news, actor=Actor.system(partner_id), now=now)


def decide_dispute(dispute_id: UUID, status: DisputeStatus, *, note: str, actor: Actor, now: datetime) -> None:
    """What a person read at the gateway: that evidence was sent, or how the bank has decided.

    In the open scope. Raises NotFound, and AlreadyDecided for one that is not open any more.
    """
    row = Dispute.objects.for_partner(actor.partner_id).filter(pk=dispute_id).select_related("payment").first()
    if row is None:
        raise NotFound("There is no such dispute.", field="dispute")
    identities(actor.partner_id, {row.customer_id}, lock=True)
    row.refresh_from_db()
    if row.status not in OPEN or RANK[status] <= RANK[DisputeStatus(row.status)]:
        raise AlreadyDecided("This dispute stands otherwise by now.", field="status")
    news = DisputeNews(row.gateway_id, row.payment.gateway_id, status, row.money, row.opened_at, now)
    _record(row.payment, row.gateway, news, actor=actor, now=now, note=note)


def _record(paid: Payment, gateway: str, news: DisputeNews, *, actor: Actor, now: datetime, note: str = "") -> UUID:
    partner_id = paid.partner_id
    identities(partner_id, {paid.customer_id}, lock=True)
    rows = Dispute.objects.for_partner(partner_id).filter(gateway=gateway, gateway_id=news.id)
    dispute_id: UUID
    row, before = rows.first(), None
    if row is None:
        row = _open(paid, gateway, news)
        kinds = [OPENED] if news.status is DisputeStatus.NEEDS_RESPONSE else [OPENED, f"dispute.{news.status}"]
    else:
        before = DisputeStatus(row.status)
        dispute_id = row.pk
        if not _is_newer(row, news):
            return dispute_id
        kinds = [f"dispute.{news.status}"] if news.status is not before else []
        row.status, row.said_at = news.status, news.said_at
        row.evidence_due_on = news.evidence_due_on or row.evidence_due_on
    row.decided_at = None if news.status in OPEN else now
    _book(paid, row, before, now)
    first = row.version + 1 if before else 1
    row.version = first + len(kinds) - 1
    row.save(update_fields=Dispute.updatable)
    events = [_event(paid, row, kind, first + offset, note) for offset, kind in enumerate(kinds)]
    record(events, actor=actor, action_id=uuid7(), now=now)
    dispute_id = row.pk
    return dispute_id


def _open(paid: Payment, gateway: str, news: DisputeNews) -> Dispute:
    return Dispute.objects.create(
        partner_id=paid.partner_id,
        customer_id=paid.customer_id,
        payment=paid,
        gateway=gateway,
        gateway_id=news.id,
        status=news.status,
        reason=news.reason[:60],
        currency=news.amount.currency,
        amount=news.amount.amount,
        evidence_due_on=news.evidence_due_on,
        opened_at=news.opened_at,
        said_at=news.said_at,
    )


def _is_newer(row: Dispute, news: DisputeNews) -> bool:
    before = DisputeStatus(row.status)
    if RANK[news.status] != RANK[before]:
        return RANK[news.status] > RANK[before]
    return news.said_at > row.said_at


def _book(paid: Payment, row: Dispute, before: DisputeStatus | None, now: datetime) -> None:
    """What is kept from being refunded, and what is lost: the difference between how it stood and how it stands."""
    status = DisputeStatus(row.status)
    was_kept = before is not None and before is not DisputeStatus.WON
    keeps = status is not DisputeStatus.WON
    if keeps != was_kept:
        amount = row.money if keeps else -row.money
        hold_back(paid.partner_id, paid.pk, payment_amount=paid.money, disputed=amount)
    was_lost, is_lost = before is DisputeStatus.LOST, status is DisputeStatus.LOST
    if was_lost != is_lost:
        _reverse(paid, row, row.money if is_lost else -row.money, now)


def _reverse(paid: Payment, row: Dispute, amount: Money, now: datetime) -> None:
    PaymentReversal.objects.create(
        partner_id=paid.partner_id,
        dispute=row,
        payment=paid,
        customer_id=paid.customer_id,
        series=SERIES,
        number=take_numbers(paid.partner_id, SERIES, 1),
        currency=amount.currency,
        amount=amount.amount,
        reversed_on=local_date(now, partner_by_id(paid.partner_id).timezone),
        recorded_at=now,
    )


def _event(paid: Payment, row: Dispute, kind: str, sequence: int, note: str) -> EventDraft:
    data = {
        "payment": str(paid.pk),
        "invoice": str(paid.invoice_id),
        "amount": [row.amount, row.currency],
        **({"evidence_due_on": row.evidence_due_on.isoformat()} if row.evidence_due_on else {}),
    }
    draft = EventDraft(kind, "dispute", row.pk, sequence, row.customer_id, data)
    return replace(draft, words={"note": note.strip()}) if note.strip() else draft
