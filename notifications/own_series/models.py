from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.own_series.rules import TITLE_LENGTH
from notifications.series.rules.steps import Outcome
from partnerpanel.events.models import Event
from partnerpanel.queues.rows import DueModel, due_index
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


class OwnSeries(TenantModel):
    """A series of the partner's own. `mails` are `{days, template}` in the order of their days; `version` counts its
    events. While it is off nothing begins it, and what waits is not sent."""

    deletable = False

    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    begun_by = models.CharField(_("begun by"), max_length=60)
    stopped_by: Any = models.JSONField(_("stopped by"), default=list, blank=True)
    mails: Any = models.JSONField(_("mails"), default=list)
    plans: Any = models.JSONField(_("plans"), default=list, blank=True)
    only_served = models.BooleanField(_("only while the service runs"), default=False)
    is_on = models.BooleanField(_("on"), default=False)
    created_at = models.DateTimeField(_("made"))
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("own series")
        verbose_name_plural = _("own series")
        indexes = [models.Index(fields=["partner", "begun_by"], name="own_series_begun_by")]

    def __str__(self) -> str:
        return self.title


class OwnSeriesMail(DueModel):
    """One mail of a series to one customer, until it is told or stopped. `event` began the series."""

    longest_wait: ClassVar[None] = None

    series = TenantForeignKey(OwnSeries, models.PROTECT, related_name="+")
    event = TenantForeignKey(Event, models.PROTECT, related_name="+")
    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    subscription = TenantForeignKey("subscriptions.Subscription", models.PROTECT, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(_("position"))
    template = models.CharField(_("template"), max_length=60)
    outcome = models.CharField(_("outcome"), max_length=10, choices=values(Outcome), default=Outcome.WAITING.value)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta(DueModel.Meta):
        verbose_name = _("mail of an own series")
        verbose_name_plural = _("mails of own series")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "event", "series", "position"], name="one_mail_of_an_own_series"
            ),
            models.CheckConstraint(condition=known("outcome", Outcome), name="own_series_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.WAITING.value, settled_at=None)
                | (~Q(outcome=Outcome.WAITING.value) & Q(settled_at__isnull=False, due_at=None)),
                name="own_series_mail_waits_or_is_settled",
            ),
        ]
        indexes = [
            due_index("own_series_due"),
            models.Index(fields=["partner", "customer"], name="own_series_of_customer"),
        ]

    def __str__(self) -> str:
        return self.template
