"""Payments, charges and what comes next, in sentences."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries.invoice_page import AttemptView, PaymentView
from billing.queries.returns import RefundRow

SOURCES: dict[str, Any] = {
    "card": gettext_lazy("Card"),
    "bank": gettext_lazy("Bank transfer"),
    "cash": gettext_lazy("Cash"),
    "other": gettext_lazy("Another way"),
}
PURPOSES: dict[str, Any] = {
    "renewal": gettext_lazy("Renewal"),
    "retry": gettext_lazy("Another try"),
    "new_card": gettext_lazy("With a new card"),
    "asked": gettext_lazy("Asked for by your team"),
}
DECLINES: dict[str, Any] = {
    "insufficient_funds": gettext_lazy("the account has too little money"),
    "account_closed": gettext_lazy("the account behind the card is closed"),
    "unknown_payment_method": gettext_lazy("the gateway does not know this card"),
    "canceled": gettext_lazy("it was taken back before anybody confirmed it"),
}
ENTRIES: dict[str, Any] = {
    "applied": gettext_lazy("Taken from the balance for this invoice"),
    "given_back": gettext_lazy("Given back, because the invoice was voided"),
    "credited": gettext_lazy("Given to the balance by the credit note"),
    "refund_failed": gettext_lazy("A refund failed; its amount is kept here"),
    "paid_out": gettext_lazy("Paid out to the customer"),
    "overpaid": gettext_lazy("Paid beyond this invoice, kept for the next one"),
    "granted": gettext_lazy("Added by hand"),
    "taken_back": gettext_lazy("Credit by hand taken back"),
}
# Why a credit note was written.
CREDIT_REASONS: dict[str, Any] = {
    "plan_change": gettext_lazy("Change of plan"),
    "rollback": gettext_lazy("Rollback of the plan"),
    "billing_date": gettext_lazy("Another billing date"),
    "cancelled": gettext_lazy("Cancelled within a paid period"),
    "undone": gettext_lazy("Undone"),
    "paused": gettext_lazy("Paused within a paid period"),
    "refunded": gettext_lazy("Refunded"),
    "credited": gettext_lazy("Credited by your team"),
    "corrected": gettext_lazy("Another invoice takes its place"),
}
REFUND_REASONS: dict[str, Any] = {
    "requested": gettext_lazy("The customer asked for it"),
    "not_as_agreed": gettext_lazy("The service was not as agreed"),
    "duplicate": gettext_lazy("Paid twice"),
    "fraudulent": gettext_lazy("Paid by somebody else"),
    "goodwill": gettext_lazy("Goodwill"),
    "other": gettext_lazy("Another reason"),
}
# Banks' words for why a customer wants a payment back.
DISPUTE_REASONS: dict[str, Any] = {
    "product_not_received": gettext_lazy("Nothing was received"),
    "product_unacceptable": gettext_lazy("It was not as described"),
    "fraudulent": gettext_lazy("Paid by somebody else"),
    "duplicate": gettext_lazy("Paid twice"),
    "subscription_canceled": gettext_lazy("Charged after the cancellation"),
    "unrecognized": gettext_lazy("The payment is not recognised"),
}
OUTCOMES: dict[str, Any] = {
    "intent": gettext_lazy("It is asked for now."),
    "processing": gettext_lazy("The bank has not answered yet; nobody asks twice."),
    "action_required": gettext_lazy("The customer has to confirm it with the bank first."),
    "unknown": gettext_lazy("It was asked for, and no answer came. It is being checked; nobody is charged twice."),
    "succeeded": gettext_lazy("The money came."),
}
WITHOUT: dict[str, Any] = {
    "ended": gettext_lazy("None: the subscription has ended."),
    "not_started": gettext_lazy("None yet: the subscription has not started."),
    "not_billed_here": gettext_lazy("None: it is not billed here yet."),
    "being_checked": gettext_lazy("A charge is being checked; its outcome decides what comes next."),
    "awaits_customer": gettext_lazy(
        "The customer’s bank wants a charge confirmed; a mail leads there. A new card is charged instead of it."
    ),
    "paused": gettext_lazy("None while the subscription is paused."),
    "cancelling": gettext_lazy("None: it ends with the running period."),
    "held": gettext_lazy("None while access is blocked; the renewal is due at once when it opens."),
    "new_card_needed": gettext_lazy("None: the card was declined for good. The customer has to give another."),
    "awaits_payment": gettext_lazy("None: nobody is charged by itself any more; the customer has to pay."),
    "deadline_passed": gettext_lazy("None: grace is over. Whoever pays now buys a term from that day on."),
}


def source_text(payment: PaymentView) -> str:
    """“Card sandbox 0001”, “Bank transfer”."""
    return way_text(payment.source, payment.method)


def way_text(source: str, method: str) -> str:
    """The same of a source and what was paid with."""
    return f"{SOURCES[source]} {method}".strip()


def attempt_sentence(attempt: AttemptView) -> str:
    """Why it was asked for, and what came of it."""
    purpose = str(PURPOSES[attempt.purpose])
    if attempt.parked and attempt.status == "action_required":
        return f"{purpose}. " + _("The customer has not confirmed it for days. Ask for another card; it pays instead.")
    if attempt.parked:
        return f"{purpose}. " + _("The gateway gives no answer; a person has to look it up there.")
    if attempt.status != "declined":
        return f"{purpose}. {OUTCOMES[attempt.status]}"
    why = DECLINES.get(attempt.decline_code, attempt.decline_code.replace("_", " "))
    if attempt.decline_kind == "hard":
        return f"{purpose}. " + _("Declined for good: %(why)s. Another card is needed.") % {"why": why}
    return f"{purpose}. " + _("Declined: %(why)s. No money moved.") % {"why": why}


def credit_reason(code: str) -> str:
    """Why a credit note was written."""
    return str(CREDIT_REASONS.get(code, code.replace("_", " ")))


def refund_words(row: RefundRow) -> str:
    """Why, and which way: “Goodwill · to Visa 4242”."""
    way = _("to %(card)s") % {"card": row.to} if row.source == "gateway" else str(SOURCES.get(row.source, row.source))
    return f"{REFUND_REASONS[row.reason]} · {way}"


def dispute_reason(code: str) -> str:
    return str(DISPUTE_REASONS.get(code, code.replace("_", " ")))


def entry_text(reason: str) -> str:
    return str(ENTRIES.get(reason, reason))


def without_text(code: str) -> str:
    return str(WITHOUT.get(code, code))
