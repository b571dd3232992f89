from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.queues.rows import DueModel, due_index, parked_index
from partnerpanel.retention.rules import Outcome
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey


class RetentionCase(DueModel):
    """A customer who has nothing any more, from the end until the personal data is erased or there is a reason again
    to keep it.

    Days are local to the subscription that counts. `warnings` of them were given, the last on `last_warned_on`;
    `due_at` is when it is looked at again. `version` counts its events.
    """

    deletable = False

    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    since_on = models.DateField(_("counted from"), null=True)
    erase_on = models.DateField(_("erased on"), null=True)
    warnings = models.PositiveSmallIntegerField(_("warnings"), default=0)
    last_warned_on = models.DateField(_("last warned on"), null=True)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=values(Outcome), blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta(DueModel.Meta):
        verbose_name = _("retention of data")
        verbose_name_plural = _("retentions of data")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "customer"], condition=Q(closed_at=None), name="one_open_retention_per_customer"
            ),
            models.CheckConstraint(condition=Q(outcome="") | known("outcome", Outcome), name="retention_outcome_known"),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | Q(closed_at__isnull=False, due_at=None) & ~Q(outcome=""),
                name="retention_closed_with_outcome",
            ),
        ]
        indexes = [due_index("retention_due"), parked_index("retention_parked")]

    def __str__(self) -> str:
        return str(self.erase_on or "")
