"""An invoice with the wrong details is corrected: a credit note gives it back, and a new one takes its place. Pure."""

from __future__ import annotations

from dataclasses import replace

from billing.documents.states import SERVICE, InvoiceKind, InvoiceStatus, LineKind
from billing.rules.changes.lines import REVERSAL
from billing.rules.changes.outcome import ChangeCaution, ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange
from billing.rules.facts import ChangeFacts, InvoiceFacts
from billing.rules.own_events import with_note
from billing.rules.papers import corrected, issued, noted, voided
from billing.rules.plan import BillingPlan, CaseDraft, CreditNoteDraft, InvoiceDraft, InvoiceMove, LineDraft
from billing.rules.refunds.facts import CreditableLine, WrittenDocument, WrittenLine
from billing.rules.taxing import gross_total, taxed
from billing.tax.rules.amounts import TAX_TAKEN_BACK, Taxes, TaxPart, credit_of_net
from billing.tax.rules.places import Treatment
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from subscriptions.rules.states import Lifecycle

CORRECTED = "corrected"


def plan_correction(
    facts: ChangeFacts, document: WrittenDocument, *, note: str, keeps_total: bool, ids: ChangeIds
) -> Planned:
    """The same lines on a new invoice with the parties as they are now, taxed as a sale of the old one's day to them.

    A paid one is given back by a credit note, which pays the new one; what that costs less is kept in the balance. An
    open one is void, and the new one is collected in its place. No card is charged, and no period or access changes.
    `keeps_total` refuses what would cost a paid one less. Raises CannotChange with the reason.
    """
    _refuse(facts, document)
    if document.facts.status is InvoiceStatus.OPEN:
        return _billed_anew(facts, document, note=note, ids=ids)
    left = [line for line in document.lines if line.amount and not line.is_given_back]
    back = tuple(_taken_back(line, document.facts.label) for line in left)
    given = gross_total(back, document.facts.total.currency)
    invoice = _in_its_place(facts, document, ids=ids)
    if given.amount <= 0:
        raise CannotChange("nothing_to_correct", "All of this invoice was given back.", field="invoice")
    if invoice.total > given:
        raise CannotChange("corrected_costs_more", f"{invoice.total} is more than the {given} that were paid.")
    if keeps_total and invoice.total != given:
        raise CannotChange("corrected_costs_less", f"It would come to {invoice.total} instead of {given}.")
    _refuse_same(document, invoice, given)
    invoice = replace(invoice, credit=invoice.total, corrects=document.facts.id)
    credit_note = CreditNoteDraft(ids.note, CORRECTED, back, given)
    billing = facts.billing
    told = {"corrects": str(document.facts.id), "credit_note": str(ids.note)}
    events = (
        with_note(noted(billing, credit_note), note),
        _with(issued(billing, invoice), told),
        EventDraft("invoice.paid", "invoice", invoice.id, 2, billing.customer_id, told),
        corrected(billing, invoice, of=document.facts.label, credit_note=credit_note),
    )
    move = InvoiceMove(invoice.id, 1, InvoiceStatus.PAID, invoice.due)
    plan = BillingPlan(billing, events=events, credit_note=credit_note, invoice=invoice, move=move)
    return Planned(plan, facts.deal)


def _billed_anew(facts: ChangeFacts, document: WrittenDocument, *, note: str, ids: ChangeIds) -> Planned:
    """Of what is not paid yet; its collection goes on with the new one, and what was paid in part stays paid."""
    billing, old = facts.billing, _collected(facts, document)
    if document.facts.reduced:
        raise CannotChange("reduced_open", "A credit note took a part off it. Void it, and it is billed anew.")
    invoice = _in_its_place(facts, document, ids=ids)
    _refuse_same(document, invoice, document.facts.total)
    held = old.held or Money.zero(invoice.total.currency)
    if held >= invoice.total:
        raise CannotChange("corrected_is_paid", "Nothing would be left to pay. Void it, and it is billed anew.")
    invoice = replace(invoice, credit=held)
    void, event = voided(billing, old)
    case = None
    if billing.case and billing.invoice is not None and billing.invoice.id == old.id:
        case = CaseDraft(billing.case.id, {"invoice_id": invoice.id})
    events = (
        with_note(event, note),
        issued(billing, invoice),
        corrected(billing, invoice, of=document.facts.label),
    )
    plan = BillingPlan(billing, events=events, invoice=invoice, void=void, case=case)
    return Planned(plan, facts.deal, cautions=(ChangeCaution.VOIDS_OPEN_INVOICE,))


def _refuse(facts: ChangeFacts, document: WrittenDocument) -> None:
    status, billing = document.facts.status, facts.billing
    if billing.is_charging or billing.awaits_customer:
        raise CannotChange("being_charged", "A charge is being checked. Try again when its outcome is known.")
    if status not in (InvoiceStatus.OPEN, InvoiceStatus.PAID) or document.kind is InvoiceKind.MOVED_IN:
        raise CannotChange("not_correctable", "Only an open or paid invoice of here is corrected.", field="invoice")
    if document.corrected_by:
        message = f"{document.corrected_by} has taken its place. Correct that one."
        raise CannotChange("corrected_already", message, field="invoice")
    back = any(line.amount.amount < 0 for line in document.lines)
    if back and any(line.taken_back for line in document.lines):
        raise CannotChange("nothing_to_correct", "All of this invoice was given back.", field="invoice")
    term = billing.term
    if term is None or billing.lifecycle is Lifecycle.ENDED:
        return
    # What is left of days that still run is reckoned from what each line was charged and gave back so far.
    if any(
        line.is_credited and line.kind in SERVICE and line.period.ends_on > term.period.starts_on
        for line in document.lines
    ):
        message = f"A part of it was given back while its period runs. Correct it after {term.period.ends_on}."
        raise CannotChange("credited_and_running", message, field="invoice")


def _refuse_same(document: WrittenDocument, invoice: InvoiceDraft, total: Money) -> None:
    if document.is_right and invoice.total == total:
        raise CannotChange("nothing_to_correct", "It names both parties as they are now.", field="invoice")


def _collected(facts: ChangeFacts, document: WrittenDocument) -> InvoiceFacts:
    for invoice in (facts.billing.invoice, facts.billing.change_invoice):
        if invoice is not None and invoice.id == document.facts.id:
            return invoice
    raise CannotChange("not_open", "This invoice is not open.", field="invoice")


def _in_its_place(facts: ChangeFacts, document: WrittenDocument, *, ids: ChangeIds) -> InvoiceDraft:
    """With what is left of each line; what was given back of it stays on the documents that did."""
    treatment = facts.billing.tax.on(document.issued_on)
    lines = tuple(_again(line, document.facts.label, treatment) for line in document.lines if not line.is_given_back)
    total = gross_total(lines, document.facts.total.currency)
    return InvoiceDraft(
        ids.document,
        document.kind,
        document.term_number,
        document.period,
        lines,
        total,
        Money.zero(total.currency),
        document.change_id,
    )


def _taken_back(line: WrittenLine, label: str) -> LineDraft:
    """As the credit note has it: above zero what is given back, below what the invoice had taken off."""
    charged = line.charged
    left = charged.taxed.left if charged else line.amount
    why = Derivation(REVERSAL, {"amount": str(line.amount), "left": str(left), "document": label})
    taxes = credit_of_net(charged.taxed, left) if charged else line.taxes
    of = charged.ref if charged else line.credits
    return LineDraft(LineKind.REVERSAL, line.text, line.quantity, left, line.period, why, of, taxes)


def _again(line: WrittenLine, label: str, treatment: Treatment) -> LineDraft:
    """The line on the new invoice. What takes another document's line back has that one's taxes, as before."""
    charged = line.charged
    draft = LineDraft(line.kind, line.text, line.quantity, line.amount, line.period, line.why, addon=line.addon)
    if charged is None:
        return replace(draft, credits=line.credits, taxes=line.taxes)
    why = Derivation(CORRECTED, {"document": label}, parts=() if line.is_credited else (line.why,))
    kind, price = (
        LineKind.USED if line.stopped else line.kind,
        charged.left if line.contains_tax else charged.taxed.left,
    )
    found = taxed(replace(draft, kind=kind, amount=price, why=why), treatment)
    had = line.taxes
    if [part.tax for part in found.taxes or ()] != [part.tax for part in had]:
        return found
    # The same taxes are kept to the unit, whatever earlier credits left of them.
    return replace(found, amount=charged.taxed.left, why=why, taxes=_rest(charged, found.taxes or ()))


def _rest(charged: CreditableLine, found: Taxes) -> Taxes:
    """What is left of each tax. The reason why there is none is the one that holds now."""
    taxed_line = charged.taxed
    parts = []
    for part, left, now in zip(taxed_line.parts, taxed_line.parts_left, found, strict=True):
        if part.amount.amount == left:
            parts.append(part if left else now)
            continue
        inputs = {
            **part.why.inputs,
            "tax": str(part.amount),
            "net": str(taxed_line.left),
            "charged": str(taxed_line.net),
            "rounding": "none",
            "limit": "rest",
        }
        amount = Money(left, part.amount.currency)
        parts.append(TaxPart(part.tax, amount, Derivation(TAX_TAKEN_BACK, inputs)))
    return tuple(parts)


def _with(event: EventDraft, told: dict[str, str]) -> EventDraft:
    return replace(event, data={**event.data, **told})
