from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.campaigns.models import Campaign
from notifications.marketing.models import MailChoice, MarketingRules, Suppression
from notifications.own_series.models import OwnSeries, OwnSeriesMail
from notifications.owned.models import OwnText, OwnTextVersion
from notifications.rules.states import MessageState
from notifications.series.models import SeriesStep
from notifications.sign_ins.models import SignIn
from notifications.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookSecret
from partnerpanel.events.models import Event
from partnerpanel.queues.rows import DueModel, due_index, parked_index
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey

__all__ = [
    "Campaign",
    "MailChoice",
    "MarketingRules",
    "Message",
    "OwnSeries",
    "OwnSeriesMail",
    "OwnText",
    "OwnTextVersion",
    "SeriesStep",
    "SignIn",
    "Suppression",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookSecret",
]


class Message(DueModel):
    """One mail to one customer about one event.

    Address, language, subject and body are empty until it is written, which is just before it is sent; from then on
    they are the copy of what went out, and `own_version` says in which version of the partner's own text (0: in the
    product's). `due_at` is set while it waits to be sent. `once` names kind, subscription and local day where a day has
    no second mail like it. `topic` is that of marketing, empty where the mail has to be received; the last instants say
    what became of it afterwards, as far as anybody told.
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
    own_version = models.PositiveIntegerField(_("version of the own text"), default=0)
    header_id = models.CharField(_("id in the mail"), max_length=300, blank=True)
    queued_at = models.DateTimeField(_("queued"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    topic = models.CharField(_("topic"), max_length=10, blank=True, editable=False)
    left_out_because = models.CharField(_("left out because"), max_length=20, blank=True, editable=False)
    settled_at = models.DateTimeField(_("left out"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("came back"), null=True, blank=True)
    complained_at = models.DateTimeField(_("complained of"), null=True, blank=True)
    unsubscribed_at = models.DateTimeField(_("unsubscribed"), null=True, blank=True)

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
            models.Index(fields=["partner", "-queued_at", "-id"], name="messages_by_age"),
        ]

    def __str__(self) -> str:
        return self.subject or self.kind
