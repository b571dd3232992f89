from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


class Product(TenantModel):
    """What a partner sells; its plans are the ways to buy it."""

    name = models.CharField(_("name"), max_length=120)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [models.UniqueConstraint(fields=["partner", "name"], name="one_product_per_name")]

    def __str__(self) -> str:
        return self.name


class Plan(TenantModel):
    """A way to buy a product: interval, rank among its siblings, allowances. Archived plans keep their holders.

    `allowances` maps a name to a whole number per period, such as `{"connections": 2}`.
    """

    product = TenantForeignKey(Product, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    interval_unit = models.CharField(_("interval"), max_length=5, choices=values(Unit))
    interval_count = models.PositiveSmallIntegerField(_("interval count"), default=1)
    rank = models.IntegerField(_("rank"), default=0)
    allowances: Any = models.JSONField(_("allowances"), default=dict, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            models.UniqueConstraint(fields=["partner", "product", "name"], name="one_plan_per_name"),
            models.CheckConstraint(condition=Q(interval_count__gte=1), name="plan_interval_positive"),
            models.CheckConstraint(condition=known("interval_unit", Unit), name="plan_interval_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def interval(self) -> Interval:
        return Interval(Unit(self.interval_unit), self.interval_count)

    @property
    def is_sellable(self) -> bool:
        """Neither the plan nor its product is archived; reads the product."""
        return self.archived_at is None and self.product.archived_at is None


class PlanPrice(TenantModel):
    """A plan's price for one interval in one currency, in minor units."""

    plan = TenantForeignKey(Plan, models.CASCADE, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount in minor units"))

    class Meta(TenantModel.Meta):
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["partner", "plan", "currency"], name="one_price_per_currency"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
        ]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
