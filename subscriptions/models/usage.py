from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import AppendOnlyModel, TenantModel
from subscriptions.models.subscription import Subscription


class UsageRecord(AppendOnlyModel):
    """So much of an allowance used at an instant. `key` is the integrator's own: the same is counted once."""

    subscription = TenantForeignKey(Subscription, models.PROTECT, related_name="+")
    key = models.CharField(_("key"), max_length=100)
    allowance = models.CharField(_("allowance"), max_length=40)
    amount = models.BigIntegerField(_("amount"))
    used_at = models.DateTimeField(_("used"))
    term_number = models.PositiveIntegerField(_("term"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("record of usage")
        verbose_name_plural = _("records of usage")
        constraints = [
            models.UniqueConstraint(fields=["partner", "subscription", "key"], name="one_usage_record_per_key"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="usage_positive"),
        ]


class UsageTotal(TenantModel):
    """What the records of a term add up to for one allowance, what of it packs gave, and the level told so far."""

    subscription = TenantForeignKey(Subscription, models.PROTECT, related_name="+")
    term_number = models.PositiveIntegerField(_("term"))
    allowance = models.CharField(_("allowance"), max_length=40)
    used = models.BigIntegerField(_("used"), default=0)
    from_packs = models.BigIntegerField(_("of it from packs"), default=0)
    told_percent = models.PositiveSmallIntegerField(_("level told"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("usage of a period")
        verbose_name_plural = _("usage of periods")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "subscription", "term_number", "allowance"], name="one_usage_total_per_term"
            ),
        ]
