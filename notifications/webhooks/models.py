from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.webhooks.rules.schedule import LONGEST_WAIT
from notifications.webhooks.rules.states import DeliveryState, DisabledReason
from partnerpanel.events.models import Event
from partnerpanel.queues.rows import DueModel, due_index
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


class WebhookEndpoint(TenantModel):
    """An address of the partner's that is told of events. All instants are of the system's clock, also in test mode.

    `kinds` are those that it hears of; empty, of all. `failing_since` is the first failure after the last success.
    One that was removed stays for its log, without secrets.
    """

    url = models.CharField(_("address"), max_length=2000)
    description = models.CharField(_("description"), max_length=200, blank=True)
    kinds: Any = models.JSONField(_("events"), default=list)
    created_at = models.DateTimeField(_("created"))
    disabled_at = models.DateTimeField(_("switched off"), null=True, blank=True)
    disabled_reason = models.CharField(_("why it is off"), max_length=10, choices=values(DisabledReason), blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    warned_at = models.DateTimeField(_("warned"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta(TenantModel.Meta):
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        constraints = [
            models.CheckConstraint(
                condition=Q(disabled_at=None, disabled_reason="")
                | (Q(disabled_at__isnull=False) & known("disabled_reason", DisabledReason)),
                name="webhook_endpoint_off_for_a_reason",
            ),
        ]
        indexes = [
            # Asked whenever something is recorded.
            models.Index(
                fields=["partner"], name="webhook_endpoints_on", condition=Q(disabled_at=None, removed_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.url


class WebhookSecret(TenantModel):
    """What messages to an endpoint are signed with. The newest has no end; the one before signs too, until its end."""

    updatable = ("ends_at",)

    endpoint = TenantForeignKey(WebhookEndpoint, models.PROTECT, related_name="+")
    sealed_secret = models.BinaryField(editable=False)
    last4 = models.CharField(_("last letters"), max_length=4)
    added_at = models.DateTimeField(_("added"))
    ends_at = models.DateTimeField(_("ends"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("webhook secret")
        verbose_name_plural = _("webhook secrets")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "endpoint"], condition=Q(ends_at=None), name="one_newest_secret_per_endpoint"
            ),
        ]

    def __str__(self) -> str:
        return self.last4


class WebhookDelivery(DueModel):
    """A message for one endpoint, about one event or a test; its id is the `webhook-id` of every attempt.

    `due_at` is of the system's clock, as receivers' servers are: it is set while the message is to be sent. `attempts`
    counts those of this round; a replay begins another. `object_type`, `object_id`, `sequence` and `kind` are the
    event's, so that nobody has to read it to list what was sent.
    """

    longest_wait: ClassVar[timedelta | None] = LONGEST_WAIT

    endpoint = TenantForeignKey(WebhookEndpoint, models.PROTECT, related_name="+")
    event = TenantForeignKey(Event, models.PROTECT, related_name="+", null=True)
    kind = models.CharField(_("event"), max_length=60)
    object_type = models.CharField(_("object"), max_length=30, blank=True)
    object_id = models.UUIDField(_("object id"), null=True)
    sequence = models.PositiveIntegerField(_("sequence"), default=0)
    state = models.CharField(
        _("state"), max_length=10, choices=values(DeliveryState), default=DeliveryState.PENDING.value
    )
    created_at = models.DateTimeField(_("created"))
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(_("last answer"), null=True, blank=True)

    class Meta(DueModel.Meta):
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            models.UniqueConstraint(fields=["partner", "endpoint", "event"], name="one_webhook_per_event_and_endpoint"),
            models.CheckConstraint(condition=known("state", DeliveryState), name="webhook_state_known"),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.PENDING.value, due_at__isnull=False)
                | (~Q(state=DeliveryState.PENDING.value) & Q(due_at=None)),
                name="webhook_due_while_pending",
            ),
        ]
        indexes = [
            due_index("webhooks_due"),
            # What of one endpoint is due, and how much of it is being sent.
            models.Index(
                fields=["partner", "endpoint", "due_at"], name="webhooks_due_by_endpoint", condition=Q(state="pending")
            ),
            models.Index(fields=["partner", "endpoint", "-id"], name="webhooks_of_endpoint"),
        ]

    def __str__(self) -> str:
        return self.kind


class WebhookAttempt(TenantModel):
    """One request and what came of it, written when it has ended; deleted when it is old."""

    updatable = ()

    delivery = TenantForeignKey(WebhookDelivery, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent"))
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    url = models.CharField(_("address"), max_length=2000)
    request_headers: Any = models.JSONField(_("headers sent"), default=dict)
    request_body = models.TextField(_("body sent"), blank=True)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    answer_headers: Any = models.JSONField(_("headers answered"), default=dict)
    answer = models.TextField(_("answer"), blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("webhook attempt")
        verbose_name_plural = _("webhook attempts")
        indexes = [
            models.Index(fields=["partner", "delivery", "id"], name="attempts_of_webhook"),
            models.Index(fields=["partner", "sent_at"], name="webhook_attempts_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.status or self.error)
