"""Which events are told to the customer, how often, and what each is about."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID


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
    LOYALTY_BONUS = "subscription_loyalty_bonus"
    BILLING_DATE_MOVED = "subscription_billing_date_moved"
    PLAN_CHANGED = "subscription_plan_changed"
    ROLLED_BACK = "subscription_rolled_back"
    CHANGE_SCHEDULED = "subscription_change_scheduled"
    CHANGE_AWAITS_PAYMENT = "subscription_change_awaits_payment"
    CHANGE_DROPPED = "subscription_change_dropped"
    CHANGE_FAILED = "subscription_change_failed"
    DATES_PUT_BACK = "subscription_dates_put_back"
    RESTORED = "subscription_restored"
    RESTARTED = "subscription_restarted"
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
    INVOICE_CORRECTED = "invoice_corrected"
    WRITTEN = "customer_message"
    CAMPAIGN = "campaign"
    ERASURE_NEAR = "account_erasure_near"
    TICKET_RECEIVED = "ticket_received"
    TICKET_REPLIED = "ticket_replied"
    TICKET_OPENED = "ticket_opened"
    TICKET_ANSWERED = "ticket_answered"
    TICKET_CLOSED = "ticket_closed"
    WELCOME_GUIDE = "subscription_welcome_guide"
    WELCOME_FEATURES = "subscription_welcome_features"
    WELCOME_FEEDBACK = "subscription_welcome_feedback"
    WINBACK = "subscription_winback"


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
    MessageKind.LOYALTY_BONUS,
    MessageKind.BILLING_DATE_MOVED,
    MessageKind.PLAN_CHANGED,
    MessageKind.ROLLED_BACK,
    MessageKind.CHANGE_SCHEDULED,
    MessageKind.CHANGE_AWAITS_PAYMENT,
    MessageKind.CHANGE_DROPPED,
    MessageKind.CHANGE_FAILED,
    MessageKind.DATES_PUT_BACK,
    MessageKind.RESTORED,
    MessageKind.RESTARTED,
    MessageKind.PRICE_ANNOUNCED,
    MessageKind.PRICE_WITHDRAWN,
    MessageKind.START_SCHEDULED,
    MessageKind.STARTED,
    MessageKind.TRIAL_STARTED,
    MessageKind.QUANTITY_CHANGED,
)
# Steps of series, each of which waits in a row of its own.
OF_SERIES = (
    MessageKind.WELCOME_GUIDE,
    MessageKind.WELCOME_FEATURES,
    MessageKind.WELCOME_FEEDBACK,
    MessageKind.WINBACK,
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
    "invoice.corrected": MessageKind.INVOICE_CORRECTED,
    "retention.warned": MessageKind.ERASURE_NEAR,
    "ticket.opened": MessageKind.TICKET_RECEIVED,
    "ticket.replied": MessageKind.TICKET_REPLIED,
    "ticket.opened_by_staff": MessageKind.TICKET_OPENED,
    "ticket.answered": MessageKind.TICKET_ANSWERED,
    "ticket.closed_by_staff": MessageKind.TICKET_CLOSED,
    "subscription.usage_alert": MessageKind.USAGE_ALERT,
    "customer_message.written": MessageKind.WRITTEN,
    "campaign.confirmed": MessageKind.CAMPAIGN,
    **{f"subscription.{kind.value.removeprefix('subscription_')}": kind for kind in AGREED},
    **{f"series.{kind.value.removeprefix('subscription_')}": kind for kind in OF_SERIES},
    **{f"refund.{kind.value.removeprefix('refund_')}": kind for kind in REFUNDS},
}

SUSPENDED = (MessageKind.ACCOUNT_SUSPENDED, MessageKind.SUBSCRIPTION_SUSPENDED)
REACTIVATED = (MessageKind.ACCOUNT_REACTIVATED, MessageKind.SUBSCRIPTION_REACTIVATED)
# Of the whole account: each is told.
OF_ACCOUNT = (
    MessageKind.ACCOUNT_BANNED,
    MessageKind.ACCOUNT_BAN_LIFTED,
    MessageKind.VERIFICATION_REQUIRED,
    MessageKind.VERIFIED,
    MessageKind.ERASURE_NEAR,
)
# What customers write goes to the partner's support, the rest to the customer.
TO_STAFF = (MessageKind.TICKET_RECEIVED, MessageKind.TICKET_REPLIED)
OF_TICKETS = (*TO_STAFF, MessageKind.TICKET_OPENED, MessageKind.TICKET_ANSWERED, MessageKind.TICKET_CLOSED)
COPIES = (
    MessageKind.INVOICE_COPY,
    MessageKind.CREDIT_NOTE_COPY,
    MessageKind.RECEIPT_COPY,
    MessageKind.INVOICE_CORRECTED,
)
# In words that come with the event, and not in a text of the product.
IN_OWN_WORDS = frozenset({MessageKind.WRITTEN, MessageKind.CAMPAIGN})
ABOUT_ACCOUNT = (
    MessageKind.ACCOUNT_SUSPENDED,
    MessageKind.ACCOUNT_REACTIVATED,
    MessageKind.BALANCE_CREDITED,
    *OF_ACCOUNT,
    *OF_TICKETS,
    *COPIES,
    *IN_OWN_WORDS,
)
# Of these the event is about something else, and its data name the subscription.
NAMED_IN_DATA = (MessageKind.PAYMENT_RECEIVED, MessageKind.CREDENTIALS, *REFUNDS, *OF_SERIES)
# The engine's own: after an outage it catches up on many steps at once, and one mail of a kind is enough for a day.
ASKED_FOR = (MessageKind.CREDENTIALS, MessageKind.BALANCE_CREDITED, *COPIES)
# Usage is told once for each allowance, level and period already.
ONCE_A_DAY = frozenset(MessageKind) - {
    *SUSPENDED,
    *REACTIVATED,
    *OF_ACCOUNT,
    *OF_TICKETS,
    *AGREED,
    *REFUNDS,
    *OF_SERIES,
    *ASKED_FOR,
    *IN_OWN_WORDS,
    MessageKind.USAGE_ALERT,
}
# Of a plan, of the billing date, or of an add-on.
OF_ANY = (MessageKind.CHANGE_AWAITS_PAYMENT, MessageKind.CHANGE_DROPPED, MessageKind.CHANGE_FAILED)
ABOUT_PLANS = (*OF_ANY, *ON_NEW_PLAN, MessageKind.CHANGE_SCHEDULED)
# A change that gives way to one of these is told of by that alone.
GIVES_WAY = ("replaced", "cancelled")


def is_told(event_kind: str, data: Mapping[str, Any]) -> bool:
    """One mail for one action: what another mail of the same action says, or is about to, needs none of its own."""
    kind = KIND_OF_EVENT.get(event_kind)
    if "banned" in data:
        return False  # the mail of the ban says it
    if kind is MessageKind.CREDENTIALS:
        return "along" not in data  # the mail that took them along
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


def told_reason(kind: MessageKind, words: Mapping[str, str]) -> str:
    """The reason of a suspension is written for the customer; that of a release is kept for the record alone."""
    return words.get("reason", "") if kind in (*SUSPENDED, MessageKind.ACCOUNT_BANNED) else ""
