from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.series.rules.steps import Outcome, Series
from partnerpanel.events.models import Event
from partnerpanel.queues.rows import DueModel, due_index
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey


class SeriesStep(DueModel):
    """One mail of a series to one customer, until it is told or no longer fits. `event` began the series."""

    longest_wait: ClassVar[None] = None

    event = TenantForeignKey(Event, models.PROTECT, related_name="+")
    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    subscription = TenantForeignKey("subscriptions.Subscription", models.PROTECT, related_name="+")
    series = models.CharField(_("series"), max_length=20, choices=values(Series))
    step = models.PositiveSmallIntegerField(_("step"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=values(Outcome), default=Outcome.WAITING.value)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta(DueModel.Meta):
        verbose_name = _("step of a series")
        verbose_name_plural = _("steps of series")
        constraints = [
            models.UniqueConstraint(fields=["partner", "event", "series", "step"], name="one_step_of_a_series"),
            # The first payment after a trial is no second start.
            models.UniqueConstraint(
                fields=["partner", "subscription", "step"],
                condition=Q(series=Series.WELCOME.value),
                name="welcomed_once",
            ),
            models.CheckConstraint(condition=known("series", Series), name="series_known"),
            models.CheckConstraint(condition=known("outcome", Outcome), name="series_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.WAITING.value, settled_at=None)
                | (~Q(outcome=Outcome.WAITING.value) & Q(settled_at__isnull=False, due_at=None)),
                name="series_step_waits_or_is_settled",
            ),
        ]
        indexes = [
            due_index("series_due"),
            models.Index(fields=["partner", "subscription"], name="series_of_subscription"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.step}"
