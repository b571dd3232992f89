"""How every state looks: a word, an icon and a tone. Colour is never the only carrier."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Look:
    """`tone` is one of green, amber, red, blue, violet, gray."""

    text: str | Promise
    icon: str
    tone: str


LOOKS: dict[str, Look] = {
    # a customer, or a subscription as a whole
    "active": Look(pgettext_lazy("status", "Active"), "circle-check", "green"),
    "trialing": Look(pgettext_lazy("status", "Trial"), "sparkles", "violet"),
    "scheduled": Look(pgettext_lazy("status", "Starts later"), "calendar", "blue"),
    "incomplete": Look(pgettext_lazy("status", "First payment open"), "circle-dashed", "amber"),
    "ended": Look(pgettext_lazy("status", "Ended"), "circle-x", "gray"),
    "expired": Look(pgettext_lazy("status", "Expired"), "circle-x", "gray"),
    "suspended": Look(pgettext_lazy("status", "Suspended"), "lock", "red"),
    "banned": Look(pgettext_lazy("status", "Banned"), "user-off", "red"),
    "blocked": Look(pgettext_lazy("status", "Blocked"), "lock", "red"),
    "open": Look(pgettext_lazy("status", "Open"), "circle-check", "green"),
    "paused": Look(pgettext_lazy("status", "Paused"), "player-pause", "gray"),
    "announced": Look(pgettext_lazy("status", "Announced"), "clock", "blue"),
    "discounted": Look(pgettext_lazy("status", "With coupon"), "tag", "blue"),
    "cancelling": Look(pgettext_lazy("status", "Cancelling"), "hourglass", "amber"),
    # the collection axis
    "current": Look(pgettext_lazy("status", "Paid up"), "circle-check", "green"),
    "retrying": Look(pgettext_lazy("status", "Retrying payment"), "refresh", "amber"),
    "grace": Look(pgettext_lazy("status", "Grace"), "clock-pause", "amber"),
    "delinquent": Look(pgettext_lazy("status", "Unpaid"), "alert-circle", "red"),
    # holds
    "nonpayment": Look(pgettext_lazy("status", "Unpaid"), "coin", "red"),
    "manual": Look(pgettext_lazy("status", "By hand"), "lock", "red"),
    "abuse": Look(pgettext_lazy("status", "Abuse"), "alert-triangle", "red"),
    "fraud_review": Look(pgettext_lazy("status", "Under review"), "shield-lock", "amber"),
    "ban": Look(pgettext_lazy("status", "Banned"), "user-off", "red"),
    "provisioning": Look(pgettext_lazy("status", "Being set up"), "loader-2", "blue"),
    # invoices, and charges that were asked for
    "invoice_open": Look(pgettext_lazy("invoice", "Open"), "clock", "amber"),
    "paid": Look(pgettext_lazy("invoice", "Paid"), "circle-check", "green"),
    "corrected": Look(pgettext_lazy("invoice", "Corrected"), "file-invoice", "gray"),
    "void": Look(pgettext_lazy("invoice", "Void"), "circle-x", "gray"),
    "uncollectible": Look(pgettext_lazy("invoice", "Given up"), "circle-x", "gray"),
    "intent": Look(pgettext_lazy("status", "Being checked"), "clock", "blue"),
    "processing": Look(pgettext_lazy("status", "Being checked"), "clock", "blue"),
    "action_required": Look(pgettext_lazy("status", "Customer must confirm"), "hourglass", "amber"),
    "succeeded": Look(pgettext_lazy("status", "Charged"), "circle-check", "green"),
    "declined": Look(pgettext_lazy("status", "Declined"), "alert-circle", "red"),
    # records in the DNS
    "record_right": Look(pgettext_lazy("record", "Right"), "circle-check", "green"),
    "record_missing": Look(pgettext_lazy("record", "Missing"), "circle-x", "red"),
    "record_other": Look(pgettext_lazy("record", "Another value"), "alert-triangle", "amber"),
    "record_several": Look(pgettext_lazy("record", "Several records"), "alert-triangle", "red"),
    "record_too_many": Look(pgettext_lazy("record", "Too many look-ups"), "alert-triangle", "red"),
    "record_asks_nothing": Look(pgettext_lazy("record", "Asks nothing"), "info-circle", "blue"),
    "record_not_looked": Look(pgettext_lazy("record", "Not looked for yet"), "clock", "gray"),
    # money that goes back
    "refund_intent": Look(pgettext_lazy("status", "Being asked for"), "clock", "blue"),
    "refund_unknown": Look(pgettext_lazy("status", "Being checked"), "clock", "blue"),
    "refund_pending": Look(pgettext_lazy("status", "On its way"), "clock", "blue"),
    "refund_succeeded": Look(pgettext_lazy("status", "Refunded"), "circle-check", "green"),
    "refund_failed": Look(pgettext_lazy("status", "Failed"), "alert-circle", "red"),
    "ticket_open": Look(pgettext_lazy("status", "Waits for you"), "inbox", "amber"),
    "ticket_answered": Look(pgettext_lazy("status", "Answered"), "check", "green"),
    "ticket_closed": Look(pgettext_lazy("status", "Closed"), "circle-x", "gray"),
    "dispute_needs_response": Look(pgettext_lazy("status", "Needs an answer"), "alert-triangle", "red"),
    "dispute_under_review": Look(pgettext_lazy("status", "Bank decides"), "clock", "amber"),
    "dispute_won": Look(pgettext_lazy("status", "Won"), "circle-check", "green"),
    "dispute_lost": Look(pgettext_lazy("status", "Lost"), "circle-x", "gray"),
    # orders of the checkout
    "order_open": Look(pgettext_lazy("order", "Begun"), "circle-dashed", "gray"),
    "order_paying": Look(pgettext_lazy("order", "Not paid yet"), "clock", "amber"),
    "order_completed": Look(pgettext_lazy("order", "Bought"), "circle-check", "green"),
    "order_expired": Look(pgettext_lazy("order", "Not ordered"), "circle-x", "gray"),
    "order_abandoned": Look(pgettext_lazy("order", "Never paid"), "circle-x", "red"),
    # work in the background: jobs, mails, the service itself
    "queued": Look(pgettext_lazy("status", "Waiting"), "clock", "gray"),
    "running": Look(pgettext_lazy("status", "Running"), "player-play", "blue"),
    "pending": Look(pgettext_lazy("status", "Pending"), "clock", "blue"),
    "done": Look(pgettext_lazy("status", "Done"), "circle-check", "green"),
    "failed": Look(pgettext_lazy("status", "Failed"), "alert-circle", "red"),
    "cancelled": Look(pgettext_lazy("status", "Cancelled"), "circle-x", "gray"),
    "sent": Look(pgettext_lazy("status", "Sent"), "mail-check", "green"),
    "skipped": Look(pgettext_lazy("status", "Not sent"), "circle-x", "gray"),
    "in_sync": Look(pgettext_lazy("status", "In sync"), "plug-connected", "green"),
    "needs_person": Look(pgettext_lazy("status", "Needs a person"), "alert-triangle", "red"),
    "enabled": Look(pgettext_lazy("status", "Enabled"), "plug-connected", "green"),
    "disabled": Look(pgettext_lazy("status", "Disabled"), "lock", "gray"),
    "absent": Look(pgettext_lazy("status", "Not set up"), "circle-dashed", "gray"),
    "no_subscription": Look(pgettext_lazy("status", "No subscription"), "circle-dashed", "gray"),
    "previewing": Look(pgettext_lazy("status", "Preparing the preview"), "loader-2", "blue"),
    "ready": Look(pgettext_lazy("status", "Ready to confirm"), "clock", "blue"),
    "planned": Look(pgettext_lazy("status", "Planned"), "clock", "gray"),
    "refused": Look(pgettext_lazy("status", "Nothing to do"), "circle-x", "gray"),
    "kept": Look(pgettext_lazy("status", "Kept in test mode"), "clock", "gray"),
    "draft": Look(pgettext_lazy("status", "Draft"), "pencil", "gray"),
    "stopped": Look(pgettext_lazy("status", "Stopped"), "player-pause", "amber"),
    "delivered": Look(pgettext_lazy("status", "Delivered"), "circle-check", "green"),
    "complained": Look(pgettext_lazy("status", "Marked as spam"), "circle-x", "red"),
    "unsubscribed": Look(pgettext_lazy("status", "Unsubscribed"), "mail", "amber"),
    "held": Look(pgettext_lazy("status", "Waits for its turn"), "clock", "gray"),
    "left_out": Look(pgettext_lazy("status", "Left out"), "circle-dashed", "gray"),
    "bounced": Look(pgettext_lazy("status", "Came back"), "alert-triangle", "red"),
    "sending": Look(pgettext_lazy("status", "Being sent"), "send", "blue"),
    "unknown": Look(pgettext_lazy("status", "Outcome unknown"), "help", "amber"),
    "on_sale": Look(pgettext_lazy("status", "On sale"), "tag", "green"),
    "archived": Look(pgettext_lazy("status", "Archived"), "inbox", "gray"),
}


def look(code: str) -> Look:
    """How `code` looks; a code that nobody described is shown as it is."""
    return LOOKS.get(code) or Look(code.replace("_", " "), "circle-dashed", "gray")
