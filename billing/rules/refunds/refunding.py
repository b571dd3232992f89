"""A refund: how much of a payment goes back, on which credit note, and what becomes of access."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from billing.documents.states import CreditTo, InvoiceStatus
from billing.refunds.states import BY_HAND, RefundReason, RefundSource
from billing.rules.changes.cancelling import CancelReason, CancelWhen, CancelWish, plan_cancellation
from billing.rules.changes.outcome import ChangeCaution, ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange
from billing.rules.facts import ChangeFacts
from billing.rules.papers import noted
from billing.rules.plan import BillingPlan, CreditNoteDraft, LineDraft, RefundDraft
from billing.rules.refunds.facts import PaymentFacts
from billing.rules.refunds.lines import credited_lines, unused_of
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.refund import RefundAccess
from subscriptions.rules.states import Lifecycle

REFUNDED = "refunded"
KEYS = ("refund.window_hours", "refund.access")


class RefundHow(StrEnum):
    """All that can go back, an amount, or what the unused days cost."""

    FULL = "full"
    AMOUNT = "amount"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class RefundWish:
    """What somebody asks for. `amount` is for RefundHow.AMOUNT; `access` None leaves that to the policy.

    `any_time` says that the window does not bind who asks. `source` None is the way the money came, if that is known.
    """

    how: RefundHow
    reason: RefundReason
    note: str = ""
    amount: Money | None = None
    access: RefundAccess | None = None
    source: RefundSource | None = None
    any_time: bool = False


def plan_refund(
    facts: ChangeFacts, payment: PaymentFacts, wish: RefundWish, *, ids: ChangeIds, now: datetime
) -> Planned:
    """Money of the payment goes back with a credit note; the invoice stays as it is.

    Raises CannotChange with the reason: nothing left, more than is left, disputed, outside the window, no note.
    """
    _refuse(facts, payment)
    late = is_outside(facts, payment, now=now)
    if late and not wish.any_time:
        message = "The time in which a refund is made is over. Ask an owner or admin."
        raise CannotChange("outside_window", message, field="any_time")
    if late and not wish.note.strip():
        raise CannotChange("note_needed", "Outside of the time for refunds a note says why.", field="note")
    lines = _lines(facts, payment, wish, now)
    total = Money.sum((line.gross for line in lines), payment.amount.currency)
    if not total:
        raise CannotChange("nothing_unused", "No paid day of it is unused.", field="how")
    access = wish.access or facts.billing.policy.policy.refund.access
    note = CreditNoteDraft(ids.note, REFUNDED, lines, total, goes_to=CreditTo.REFUND)
    refund = _draft(payment, wish, ids, total, access)
    based, cautions = _access(facts, refund, ids, now)
    plan = replace(
        based,
        events=(*based.events, noted(facts.billing, note), _asked(facts, refund)),
        credit_note=note,
        refund=refund,
    )
    if late:
        cautions = (*cautions, ChangeCaution.OUTSIDE_WINDOW)
    ends = access is RefundAccess.END_NOW and based.values != {}
    return Planned(plan, facts.deal, at_once=ends or access is RefundAccess.KEEP, keys=KEYS, cautions=cautions)


def is_outside(facts: ChangeFacts, payment: PaymentFacts, *, now: datetime) -> bool:
    """Whether the hours in which the policy gives money back are over."""
    return now > window_ends_at(facts, payment)


def window_ends_at(facts: ChangeFacts, payment: PaymentFacts) -> datetime:
    """Until when the policy gives money of the payment back."""
    return payment.recorded_at + timedelta(hours=facts.billing.policy.policy.refund.window_hours)


def _refuse(facts: ChangeFacts, payment: PaymentFacts) -> None:
    if facts.billing.is_charging:
        raise CannotChange("being_charged", "A charge is being checked. Try again when its outcome is known.")
    if payment.contested:
        raise CannotChange(
            "disputed",
            "The customer's bank disputes this payment: refunding it would pay it back twice.",
            field="payment",
        )
    if payment.document.status is InvoiceStatus.OPEN:
        message = "Its invoice is open: what came of it counts until it is paid or void."
        raise CannotChange("part_of_open", message, field="payment")
    if not payment.refundable:
        raise CannotChange("nothing_refundable", "Nothing of this payment is left to refund.", field="payment")


def _lines(facts: ChangeFacts, payment: PaymentFacts, wish: RefundWish, now: datetime) -> tuple[LineDraft, ...]:
    most = payment.refundable
    if wish.how is RefundHow.UNUSED:
        return unused_of(facts, payment.document, on=facts.billing.today(now), most=most)
    amount = most if wish.how is RefundHow.FULL else wish.amount
    if amount is not None and amount.currency != most.currency:
        why = (
            f"This payment was made in {most.currency}: refund an amount in {most.currency}, not in {amount.currency}."
        )
        raise CannotChange("refund_other_currency", why, field="amount")
    if amount is None or amount.amount <= 0:
        raise CannotChange("no_amount", "Say how much goes back.", field="amount")
    if amount > most:
        raise CannotChange("over_refund", f"{most} can go back of this payment; {amount} is more.", field="amount")
    return credited_lines(payment.document, amount)


def _draft(payment: PaymentFacts, wish: RefundWish, ids: ChangeIds, total: Money, access: RefundAccess) -> RefundDraft:
    source = wish.source or (RefundSource.GATEWAY if payment.charge_ref else None)
    if source is None or (source is RefundSource.GATEWAY and not payment.charge_ref):
        raise CannotChange(
            "not_by_gateway", "No gateway took this payment. Say how the money goes back.", field="source"
        )
    by_gateway = source not in BY_HAND
    if not by_gateway and not wish.note.strip():
        raise CannotChange("note_needed", "A note says where the money is found.", field="note")
    return RefundDraft(
        id=ids.document,
        payment_id=payment.id,
        payment_amount=payment.amount,
        invoice_id=payment.document.id,
        credit_note_id=ids.note,
        amount=total,
        source=source,
        reason=wish.reason,
        access=access,
        note=wish.note.strip(),
        gateway=payment.gateway if by_gateway else "",
        charge_ref=payment.charge_ref if by_gateway else "",
        method_text=payment.method_text if by_gateway else "",
    )


def _access(
    facts: ChangeFacts, refund: RefundDraft, ids: ChangeIds, now: datetime
) -> tuple[BillingPlan, tuple[ChangeCaution, ...]]:
    """What the refund does to the subscription: nothing, or the cancellation that anybody could ask for."""
    billing = facts.billing
    ends = {RefundAccess.END_NOW: CancelWhen.NOW, RefundAccess.PERIOD_END: CancelWhen.PERIOD_END}
    when = ends.get(refund.access)
    if when is None:
        return BillingPlan(billing), ()
    goes_already = when is CancelWhen.PERIOD_END and billing.cancel_at_period_end
    if billing.lifecycle is Lifecycle.ENDED or goes_already:
        return BillingPlan(billing), (ChangeCaution.ENDS_ALREADY,)
    wish = CancelWish(when, CancelReason.OTHER, refund.note)
    planned = plan_cancellation(facts, wish, ids=ids, now=now)
    # Nothing else is given back, and an undo would have to take back the refund.
    cautions = tuple(one for one in planned.cautions if one is not ChangeCaution.NOTHING_GIVEN_BACK)
    return _marked(planned.plan, refund.id), cautions


def _marked(plan: BillingPlan, refund_id: UUID) -> BillingPlan:
    own = plan.facts.subscription_id
    events = [
        replace(event, data={**event.data, "refund": str(refund_id)}) if event.object_id == own else event
        for event in plan.events
    ]
    return replace(plan, events=tuple(events))


def _asked(facts: ChangeFacts, refund: RefundDraft) -> EventDraft:
    """The refund's own first event."""
    kind = "refund.requested" if refund.source is RefundSource.GATEWAY else "refund.recorded"
    data = {
        "subscription": str(facts.billing.subscription_id),
        "payment": str(refund.payment_id),
        "invoice": str(refund.invoice_id),
        "credit_note": str(refund.credit_note_id),
        "amount": [refund.amount.amount, refund.amount.currency],
        "source": refund.source.value,
        "reason": refund.reason.value,
        "access": refund.access.value,
    }
    words = {"note": refund.note} if refund.note else {}
    return EventDraft(kind, "refund", refund.id, 1, facts.billing.customer_id, data, words)
