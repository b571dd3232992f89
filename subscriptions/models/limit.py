from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel
from subscriptions.models.subscription import Subscription


class AllowanceLimit(TenantModel):
    """An allowance of one subscription that somebody set strictly: `value` holds instead of all that plan, add-ons and
    packs give. Lifting it deletes the row."""

    subscription = TenantForeignKey(Subscription, models.PROTECT, related_name="+")
    allowance = models.CharField(_("allowance"), max_length=40)
    value = models.BigIntegerField(_("value"))
    reason = models.CharField(_("reason"), max_length=500)
    set_at = models.DateTimeField(_("set"))
    set_by = models.UUIDField(_("set by"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("limit")
        verbose_name_plural = _("limits")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "subscription", "allowance"], name="one_limit_per_subscription_and_allowance"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="limit_not_negative"),
        ]
