"""A credit note by a person: part of a paid invoice to the balance, or off what an open one asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from billing.documents.states import CreditTo, InvoiceStatus, LineKind
from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange
from billing.rules.facts import ChangeFacts
from billing.rules.papers import noted
from billing.rules.plan import BillingPlan, CreditNoteDraft, Reduction
from billing.rules.refunds.facts import DocumentFacts
from billing.rules.refunds.lines import credited_lines
from partnerpanel.kernel.money import Money

CREDITED = "credited"


@dataclass(frozen=True, slots=True)
class CreditWish:
    """So much, or all that is left where `amount` is None; of `lines`, or of all of them where none is named."""

    note: str
    amount: Money | None = None
    lines: tuple[UUID, ...] = ()


def plan_credit(facts: ChangeFacts, document: DocumentFacts, wish: CreditWish, *, ids: ChangeIds) -> Planned:
    """The credit note; the invoice itself stays as it is.

    Raises CannotChange with the reason: not paid and not open, nothing or less left, all of an open invoice.
    """
    if facts.billing.is_charging:
        raise CannotChange("being_charged", "A charge is being checked. Try again when its outcome is known.")
    is_open = document.status is InvoiceStatus.OPEN
    if not is_open and document.status is not InvoiceStatus.PAID:
        raise CannotChange("not_creditable", "Only an open or paid invoice is credited.", field="invoice")
    amount = _amount(document, wish)
    if is_open and amount >= document.due:
        raise CannotChange("all_of_open", "To take all of an open invoice back, void it or waive it.", field="amount")
    kind = LineKind.DISCOUNT if is_open else LineKind.CREDIT
    lines = credited_lines(document, amount, kind=kind, only=wish.lines)
    goes_to = CreditTo.INVOICE if is_open else CreditTo.BALANCE
    note = CreditNoteDraft(ids.note, CREDITED, lines, amount, goes_to=goes_to)
    event = replace(noted(facts.billing, note), words={"note": wish.note.strip()})
    reduction = Reduction(document.id, amount) if is_open else None
    return Planned(BillingPlan(facts.billing, events=(event,), credit_note=note, reduce=reduction), facts.deal)


def _amount(document: DocumentFacts, wish: CreditWish) -> Money:
    lines = [line for line in document.lines if not wish.lines or line.ref.line_id in wish.lines]
    left = min(Money.sum((line.left for line in lines), document.total.currency), document.creditable)
    amount = left if wish.amount is None else wish.amount
    if not left:
        raise CannotChange("nothing_creditable", "Nothing of this invoice is left to credit.", field="invoice")
    if amount.currency != left.currency:
        why = f"This invoice is in {left.currency}: credit an amount in {left.currency}, not in {amount.currency}."
        raise CannotChange("credit_other_currency", why, field="amount")
    if amount.amount <= 0:
        raise CannotChange("no_amount", "Say how much is credited.", field="amount")
    if amount > left:
        raise CannotChange("over_credit", f"{left} is left; {amount} is more.", field="amount")
    return amount
