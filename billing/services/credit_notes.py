"""Issuing credit notes with numbers that leave no gap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from billing.documents.models import CreditNote, CreditNoteLine
from billing.queries.parties import kept_parties
from billing.rules.plan import BillingPlan
from billing.services.invoices import kept_taxes, take_numbers
from partnerpanel.brand.rules.checks import series_of

SERIES = "CN"
BATCH = 1_000


def issue(plans: Sequence[BillingPlan], *, partner_id: UUID, now: datetime) -> None:
    """Writes the plans' credit notes, numbered in the order of the plans."""
    new = [(plan, plan.credit_note) for plan in plans if plan.credit_note]
    if not new:
        return
    kept = kept_parties(partner_id, {plan.facts.customer_id for plan, _draft in new})
    series = series_of(kept.number_prefix, SERIES)
    number = take_numbers(partner_id, series, len(new))
    notes, lines = [], []
    for offset, (plan, draft) in enumerate(new):
        notes.append(
            CreditNote(
                id=draft.id,
                partner_id=partner_id,
                series=series,
                number=number + offset,
                customer_id=plan.facts.customer_id,
                subscription_id=plan.facts.subscription_id,
                change_id=draft.change_id,
                reason=draft.reason,
                goes_to=draft.goes_to,
                currency=draft.total.currency,
                subtotal_amount=sum(line.amount.amount for line in draft.lines),
                tax_amount=sum(line.tax.amount for line in draft.lines),
                total_amount=draft.total.amount,
                issued_on=plan.facts.today(now),
                issued_at=now,
                seller=kept.seller,
                buyer=kept.buyers[plan.facts.customer_id],
            )
        )
        lines += [
            CreditNoteLine(
                partner_id=partner_id,
                credit_note_id=draft.id,
                position=position,
                kind=line.kind,
                text=line.text,
                quantity=line.quantity,
                amount=line.amount.amount,
                tax_amount=line.tax.amount,
                taxes=kept_taxes(line),
                period_starts_on=line.period.starts_on,
                period_ends_on=line.period.ends_on,
                derivation=line.why.as_json(),
                credits_line_id=line.credits.line_id if line.credits else None,
                credits_term=line.credits.term_number if line.credits else None,
            )
            for position, line in enumerate(draft.lines, start=1)
        ]
    CreditNote.objects.bulk_create(notes, batch_size=BATCH)
    CreditNoteLine.objects.bulk_create(lines, batch_size=BATCH)
