"""Issuing invoices with numbers that leave no gap, and moving their state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from billing.documents.models import Invoice, InvoiceLine, NumberSeries
from billing.documents.states import InvoiceStatus
from billing.queries.parties import kept_parties
from billing.queries.sql.numbers import take
from billing.rules.plan import BillingPlan, InvoiceMove, LineDraft
from partnerpanel.brand.rules.checks import series_of
from partnerpanel.tenancy.bulk import insert_rows, update_rows

SERIES = "INV"
# One object for all lines without: a value that all rows share travels once.
NO_TAXES: list[dict[str, Any]] = []
INVOICE = (
    "id",
    "series",
    "number",
    "kind",
    "status",
    "customer",
    "subscription",
    "change_id",
    "corrects_id",
    "term_number",
    "period_starts_on",
    "period_ends_on",
    "currency",
    "subtotal_amount",
    "tax_amount",
    "total_amount",
    "credit_amount",
    "issued_on",
    "issued_at",
    "seller",
    "buyer",
)
LINE = (
    "invoice",
    "position",
    "kind",
    "text",
    "quantity",
    "amount",
    "tax_amount",
    "taxes",
    "period_starts_on",
    "period_ends_on",
    "derivation",
    "credits_line_id",
    "credits_term",
    "addon_id",
)


def issue(plans: Sequence[BillingPlan], *, partner_id: UUID, now: datetime) -> None:
    """Writes the plans' new invoices, numbered in the order of the plans.

    The series' row stays locked until the transaction ends, so a number is either used or given again.
    """
    new = [plan for plan in plans if plan.invoice]
    if not new:
        return
    kept = kept_parties(partner_id, {plan.facts.customer_id for plan in new})
    series = series_of(kept.number_prefix, SERIES)
    number = take_numbers(partner_id, series, len(new))
    rows, lines = [], []
    for offset, plan in enumerate(new):
        draft = plan.invoice
        if draft is None:
            continue
        tax = draft.tax.amount
        rows.append(
            (
                draft.id,
                series,
                number + offset,
                draft.kind,
                InvoiceStatus.OPEN,
                plan.facts.customer_id,
                plan.facts.subscription_id,
                draft.change_id,
                draft.corrects,
                draft.term_number,
                draft.period.starts_on,
                draft.period.ends_on,
                draft.total.currency,
                sum(line.amount.amount for line in draft.lines),
                tax,
                draft.total.amount,
                draft.credit.amount,
                plan.facts.today(now),
                now,
                kept.seller,
                kept.buyers[plan.facts.customer_id],
            )
        )
        lines += [
            (
                draft.id,
                position,
                line.kind,
                line.text,
                line.quantity,
                line.amount.amount,
                line.tax.amount,
                kept_taxes(line),
                line.period.starts_on,
                line.period.ends_on,
                line.why.as_json(),
                line.credits.line_id if line.credits else None,
                line.credits.term_number if line.credits else None,
                line.addon,
            )
            for position, line in enumerate(draft.lines, start=1)
        ]
    insert_rows(Invoice, partner_id=partner_id, columns=INVOICE, rows=rows)
    insert_rows(InvoiceLine, partner_id=partner_id, columns=LINE, rows=lines)


def kept_taxes(line: LineDraft) -> list[dict[str, Any]]:
    """The line's taxes as they are kept."""
    return [part.as_json() for part in line.taxes] if line.taxes else NO_TAXES


def void(plans: Sequence[BillingPlan], *, partner_id: UUID, now: datetime) -> None:
    """Takes invoices back; before others are issued for the same terms."""
    _move([move for move in _moves(plans) if move.status is InvoiceStatus.VOID], partner_id=partner_id, now=now)


def pay(plans: Sequence[BillingPlan], *, partner_id: UUID, now: datetime) -> None:
    """Moves invoices to paid; what was paid is added to what had been."""
    _move([move for move in _moves(plans) if move.status is not InvoiceStatus.VOID], partner_id=partner_id, now=now)


def reduce(plans: Sequence[BillingPlan], *, partner_id: UUID) -> None:
    """Takes credit notes off what open invoices ask for."""
    for plan in plans:
        if plan.reduce:
            rows = Invoice.objects.for_partner(partner_id).filter(pk=plan.reduce.id, status=InvoiceStatus.OPEN)
            rows.update(reduced_amount=F("reduced_amount") + plan.reduce.amount.amount)


def _moves(plans: Sequence[BillingPlan]) -> list[InvoiceMove]:
    return [move for plan in plans for move in (plan.void, plan.move) if move]


def _move(moves: Sequence[InvoiceMove], *, partner_id: UUID, now: datetime) -> None:
    rows = []
    for move in moves:
        is_paid = move.status is InvoiceStatus.PAID
        rows.append(
            (
                move.id,
                move.status,
                move.paid.amount if move.paid else 0,
                now if is_paid else None,
                now if move.status is InvoiceStatus.VOID else None,
                now if move.status is InvoiceStatus.UNCOLLECTIBLE else None,
                move.version + 1,
            )
        )
    columns = ["status", "paid_amount", "paid_at", "voided_at", "given_up_at", "version"]
    update_rows(Invoice, partner_id=partner_id, columns=columns, rows=rows)


def take_numbers(partner_id: UUID, series: str, many: int) -> int:
    """Takes so many numbers in a row; returns the first."""
    first = take(partner_id, series, many)
    if first is None:
        row = NumberSeries(partner_id=partner_id, series=series)
        NumberSeries.objects.bulk_create([row], ignore_conflicts=True)
        first = take(partner_id, series, many)
    if first is None:
        raise RuntimeError(f"the series {series} has just been made")
    return first
