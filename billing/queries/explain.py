"""Why an amount is what it is, by the id of what carries it: in sentences of the active language.

Every interface asks here. How a line's amount came about was kept with it when it was calculated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.charging.models import PaymentAttempt
from billing.charging.states import Purpose
from billing.documents.models import CreditNoteLine, InvoiceLine, Payment
from billing.documents.states import PaymentSource
from billing.explaining import ExplainedLine, explained_line
from billing.queries.credit_notes import credit_note_view
from billing.queries.invoice_page import invoice_view, stored_line
from billing.wording import plain
from partnerpanel.kernel.errors import NotFound

PURPOSES: Mapping[Purpose, Any] = {
    Purpose.RENEWAL: gettext_lazy("It was charged by itself when it fell due, as charge %(number)s for that invoice."),
    Purpose.RETRY: gettext_lazy("It was charged again by the policy, as charge %(number)s for that invoice."),
    Purpose.NEW_CARD: gettext_lazy("It was charged because a new card was given, as charge %(number)s for it."),
    Purpose.ASKED: gettext_lazy("It was charged because somebody asked for it, as charge %(number)s for it."),
}
BY_HAND: Mapping[str, Any] = {
    PaymentSource.BANK: gettext_lazy("It was recorded by hand, as a bank transfer."),
    PaymentSource.CASH: gettext_lazy("It was recorded by hand, as cash."),
}


def explain_invoice(partner_id: UUID, invoice_id: UUID) -> list[ExplainedLine]:
    """Its lines in their order. Raises NotFound alike for an id that never existed and for another partner's."""
    lines = invoice_view(partner_id, invoice_id).lines
    return [explained_line(line, gives_back=line.amount.amount < 0) for line in lines]


def explain_credit_note(partner_id: UUID, note_id: UUID) -> list[ExplainedLine]:
    """Its lines in their order. Raises NotFound alike for an id that never existed and for another partner's."""
    lines = credit_note_view(partner_id, note_id).lines
    return [explained_line(line, gives_back=line.amount.amount > 0) for line in lines]


def explain_line(partner_id: UUID, line_id: UUID) -> ExplainedLine:
    """One line of an invoice. Raises NotFound alike for an id that never existed and for another partner's."""
    rows = InvoiceLine.objects.for_partner(partner_id).filter(pk=line_id)
    row = rows.select_related("invoice", "credits_line__invoice").first()
    if row is None:
        raise NotFound("There is no such line.", field="line")
    line = stored_line(row, row.invoice.currency)
    return explained_line(line, gives_back=row.amount < 0)


def explain_payments(partner_id: UUID, payment_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """What each was paid for, and why it was charged or who recorded it; in two queries."""
    rows = Payment.objects.for_partner(partner_id).filter(pk__in=payment_ids).select_related("invoice")
    found = list(rows)
    asked = PaymentAttempt.objects.for_partner(partner_id).filter(
        pk__in=[row.attempt_id for row in found if row.attempt_id]
    )
    attempts = {row.pk: row for row in asked}
    return {row.pk: tuple(_payment(row, attempts.get(row.attempt_id) if row.attempt_id else None)) for row in found}


def explain_changes(partner_id: UUID, change_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """What each change of a subscription billed and credited, line by line; in two queries.

    A change that is not in it moved no money.
    """
    said: defaultdict[UUID, list[str]] = defaultdict(list)
    for id_, document, line in _documents(partner_id, change_ids):
        said[id_] += [f"{document} · {line.name}: {text}" for text in line.sentences]
    return {id_: tuple(texts) for id_, texts in said.items()}


def _payment(row: Payment, attempt: PaymentAttempt | None) -> Iterator[str]:
    words = {"amount": plain(row.money), "invoice": row.invoice.label, "total": plain(row.invoice.total)}
    if row.money == row.invoice.total:
        yield _("%(amount)s = the whole of %(invoice)s") % words
    else:
        yield _("%(amount)s was paid for %(invoice)s, which came to %(total)s") % words
    if attempt is not None:
        yield str(PURPOSES[Purpose(attempt.purpose)] % {"number": attempt.ordinal})
    else:
        yield str(BY_HAND.get(row.source, _("It was recorded by hand.")))


def _documents(partner_id: UUID, change_ids: Collection[UUID]) -> Iterator[tuple[UUID, str, ExplainedLine]]:
    """Change, number of the document and explained line, invoices before credit notes."""
    billed = InvoiceLine.objects.for_partner(partner_id).filter(invoice__change__in=change_ids)
    for row in billed.select_related("invoice", "credits_line__invoice").order_by("invoice__number", "position"):
        if row.invoice.change_id:
            line = stored_line(row, row.invoice.currency)
            yield row.invoice.change_id, row.invoice.label, explained_line(line, gives_back=row.amount < 0)
    noted = CreditNoteLine.objects.for_partner(partner_id).filter(credit_note__change__in=change_ids)
    for back in noted.select_related("credit_note", "credits_line__invoice").order_by(
        "credit_note__number", "position"
    ):
        if back.credit_note.change_id:
            line = stored_line(back, back.credit_note.currency)
            yield back.credit_note.change_id, back.credit_note.label, explained_line(line, gives_back=back.amount > 0)
