from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.documents.models import Invoice
from partnerpanel.tenancy.fields import IdField, TenantForeignKey
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.rows import TenantModel


class CollectionCase(TenantModel):
    """The collection of one unpaid renewal, from the first failure until it is paid or given up.

    `first_on` is the local day on which we could first ask; retries and deadline count from it. `policy` is pinned as
    it was when the case was opened. `attempts` counts automatic charges; after `is_hard` no more are made.
    """

    deletable = False

    subscription = TenantForeignKey("subscriptions.Subscription", models.PROTECT, related_name="+")
    invoice = TenantForeignKey(Invoice, models.PROTECT, related_name="+")
    first_on = models.DateField(_("first asked on"))
    attempts = models.PositiveSmallIntegerField(_("automatic charges"), default=0)
    last_attempt_on = models.DateField(_("last asked on"), null=True)
    is_hard = models.BooleanField(_("no automatic charge can succeed"), default=False)
    in_grace_from = models.DateField(_("in grace from"), null=True)
    warned_on = models.DateField(_("warned on"), null=True)
    over_on = models.DateField(_("deadline passed on"), null=True)
    policy: Any = models.JSONField(_("policy"), default=dict)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("collection case")
        verbose_name_plural = _("collection cases")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "subscription"], condition=Q(closed_at=None), name="one_open_case_per_subscription"
            )
        ]


class ChargingSwitch(TenantModel):
    """While this row stands, nothing of the partner is charged. Deleting it lets charging go on."""

    updatable = ()

    stopped_at = models.DateTimeField(_("stopped"))
    stopped_by = models.UUIDField(_("stopped by"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("charging switch")
        verbose_name_plural = _("charging switches")
        constraints = [models.UniqueConstraint(fields=["partner"], name="one_switch_per_partner")]


class Halt(models.Model):
    """All charging is stopped, for everybody, until `lifted_at` is set: what a restore leaves behind.

    `since` is how far back the gateways have to be compared with the books first. On the closed list of the control
    plane, because it belongs to no partner.
    """

    id = IdField()
    since = models.DateTimeField(_("compare since"))
    halted_at = models.DateTimeField(_("halted"))
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lifted_because = models.CharField(_("because"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("halt of all charging")
        verbose_name_plural = _("halts of all charging")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.halted_at.isoformat()


class Reconciled(models.Model):
    """How far a partner's books are compared with its gateways: instants and a count, for the halt to be lifted by.

    On the closed list of the control plane, because the halt waits for all partners.
    """

    id = IdField()
    partner = models.OneToOneField(Partner, models.PROTECT, related_name="+")
    since = models.DateTimeField(_("compared since"))
    finished_at = models.DateTimeField(_("finished"))
    open = models.PositiveIntegerField(_("open findings"))

    class Meta:
        verbose_name = _("comparison with the gateways")
        verbose_name_plural = _("comparisons with the gateways")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.finished_at.isoformat()
