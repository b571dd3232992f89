from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.rules.states import MessageState
from partnerpanel.events.models import Event
from partnerpanel.queues.rows import DueModel, due_index, parked_index
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey


class Message(DueModel):
    """One mail to one customer about one event.

    Address, language, subject and body are empty until it is written, which is just before it is sent; from then on
    they are the copy of what went out. `due_at` is set while it waits to be sent. `once` names kind, subscription and
    local day where a day has no second mail like it.
    """

    event = TenantForeignKey(Event, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=40)
    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    once = models.CharField(_("sent once for"), max_length=100, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=values(MessageState), default=MessageState.QUEUED.value)
    to_name = models.CharField(_("receiver"), max_length=200, blank=True)
    to_address = models.CharField(_("e-mail"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    subject = models.TextField(_("subject"), blank=True)
    body = models.TextField(_("text"), blank=True)
    header_id = models.CharField(_("id in the mail"), max_length=300, blank=True)
    queued_at = models.DateTimeField(_("queued"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta(DueModel.Meta):
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "event", "kind", "customer"], name="one_message_per_event_and_kind"
            ),
            models.UniqueConstraint(
                fields=["partner", "customer", "once"], condition=~Q(once=""), name="one_message_per_kind_and_day"
            ),
            models.CheckConstraint(condition=known("state", MessageState), name="message_state_known"),
            models.CheckConstraint(
                condition=Q(state=MessageState.SENT.value, sent_at__isnull=False)
                | (~Q(state=MessageState.SENT.value) & Q(sent_at=None)),
                name="message_sent_has_an_instant",
            ),
        ]
        indexes = [
            due_index("mail_due"),
            parked_index("mail_parked"),
            # Asked before every batch; without it, that reads every message there ever was.
            models.Index(fields=["partner", "leased_until"], name="mail_sending", condition=Q(state="sending")),
            models.Index(fields=["partner", "customer", "-queued_at", "-id"], name="messages_of_customer"),
        ]

    def __str__(self) -> str:
        return self.subject or self.kind
