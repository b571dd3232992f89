"""Every amount is explained by the id of what carries it, alike for pages, files and programs."""

from __future__ import annotations

from uuid import UUID

import pytest

from billing.models import CreditNote, Invoice, InvoiceLine, Payment
from billing.printing.sheet import sheet_of
from billing.queries.explain import (
    explain_changes,
    explain_credit_note,
    explain_invoice,
    explain_line,
    explain_payments,
)
from billing.queries.printed import credit_note_paper, invoice_paper
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.changes import changes_of
from tests.scenarios.story import Story
from tests.world import World


def test_what_is_told_of_an_amount_is_what_the_document_prints(story: Story, other_world: World) -> None:
    story.on("2026-01-31").starts("30-day 30.00 EUR").on("2026-03-05").is_billed_on("2026-04-11")
    story.on("2026-04-12").cancels("now", credit_unused=True)
    with tenant(story.twin.pk):
        invoice = Invoice.objects.for_partner(story.twin.pk).filter(change__isnull=False).get()
        note = CreditNote.objects.for_partner(story.twin.pk).get()
        line = InvoiceLine.objects.for_partner(story.twin.pk).filter(invoice=invoice).get()
        told, given = explain_invoice(story.twin.pk, invoice.pk), explain_credit_note(story.twin.pk, note.pk)
        printed = sheet_of(invoice_paper(story.twin.pk, invoice.pk))["why"]
        noted = sheet_of(credit_note_paper(story.twin.pk, note.pk))["why"]
        assert told == [explain_line(story.twin.pk, line.pk)]
        assert [list(one.sentences) for one in told] == [one["said"] for one in printed]
        assert [list(one.sentences) for one in given] == [one["said"] for one in noted]
        [change] = changes_of(story.twin.pk, [story.subscription])[story.subscription]
        [said] = explain_changes(story.twin.pk, [change.id])[change.id]
    assert said == f"{invoice.label} · {told[0].name}: {told[0].sentences[0]}"
    assert told[0].sentences[0].endswith("days")
    with tenant(other_world.id):
        for explain, id_ in ((explain_invoice, invoice.pk), (explain_credit_note, note.pk), (explain_line, line.pk)):
            with pytest.raises(NotFound):
                explain(other_world.id, id_)


def test_a_payment_says_what_for_and_who_asked(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines").on("2026-03-01").replaces_card("ok").on("2026-03-31")
    story.wishes(auto_renew=False).on("2026-05-01").pays("20.00 EUR").pays("10.00 EUR")

    def said(payment: UUID) -> tuple[str, ...]:
        return explain_payments(story.twin.pk, [payment])[payment]

    with tenant(story.twin.pk):
        rows = Payment.objects.for_partner(story.twin.pk).order_by("recorded_at", "id").select_related("invoice")
        card, renewed, part, _rest = list(rows)
        assert said(card.pk) == (
            f"30.00 = the whole of {card.invoice.label}",
            "It was charged because a new card was given, as charge 3 for it.",
        )
        assert said(renewed.pk)[1] == "It was charged by itself when it fell due, as charge 1 for that invoice."
        assert said(part.pk) == (
            f"20.00 was paid for {part.invoice.label}, which came to 30.00",
            "It was recorded by hand, as a bank transfer.",
        )
