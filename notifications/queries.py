"""Messages as pages show them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.marketing.rules.reasons import LeftOut
from notifications.models import Message
from notifications.rules.kinds import MessageKind
from notifications.rules.states import MessageState
from partnerpanel.kernel.errors import NotFound

LABELS: dict[MessageKind, str | Promise] = {
    MessageKind.ACCOUNT_SUSPENDED: gettext_lazy("Account suspended"),
    MessageKind.ACCOUNT_REACTIVATED: gettext_lazy("Account reactivated"),
    MessageKind.VERIFICATION_REQUIRED: gettext_lazy("Asked to verify"),
    MessageKind.VERIFIED: gettext_lazy("Verified"),
    MessageKind.ACCOUNT_BANNED: gettext_lazy("Customer banned"),
    MessageKind.ACCOUNT_BAN_LIFTED: gettext_lazy("Ban lifted"),
    MessageKind.SUBSCRIPTION_SUSPENDED: gettext_lazy("Subscription suspended"),
    MessageKind.SUBSCRIPTION_REACTIVATED: gettext_lazy("Subscription reactivated"),
    MessageKind.RENEWAL_NEAR: gettext_lazy("Renewal is near"),
    MessageKind.PAYMENT_RECEIVED: gettext_lazy("Receipt"),
    MessageKind.PAYMENT_FAILED: gettext_lazy("Payment failed"),
    MessageKind.PAYMENT_DUE: gettext_lazy("Payment due"),
    MessageKind.PAYMENT_NEEDS_CONFIRMATION: gettext_lazy("Payment to be confirmed"),
    MessageKind.GRACE_STARTED: gettext_lazy("Grace began"),
    MessageKind.SUSPENSION_NEAR: gettext_lazy("Last warning before suspension"),
    MessageKind.ENDED: gettext_lazy("Subscription ended"),
    MessageKind.CREDENTIALS: gettext_lazy("Credentials"),
    MessageKind.CANCELLED: gettext_lazy("Subscription cancelled"),
    MessageKind.KEPT: gettext_lazy("Subscription kept"),
    MessageKind.EXTENDED: gettext_lazy("Subscription extended"),
    MessageKind.PAUSE_SCHEDULED: gettext_lazy("Pause agreed"),
    MessageKind.PAUSE_WITHDRAWN: gettext_lazy("Pause withdrawn"),
    MessageKind.PAUSED: gettext_lazy("Subscription paused"),
    MessageKind.RESUMED: gettext_lazy("Subscription resumed"),
    MessageKind.RENEWAL_SKIPPED: gettext_lazy("Renewal skipped"),
    MessageKind.LOYALTY_BONUS: gettext_lazy("Bonus months"),
    MessageKind.BILLING_DATE_MOVED: gettext_lazy("Billing date moved"),
    MessageKind.PLAN_CHANGED: gettext_lazy("Plan changed"),
    MessageKind.ROLLED_BACK: gettext_lazy("Plan rolled back"),
    MessageKind.CHANGE_SCHEDULED: gettext_lazy("Change of plan agreed"),
    MessageKind.CHANGE_AWAITS_PAYMENT: gettext_lazy("Change of plan to be paid"),
    MessageKind.CHANGE_DROPPED: gettext_lazy("Change of plan cancelled"),
    MessageKind.CHANGE_FAILED: gettext_lazy("Change of plan failed"),
    MessageKind.DATES_PUT_BACK: gettext_lazy("Dates put back"),
    MessageKind.RESTORED: gettext_lazy("Subscription restored"),
    MessageKind.RESTARTED: gettext_lazy("Subscription taken up again"),
    MessageKind.PRICE_ANNOUNCED: gettext_lazy("New price announced"),
    MessageKind.PRICE_WITHDRAWN: gettext_lazy("New price withdrawn"),
    MessageKind.REFUND_REQUESTED: gettext_lazy("Refund"),
    MessageKind.REFUND_RECORDED: gettext_lazy("Refund"),
    MessageKind.REFUND_FAILED: gettext_lazy("Refund failed"),
    MessageKind.START_SCHEDULED: gettext_lazy("Start agreed"),
    MessageKind.FIRST_PAYMENT_NEEDED: gettext_lazy("First payment needed"),
    MessageKind.STARTED: gettext_lazy("Subscription started"),
    MessageKind.TRIAL_STARTED: gettext_lazy("Trial started"),
    MessageKind.TRIAL_ENDING: gettext_lazy("Trial ends soon"),
    MessageKind.TRIAL_OVER: gettext_lazy("Trial over, payment due"),
    MessageKind.QUANTITY_CHANGED: gettext_lazy("Quantity changed"),
    MessageKind.USAGE_ALERT: gettext_lazy("Allowance almost used up"),
    MessageKind.INVOICE_COPY: gettext_lazy("Copy of an invoice"),
    MessageKind.CREDIT_NOTE_COPY: gettext_lazy("Copy of a credit note"),
    MessageKind.RECEIPT_COPY: gettext_lazy("Copy of a receipt"),
    MessageKind.INVOICE_CORRECTED: gettext_lazy("Corrected invoice"),
    MessageKind.BALANCE_CREDITED: gettext_lazy("Balance credited"),
    MessageKind.WELCOME_GUIDE: gettext_lazy("Welcome: guide to begin with"),
    MessageKind.WELCOME_FEATURES: gettext_lazy("Welcome: what one can do"),
    MessageKind.WELCOME_FEEDBACK: gettext_lazy("Welcome: asked for feedback"),
    MessageKind.WINBACK: gettext_lazy("Offer to stay"),
    MessageKind.WRITTEN: gettext_lazy("Written to the customer"),
    MessageKind.CAMPAIGN: gettext_lazy("Campaign"),
    MessageKind.TICKET_RECEIVED: gettext_lazy("Ticket, to your support"),
    MessageKind.TICKET_REPLIED: gettext_lazy("Reply in a ticket, to your support"),
    MessageKind.TICKET_OPENED: gettext_lazy("Ticket opened"),
    MessageKind.TICKET_ANSWERED: gettext_lazy("Ticket answered"),
    MessageKind.TICKET_CLOSED: gettext_lazy("Ticket closed"),
    MessageKind.ERASURE_NEAR: gettext_lazy("Personal data is erased soon"),
}


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message of the log.

    Subject, address, language and body are empty until it has been written, which is when it is sent first. `error`
    is what the mail server answered; `due_at` says when it is tried next.
    """

    id: UUID
    kind: MessageKind
    label: str
    customer_id: UUID
    event_id: UUID
    state: MessageState
    subject: str
    body: str
    to_name: str
    to_address: str
    language: str
    queued_at: datetime
    sent_at: datetime | None
    due_at: datetime | None
    attempts: int
    error: str
    own_version: int
    topic: str
    left_out: LeftOut | None
    bounced_at: datetime | None

    @property
    def is_erased(self) -> bool:
        """What it said went with the customer's personal data."""
        return not self.body and self.state in (MessageState.SENT, MessageState.KEPT, MessageState.UNKNOWN)


def messages_of(partner_id: UUID, customer_id: UUID, *, limit: int) -> list[MessageLine]:
    """What the customer was told, newest first."""
    rows = Message.objects.for_partner(partner_id).filter(customer=customer_id)
    return [message_line(row) for row in rows.order_by("-queued_at", "-id")[:limit]]


def messages_about(partner_id: UUID, event_ids: Collection[UUID]) -> list[MessageLine]:
    """What customers were told because of these events, in the order in which it was queued."""
    rows = Message.objects.for_partner(partner_id).filter(event__in=event_ids)
    return [message_line(row) for row in rows.order_by("queued_at", "id")]


def message(partner_id: UUID, message_id: UUID) -> MessageLine:
    """Raises NotFound alike for an id that never existed and for another partner's."""
    found = Message.objects.for_partner(partner_id).filter(pk=message_id).first()
    if found is None:
        raise NotFound(_("There is no such message."), field="message")
    return message_line(found)


def message_line(row: Message) -> MessageLine:
    """A row as pages show it."""
    kind = MessageKind(row.kind)
    return MessageLine(
        id=row.pk,
        kind=kind,
        label=str(LABELS[kind]),
        customer_id=row.customer_id,
        event_id=row.event_id,
        state=MessageState(row.state),
        subject=row.subject,
        body=row.body,
        to_name=row.to_name,
        to_address=row.to_address,
        language=row.language,
        queued_at=row.queued_at,
        sent_at=row.sent_at,
        due_at=row.due_at,
        attempts=row.attempts,
        error=row.last_error,
        own_version=row.own_version,
        topic=row.topic,
        left_out=LeftOut(row.left_out_because) if row.left_out_because else None,
        bounced_at=row.bounced_at,
    )
