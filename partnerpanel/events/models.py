from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerpanel.queues.rows import DueModel, due_index
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import AppendOnlyModel, TenantModel


class Event(AppendOnlyModel):
    """One change of one object. Holds ids and enumerations only; words about a person lie in `EventDetail`.

    `sequence` counts an object's changes without a gap, given under the object's lock: it is the object's version
    after the change. `action_id` ties together what one action of one actor changed.
    """

    kind = models.CharField(_("kind"), max_length=60)
    object_type = models.CharField(_("object"), max_length=30)
    object_id = models.UUIDField(_("object id"))
    sequence = models.PositiveIntegerField(_("sequence"))
    customer_id = models.UUIDField(_("customer"), null=True)
    action_id = models.UUIDField(_("action"))
    occurred_at = models.DateTimeField(_("occurred"))
    recorded_at = models.DateTimeField(_("recorded"))
    actor_kind = models.CharField(_("actor"), max_length=20)
    actor_id = models.UUIDField(_("actor id"), null=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    data = models.JSONField(_("data"), default=dict)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "object_type", "object_id", "sequence"], name="one_event_per_version"
            )
        ]
        indexes = [
            models.Index(fields=["partner", "customer_id", "-occurred_at", "-id"], name="event_timeline"),
            models.Index(fields=["partner", "action_id"], name="event_action"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.sequence}"


class EventDetail(TenantModel):
    """What an event says about a person in words, such as a reason. Erasing the person deletes it; nothing edits it."""

    updatable = ()

    event = TenantForeignKey(Event, models.DO_NOTHING, related_name="+")
    values = models.JSONField(_("values"))

    class Meta(TenantModel.Meta):
        verbose_name = _("event detail")
        verbose_name_plural = _("event details")
        constraints = [models.UniqueConstraint(fields=["partner", "event"], name="one_detail_per_event")]


class Outbox(DueModel):
    """An event on its way to one consumer; deleted when the consumer is done with it."""

    event = TenantForeignKey(Event, models.DO_NOTHING, related_name="+")
    consumer = models.CharField(_("consumer"), max_length=30)

    class Meta(DueModel.Meta):
        verbose_name = _("outbox entry")
        verbose_name_plural = _("outbox")
        constraints = [
            models.UniqueConstraint(fields=["partner", "event", "consumer"], name="one_delivery_per_consumer")
        ]
        indexes = [due_index("outbox_due")]
