from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import IdField
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.rows import TenantModel


class Finding(TenantModel):
    """A row that breaks an invariant, since it was first seen; gone with the look that finds it whole again.

    `object` is a public id; `note` holds figures and codes.
    """

    updatable = ("note",)

    invariant = models.CharField(_("invariant"), max_length=60)
    object = models.CharField(_("object"), max_length=60)
    customer_id = models.UUIDField(_("customer"), null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    found_at = models.DateTimeField(_("found"))

    class Meta(TenantModel.Meta):
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.UniqueConstraint(fields=["partner", "invariant", "object"], name="one_finding_per_object")
        ]


class Health(models.Model):
    """How many rows break an invariant, for one partner or the installation: counts alone, for the operator.

    On the closed list of the control plane, because one page shows it for all partners.
    """

    id = IdField()
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    invariant = models.CharField(_("invariant"), max_length=60)
    broken = models.PositiveIntegerField(_("rows"))
    looked_at = models.DateTimeField(_("looked at"))

    class Meta:
        verbose_name = _("health")
        verbose_name_plural = _("health")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "invariant"], nulls_distinct=False, name="one_health_per_partner_and_invariant"
            )
        ]

    def __str__(self) -> str:
        return self.invariant
