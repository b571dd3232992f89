"""In which words a message is told: the text that fits what happened, and what that text may name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from notifications.rules.kinds import (
    ABOUT_ACCOUNT,
    IN_OWN_WORDS,
    OF_ANY,
    OF_TICKETS,
    REACTIVATED,
    SUSPENDED,
    TO_STAFF,
    MessageKind,
)
from subscriptions.rules.states import HoldKind
from subscriptions.rules.usage import LEVELS

# How the names of texts end that say it in other words than usual.
IN_REVIEW, UNPAID, IN_PART, TO_PAY, HARD = "_in_review", "_unpaid", "_in_part", "_to_pay", "_hard"
OF_DATE, OF_ADDON, DECLINED = "_of_date", "_of_addon", "_declined"
USED_UP, WITHOUT_BLOCK = "_used_up", "_open"
AS_PLAIN_TEXT = "_plain"

OF_WHAT = {"billing_date": OF_DATE, "addon": OF_ADDON}

ENDINGS: Mapping[MessageKind, tuple[str, ...]] = {
    **dict.fromkeys(SUSPENDED, ("", IN_REVIEW, UNPAID)),
    **dict.fromkeys(REACTIVATED, ("", IN_PART)),
    MessageKind.RENEWAL_NEAR: ("", TO_PAY),
    MessageKind.TRIAL_ENDING: ("", TO_PAY),
    MessageKind.PAYMENT_RECEIVED: ("", IN_PART),
    MessageKind.FIRST_PAYMENT_NEEDED: ("", DECLINED),
    MessageKind.PAYMENT_FAILED: ("", HARD),
    MessageKind.CREDENTIALS: ("", AS_PLAIN_TEXT),
    **dict.fromkeys(OF_ANY, ("", OF_DATE, OF_ADDON)),
    MessageKind.USAGE_ALERT: ("", USED_UP),
    MessageKind.VERIFICATION_REQUIRED: ("", WITHOUT_BLOCK),
}
# The kinds with one other text, and when that is it.
OTHERWISE: Mapping[MessageKind, tuple[str, Callable[[Mapping[str, Any]], bool]]] = {
    MessageKind.PAYMENT_FAILED: (HARD, lambda data: data["hard"]),
    MessageKind.PAYMENT_RECEIVED: (IN_PART, lambda data: "still_due" in data),
    MessageKind.FIRST_PAYMENT_NEEDED: (DECLINED, lambda data: "code" in data),
    MessageKind.CREDENTIALS: (AS_PLAIN_TEXT, lambda data: data["mode"] == "plain"),
    MessageKind.VERIFICATION_REQUIRED: (WITHOUT_BLOCK, lambda data: not data["blocks"]),
    MessageKind.USAGE_ALERT: (USED_UP, lambda data: data["level"] == LEVELS[-1]),
}
# Mails that ask for money say where to pay, where cards are taken.
PAYABLE = frozenset(
    {
        MessageKind.PAYMENT_FAILED,
        MessageKind.PAYMENT_DUE,
        MessageKind.GRACE_STARTED,
        MessageKind.SUSPENSION_NEAR,
        MessageKind.FIRST_PAYMENT_NEEDED,
    }
)
# Mails about what is unpaid may say what comes of it, by the policy that holds for it.
ABOUT_UNPAID = (
    *SUSPENDED,
    MessageKind.RENEWAL_NEAR,
    MessageKind.TRIAL_ENDING,
    MessageKind.PAYMENT_FAILED,
    MessageKind.PAYMENT_DUE,
    MessageKind.GRACE_STARTED,
    MessageKind.SUSPENSION_NEAR,
    MessageKind.TRIAL_OVER,
)
# What the texts of a kind may name besides customer, partner and plan.
VARIABLES: Mapping[MessageKind, tuple[str, ...]] = {
    MessageKind.RENEWAL_NEAR: ("date", "amount"),
    MessageKind.PAYMENT_RECEIVED: ("amount", "amount.left", "invoice.number", "period.from", "date"),
    MessageKind.INVOICE_COPY: ("invoice.number", "invoice.lines", "date", "amount", "due"),
    MessageKind.INVOICE_CORRECTED: ("document.number", "invoice.number", "amount", "due"),
    MessageKind.BALANCE_CREDITED: ("amount",),
    MessageKind.CREDIT_NOTE_COPY: ("document.number", "date", "amount"),
    MessageKind.RECEIPT_COPY: ("document.number", "invoice.number", "date", "amount"),
    MessageKind.PAYMENT_FAILED: ("amount", "retries", "deadline", "deadline.limited"),
    MessageKind.PAYMENT_DUE: ("amount", "deadline", "deadline.limited"),
    MessageKind.PAYMENT_NEEDS_CONFIRMATION: ("link",),
    MessageKind.GRACE_STARTED: ("deadline", "deadline.limited"),
    MessageKind.SUSPENSION_NEAR: ("deadline",),
    MessageKind.CANCELLED: ("date",),
    MessageKind.WINBACK: ("offer.discount", "offer.periods", "stay.link"),
    MessageKind.ERASURE_NEAR: ("date", "return.link"),
    **dict.fromkeys(OF_TICKETS, ("ticket.subject", "ticket.text")),
    **dict.fromkeys(TO_STAFF, ("ticket.subject", "ticket.text", "ticket.link")),
    MessageKind.KEPT: ("date",),
    MessageKind.EXTENDED: ("date",),
    MessageKind.PAUSE_SCHEDULED: ("period.from", "date"),
    MessageKind.PAUSE_WITHDRAWN: ("date",),
    MessageKind.PAUSED: ("date",),
    MessageKind.RESUMED: ("date",),
    MessageKind.RENEWAL_SKIPPED: ("date",),
    MessageKind.LOYALTY_BONUS: ("date",),
    MessageKind.BILLING_DATE_MOVED: ("date",),
    MessageKind.PLAN_CHANGED: ("plan.before", "plan.after", "price"),
    MessageKind.ROLLED_BACK: ("plan.before", "plan.after", "price"),
    MessageKind.CHANGE_SCHEDULED: ("plan.before", "plan.after", "price", "date"),
    MessageKind.CHANGE_AWAITS_PAYMENT: ("plan.before", "plan.after", "amount"),
    MessageKind.CHANGE_DROPPED: ("plan.before", "plan.after"),
    MessageKind.CHANGE_FAILED: ("plan.before", "plan.after"),
    MessageKind.DATES_PUT_BACK: ("date", "amount"),
    MessageKind.RESTORED: ("date",),
    MessageKind.RESTARTED: ("deadline",),
    MessageKind.ENDED: ("return.link",),
    MessageKind.PRICE_ANNOUNCED: ("price", "price.before", "price.from", "date"),
    MessageKind.PRICE_WITHDRAWN: ("price.from",),
    MessageKind.REFUND_REQUESTED: ("amount", "invoice.number"),
    MessageKind.REFUND_RECORDED: ("amount", "invoice.number"),
    MessageKind.REFUND_FAILED: ("amount",),
    MessageKind.START_SCHEDULED: ("date", "price"),
    MessageKind.FIRST_PAYMENT_NEEDED: ("amount", "deadline", "retries"),
    MessageKind.STARTED: ("deadline", "credentials.link"),
    MessageKind.TRIAL_STARTED: ("deadline", "credentials.link"),
    MessageKind.TRIAL_ENDING: ("date", "amount"),
    MessageKind.TRIAL_OVER: ("amount", "deadline", "deadline.limited"),
    MessageKind.QUANTITY_CHANGED: ("quantity.before", "quantity.after", "price"),
    MessageKind.VERIFICATION_REQUIRED: ("asks",),
    MessageKind.USAGE_ALERT: ("allowance.name", "allowance.used", "allowance.limit", "allowance.packs", "date"),
}
# A text with a link to credentials can name none of them.
IN_A_LINK = {"credentials.link"}
IN_PLAIN_TEXT = {"credentials.username", "credentials.password", "credentials.address"}


def text_names(kind: MessageKind) -> tuple[str, ...]:
    """Every text of the product that a message of this kind may be written in."""
    if kind in IN_OWN_WORDS:
        return ()
    return tuple(kind.value + ending for ending in ENDINGS.get(kind, ("",)))


def text_name(kind: MessageKind, data: Mapping[str, Any]) -> str:
    """The text that fits what the event says: its data hold the kinds of holds `placed`, `released` and `left`."""
    if kind in REACTIVATED:
        return kind.value + (IN_PART if data.get("left") else "")
    if kind in (MessageKind.RENEWAL_NEAR, MessageKind.TRIAL_ENDING):
        return kind.value + ("" if data["automatic"] else TO_PAY)
    if kind in OTHERWISE:
        ending, applies = OTHERWISE[kind]
        return kind.value + (ending if applies(data) else "")
    if kind in OF_ANY:
        return kind.value + OF_WHAT.get(data["what"], "")
    if kind not in SUSPENDED:
        return kind.value
    placed: Collection[str] = data.get("placed", ())
    if HoldKind.FRAUD_REVIEW in placed:
        return kind.value + IN_REVIEW
    return kind.value + (UNPAID if HoldKind.NONPAYMENT in placed else "")


def variables_of(kind: MessageKind, name: str) -> frozenset[str]:
    """What a text may name. That of a review has no reason, so nothing in it can accuse."""
    found = {"customer.name", "partner.name", "partner.support_email"}
    if kind in SUSPENDED and not name.endswith(IN_REVIEW):
        found.add("reason")
    if kind is MessageKind.ACCOUNT_BANNED:
        found.add("reason")
    if kind not in ABOUT_ACCOUNT:
        found.add("plan.name")
    if kind in PAYABLE:
        found.add("pay.link")
    if kind in ABOUT_UNPAID:
        found.add("policy.ahead")
    if kind is MessageKind.CREDENTIALS:
        found |= IN_PLAIN_TEXT if name.endswith(AS_PLAIN_TEXT) else IN_A_LINK
    return frozenset({*found, *VARIABLES.get(kind, ())})
