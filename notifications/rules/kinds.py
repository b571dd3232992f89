"""Which events are told to the customer, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from subscriptions.rules.states import HoldKind
from subscriptions.rules.usage import LEVELS


class MessageKind(StrEnum):
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_REACTIVATED = "account_reactivated"
    ACCOUNT_BANNED = "account_banned"
    ACCOUNT_BAN_LIFTED = "account_ban_lifted"
    VERIFICATION_REQUIRED = "account_verification_required"
    VERIFIED = "account_verified"
    SUBSCRIPTION_SUSPENDED = "subscription_suspended"
    SUBSCRIPTION_REACTIVATED = "subscription_reactivated"
    RENEWAL_NEAR = "subscription_renewal_near"
    PAYMENT_RECEIVED = "payment_received"
    PAYMENT_FAILED = "subscription_payment_failed"
    PAYMENT_DUE = "subscription_payment_due"
    PAYMENT_NEEDS_CONFIRMATION = "subscription_payment_needs_confirmation"
    GRACE_STARTED = "subscription_grace_started"
    SUSPENSION_NEAR = "subscription_suspension_near"
    ENDED = "subscription_ended"
    CREDENTIALS = "subscription_credentials"
    CANCELLED = "subscription_cancelled"
    KEPT = "subscription_kept"
    EXTENDED = "subscription_extended"
    PAUSE_SCHEDULED = "subscription_pause_scheduled"
    PAUSE_WITHDRAWN = "subscription_pause_withdrawn"
    PAUSED = "subscription_paused"
    RESUMED = "subscription_resumed"
    RENEWAL_SKIPPED = "subscription_renewal_skipped"
    BILLING_DATE_MOVED = "subscription_billing_date_moved"
    PLAN_CHANGED = "subscription_plan_changed"
    ROLLED_BACK = "subscription_rolled_back"
    CHANGE_SCHEDULED = "subscription_change_scheduled"
    CHANGE_AWAITS_PAYMENT = "subscription_change_awaits_payment"
    CHANGE_DROPPED = "subscription_change_dropped"
    CHANGE_FAILED = "subscription_change_failed"
    DATES_PUT_BACK = "subscription_dates_put_back"
    RESTORED = "subscription_restored"
    PRICE_ANNOUNCED = "subscription_price_announced"
    PRICE_WITHDRAWN = "subscription_price_withdrawn"
    REFUND_REQUESTED = "refund_requested"
    REFUND_RECORDED = "refund_recorded"
    REFUND_FAILED = "refund_failed"
    START_SCHEDULED = "subscription_start_scheduled"
    FIRST_PAYMENT_NEEDED = "subscription_first_payment_needed"
    STARTED = "subscription_started"
    TRIAL_STARTED = "subscription_trial_started"
    TRIAL_ENDING = "subscription_trial_ending"
    TRIAL_OVER = "subscription_trial_over"
    QUANTITY_CHANGED = "subscription_quantity_changed"
    INVOICE_COPY = "invoice_copy"
    USAGE_ALERT = "subscription_usage_alert"
    BALANCE_CREDITED = "balance_credited"
    CREDIT_NOTE_COPY = "credit_note_copy"
    RECEIPT_COPY = "receipt_copy"


# What somebody agreed on: each is told, even the third of a day.
AGREED = (
    MessageKind.CANCELLED,
    MessageKind.KEPT,
    MessageKind.EXTENDED,
    MessageKind.PAUSE_SCHEDULED,
    MessageKind.PAUSE_WITHDRAWN,
    MessageKind.PAUSED,
    MessageKind.RESUMED,
    MessageKind.RENEWAL_SKIPPED,
    MessageKind.BILLING_DATE_MOVED,
    MessageKind.PLAN_CHANGED,
    MessageKind.ROLLED_BACK,
    MessageKind.CHANGE_SCHEDULED,
    MessageKind.CHANGE_AWAITS_PAYMENT,
    MessageKind.CHANGE_DROPPED,
    MessageKind.CHANGE_FAILED,
    MessageKind.DATES_PUT_BACK,
    MessageKind.RESTORED,
    MessageKind.PRICE_ANNOUNCED,
    MessageKind.PRICE_WITHDRAWN,
    MessageKind.START_SCHEDULED,
    MessageKind.STARTED,
    MessageKind.TRIAL_STARTED,
    MessageKind.QUANTITY_CHANGED,
)
REFUNDS = (MessageKind.REFUND_REQUESTED, MessageKind.REFUND_RECORDED, MessageKind.REFUND_FAILED)
# These are about the plan that the subscription is on afterwards; the others about the one it is on before.
ON_NEW_PLAN = (MessageKind.PLAN_CHANGED, MessageKind.ROLLED_BACK)

# The customer asked for hardly any of these, so each is told even where its access stays as it was.
KIND_OF_EVENT: Mapping[str, MessageKind] = {
    "customer.suspended": MessageKind.ACCOUNT_SUSPENDED,
    "customer.reactivated": MessageKind.ACCOUNT_REACTIVATED,
    "customer.verification_required": MessageKind.VERIFICATION_REQUIRED,
    "customer.verified": MessageKind.VERIFIED,
    "customer.banned": MessageKind.ACCOUNT_BANNED,
    "customer.ban_lifted": MessageKind.ACCOUNT_BAN_LIFTED,
    "subscription.suspended": MessageKind.SUBSCRIPTION_SUSPENDED,
    "subscription.reactivated": MessageKind.SUBSCRIPTION_REACTIVATED,
    "subscription.renewal_near": MessageKind.RENEWAL_NEAR,
    "subscription.trial_ending": MessageKind.TRIAL_ENDING,
    "subscription.trial_over": MessageKind.TRIAL_OVER,
    "subscription.first_payment_needed": MessageKind.FIRST_PAYMENT_NEEDED,
    "payment.received": MessageKind.PAYMENT_RECEIVED,
    "subscription.payment_failed": MessageKind.PAYMENT_FAILED,
    "subscription.payment_due": MessageKind.PAYMENT_DUE,
    "subscription.payment_needs_confirmation": MessageKind.PAYMENT_NEEDS_CONFIRMATION,
    "subscription.grace_started": MessageKind.GRACE_STARTED,
    "subscription.suspension_near": MessageKind.SUSPENSION_NEAR,
    "subscription.ended": MessageKind.ENDED,
    "service_account.credentials_sent": MessageKind.CREDENTIALS,
    "invoice.mailed": MessageKind.INVOICE_COPY,
    "balance.credited": MessageKind.BALANCE_CREDITED,
    "credit_note.mailed": MessageKind.CREDIT_NOTE_COPY,
    "receipt.mailed": MessageKind.RECEIPT_COPY,
    "subscription.usage_alert": MessageKind.USAGE_ALERT,
    **{f"subscription.{kind.value.removeprefix('subscription_')}": kind for kind in AGREED},
    **{f"refund.{kind.value.removeprefix('refund_')}": kind for kind in REFUNDS},
}

# How the names of texts end that say it in other words than usual.
IN_REVIEW, UNPAID, IN_PART, TO_PAY, HARD = "_in_review", "_unpaid", "_in_part", "_to_pay", "_hard"
OF_DATE, OF_ADDON, DECLINED = "_of_date", "_of_addon", "_declined"
USED_UP, WITHOUT_BLOCK = "_used_up", "_open"
AS_PLAIN_TEXT = "_plain"

SUSPENDED = (MessageKind.ACCOUNT_SUSPENDED, MessageKind.SUBSCRIPTION_SUSPENDED)
REACTIVATED = (MessageKind.ACCOUNT_REACTIVATED, MessageKind.SUBSCRIPTION_REACTIVATED)
# Of the whole account: each is told.
OF_ACCOUNT = (
    MessageKind.ACCOUNT_BANNED,
    MessageKind.ACCOUNT_BAN_LIFTED,
    MessageKind.VERIFICATION_REQUIRED,
    MessageKind.VERIFIED,
)
COPIES = (MessageKind.INVOICE_COPY, MessageKind.CREDIT_NOTE_COPY, MessageKind.RECEIPT_COPY)
ABOUT_ACCOUNT = (
    MessageKind.ACCOUNT_SUSPENDED,
    MessageKind.ACCOUNT_REACTIVATED,
    MessageKind.BALANCE_CREDITED,
    *OF_ACCOUNT,
    *COPIES,
)
# Of these the event is about something else, and its data name the subscription.
NAMED_IN_DATA = (MessageKind.PAYMENT_RECEIVED, MessageKind.CREDENTIALS, *REFUNDS)
# The engine's own: after an outage it catches up on many steps at once, and one mail of a kind is enough for a day.
ASKED_FOR = (MessageKind.CREDENTIALS, MessageKind.BALANCE_CREDITED, *COPIES)
# Usage is told once for each allowance, level and period already.
ONCE_A_DAY = frozenset(MessageKind) - {
    *SUSPENDED,
    *REACTIVATED,
    *OF_ACCOUNT,
    *AGREED,
    *REFUNDS,
    *ASKED_FOR,
    MessageKind.USAGE_ALERT,
}
# Of a plan, of the billing date, or of an add-on.
OF_ANY = (MessageKind.CHANGE_AWAITS_PAYMENT, MessageKind.CHANGE_DROPPED, MessageKind.CHANGE_FAILED)
ABOUT_PLANS = (*OF_ANY, *ON_NEW_PLAN, MessageKind.CHANGE_SCHEDULED)
OF_WHAT = {"billing_date": OF_DATE, "addon": OF_ADDON}
# A change that gives way to one of these is told of by that alone.
GIVES_WAY = ("replaced", "cancelled")

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
    MessageKind.BALANCE_CREDITED: ("amount",),
    MessageKind.CREDIT_NOTE_COPY: ("document.number", "date", "amount"),
    MessageKind.RECEIPT_COPY: ("document.number", "invoice.number", "date", "amount"),
    MessageKind.PAYMENT_FAILED: ("retries", "deadline", "deadline.limited"),
    MessageKind.PAYMENT_DUE: ("amount", "deadline", "deadline.limited"),
    MessageKind.PAYMENT_NEEDS_CONFIRMATION: ("link",),
    MessageKind.GRACE_STARTED: ("deadline", "deadline.limited"),
    MessageKind.SUSPENSION_NEAR: ("deadline",),
    MessageKind.CANCELLED: ("date",),
    MessageKind.KEPT: ("date",),
    MessageKind.EXTENDED: ("date",),
    MessageKind.PAUSE_SCHEDULED: ("period.from", "date"),
    MessageKind.PAUSE_WITHDRAWN: ("date",),
    MessageKind.PAUSED: ("date",),
    MessageKind.RESUMED: ("date",),
    MessageKind.RENEWAL_SKIPPED: ("date",),
    MessageKind.BILLING_DATE_MOVED: ("date",),
    MessageKind.PLAN_CHANGED: ("plan.before", "plan.after", "price"),
    MessageKind.ROLLED_BACK: ("plan.before", "plan.after", "price"),
    MessageKind.CHANGE_SCHEDULED: ("plan.before", "plan.after", "price", "date"),
    MessageKind.CHANGE_AWAITS_PAYMENT: ("plan.before", "plan.after", "amount"),
    MessageKind.CHANGE_DROPPED: ("plan.before", "plan.after"),
    MessageKind.CHANGE_FAILED: ("plan.before", "plan.after"),
    MessageKind.DATES_PUT_BACK: ("date", "amount"),
    MessageKind.RESTORED: ("date",),
    MessageKind.PRICE_ANNOUNCED: ("price", "price.before", "price.from", "date"),
    MessageKind.PRICE_WITHDRAWN: ("price.from",),
    MessageKind.REFUND_REQUESTED: ("amount", "invoice.number"),
    MessageKind.REFUND_RECORDED: ("amount", "invoice.number"),
    MessageKind.REFUND_FAILED: ("amount",),
    MessageKind.START_SCHEDULED: ("date", "price"),
    MessageKind.FIRST_PAYMENT_NEEDED: ("amount", "deadline", "retries"),
    MessageKind.STARTED: ("deadline",),
    MessageKind.TRIAL_STARTED: ("deadline",),
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
    """Every text that a message of this kind may be written in."""
    return tuple(kind.value + ending for ending in ENDINGS.get(kind, ("",)))


def is_told(event_kind: str, data: Mapping[str, Any]) -> bool:
    """One mail for one action: what another mail of the same action says, or is about to, needs none of its own."""
    kind = KIND_OF_EVENT.get(event_kind)
    if "banned" in data:
        return False  # the mail of the ban says it
    if kind is MessageKind.EXTENDED:
        return "invoice" not in data  # its receipt names the days
    if kind is MessageKind.CHANGE_AWAITS_PAYMENT:
        return not data["automatic"]  # the charge that is under way says how it ends
    if kind is MessageKind.BALANCE_CREDITED:
        return bool(data["tells"])
    if kind is MessageKind.CHANGE_DROPPED:
        return data["why"] not in GIVES_WAY
    return kind is not None


def plans_of(kind: MessageKind, data: Mapping[str, Any]) -> tuple[UUID, UUID] | None:
    """The plan before and after; None for what is about no change of plan."""
    if kind not in ABOUT_PLANS:
        return None
    before, after = data["plan"]
    return UUID(before), UUID(after)


def subscription_of(kind: MessageKind, object_id: UUID, data: Mapping[str, Any]) -> UUID | None:
    """The subscription that an event of this kind is about; None for one about the whole account."""
    if kind in ABOUT_ACCOUNT:
        return None
    if kind in NAMED_IN_DATA:
        return UUID(data["subscription"]) if "subscription" in data else None
    return object_id


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


def told_reason(kind: MessageKind, words: Mapping[str, str]) -> str:
    """The reason of a suspension is written for the customer; that of a release is kept for the record alone."""
    return words.get("reason", "") if kind in (*SUSPENDED, MessageKind.ACCOUNT_BANNED) else ""


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
