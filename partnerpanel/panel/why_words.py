"""The words of reasons: what releases a hold, which keys chose the day of a mail, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from notifications.rules.kinds import SUSPENDED, MessageKind
from notifications.rules.states import MessageState
from subscriptions.rules.states import HoldKind

RELEASED: Mapping[HoldKind, Any] = {
    HoldKind.NONPAYMENT: _("A payment releases it by itself."),
    HoldKind.MANUAL: _("Only a person releases it."),
    HoldKind.ABUSE: _("Only a person releases it."),
    HoldKind.FRAUD_REVIEW: _("A review releases it."),
    HoldKind.BAN: _(
        "Only lifting the ban releases it. Until then nothing is sold, and what runs ends with what is paid."
    ),
    HoldKind.PROVISIONING: _("It is released by itself when the service is set up."),
}
# Mails before a period ends.
REMINDERS = (MessageKind.RENEWAL_NEAR, MessageKind.TRIAL_ENDING)
# The keys of a collection that set the day of a mail, or of what it announces.
TOLD_KEYS: Mapping[MessageKind, tuple[str, ...]] = {
    MessageKind.PAYMENT_FAILED: ("retry.offsets_days", "grace.days"),
    MessageKind.PAYMENT_DUE: ("grace.days",),
    MessageKind.TRIAL_OVER: ("grace.days",),
    MessageKind.FIRST_PAYMENT_NEEDED: ("retry.offsets_days", "grace.days"),
    MessageKind.GRACE_STARTED: ("grace.starts", "grace.days"),
    MessageKind.SUSPENSION_NEAR: ("grace.days", "grace.then"),
    **dict.fromkeys(SUSPENDED, ("grace.days", "grace.then")),
}
FATES: Mapping[MessageState, Any] = {
    MessageState.QUEUED: _("It has not been sent yet: it waits for its turn, or for the mail server."),
    MessageState.SENDING: _("It is being handed to the mail server now."),
    MessageState.SENT: _("It was sent: the mail server took it."),
    MessageState.FAILED: _("It was not sent: the mail server refused it every time. A person has to look at it."),
    MessageState.UNKNOWN: _("Nobody knows whether it arrived. It is not sent again, so that nobody gets it twice."),
    MessageState.KEPT: _("It was written and kept: in test mode, and in a past that is put in, nobody is mailed."),
    MessageState.HELD: _("It belongs to a campaign, and its turn has not come."),
    MessageState.LEFT_OUT: _("It was not sent."),
}
