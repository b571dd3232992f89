from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import AppendOnlyModel


class LoyaltyBonus(AppendOnlyModel):
    """`months` given once for `after_months` paid ones of a subscription, whatever is refunded or paid again later."""

    subscription = TenantForeignKey("subscriptions.Subscription", models.PROTECT, related_name="+")
    after_months = models.PositiveIntegerField(_("paid months"))
    months = models.PositiveSmallIntegerField(_("free months"))
    given_at = models.DateTimeField(_("given"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("bonus")
        verbose_name_plural = _("bonuses")
        constraints = [
            models.UniqueConstraint(fields=["partner", "subscription", "after_months"], name="one_bonus_per_milestone")
        ]
