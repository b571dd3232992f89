from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerpanel.alerts.rules import AlertState, Topic
from partnerpanel.events.models import Event
from partnerpanel.queues.rows import DueModel, due_index
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


class AlertRound(DueModel):
    """One person's mails about one partner. `due_at` is on the system's clock; `told_on` is the local day of the last
    daily mail. `wanted` is what the person chose, by topic; the role says the rest."""

    deletable = False

    user_id = models.UUIDField(_("person"))
    wanted: Any = models.JSONField(_("chosen"), default=dict, blank=True)
    told_on = models.DateField(_("last daily mail"), null=True, blank=True)

    class Meta(DueModel.Meta):
        verbose_name = _("person's alerts")
        verbose_name_plural = _("people's alerts")
        constraints = [models.UniqueConstraint(fields=["partner", "user_id"], name="one_round_per_person")]
        indexes = [due_index("alert_round_due")]

    def __str__(self) -> str:
        return str(self.user_id)


class Alert(TenantModel):
    """An event that one person is told of at once."""

    updatable = ("state", "told_at")

    user_id = models.UUIDField(_("person"))
    event = TenantForeignKey(Event, models.PROTECT, related_name="+")
    topic = models.CharField(_("topic"), max_length=20, choices=values(Topic))
    state = models.CharField(_("state"), max_length=10, choices=values(AlertState), default=AlertState.WAITING.value)
    noted_at = models.DateTimeField(_("noted"))
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(fields=["partner", "event", "user_id"], name="told_once_of_an_event"),
            models.CheckConstraint(condition=known("topic", Topic), name="alert_topic_known"),
            models.CheckConstraint(condition=known("state", AlertState), name="alert_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["partner", "user_id"],
                name="alerts_not_told",
                condition=models.Q(state__in=[AlertState.WAITING.value, AlertState.SENDING.value]),
            ),
            models.Index(fields=["partner", "noted_at"], name="alerts_by_age"),
        ]

    def __str__(self) -> str:
        return self.topic
