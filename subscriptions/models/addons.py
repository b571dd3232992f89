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
from subscriptions.models.catalogue import Plan, Product
from subscriptions.models.subscription import Subscription
from subscriptions.rules.addons import AddonKind


class Addon(TenantModel):
    """What is sold beside the plans of a product. Archived ones keep their holders.

    A pack has no interval. `allowances` is what one unit adds, as a plan says it.
    """

    product = TenantForeignKey(Product, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=9, choices=values(AddonKind))
    interval_unit = models.CharField(_("interval"), max_length=5, choices=values(Unit), blank=True)
    interval_count = models.PositiveSmallIntegerField(_("interval count"), default=1)
    rank = models.IntegerField(_("rank"), default=0)
    allowances: Any = models.JSONField(_("allowances"), default=dict, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("add-on")
        verbose_name_plural = _("add-ons")
        constraints = [
            models.UniqueConstraint(fields=["partner", "product", "name"], name="one_addon_per_name"),
            models.CheckConstraint(condition=known("kind", AddonKind), name="addon_kind_known"),
            models.CheckConstraint(condition=Q(interval_count__gte=1), name="addon_interval_positive"),
            models.CheckConstraint(
                condition=Q(kind=AddonKind.PACK.value, interval_unit="")
                | (~Q(kind=AddonKind.PACK.value) & known("interval_unit", Unit)),
                name="only_a_pack_has_no_interval",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def interval(self) -> Interval | None:
        return Interval(Unit(self.interval_unit), self.interval_count) if self.interval_unit else None


class AddonPrice(TenantModel):
    """The price of one unit in one currency, in minor units."""

    addon = TenantForeignKey(Addon, models.CASCADE, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount in minor units"))

    class Meta(TenantModel.Meta):
        verbose_name = _("price of an add-on")
        verbose_name_plural = _("prices of add-ons")
        constraints = [
            models.UniqueConstraint(fields=["partner", "addon", "currency"], name="one_addon_price_per_currency"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="addon_price_not_negative"),
        ]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class AddonPlan(TenantModel):
    """A plan that an add-on fits; without any it fits all of its product."""

    addon = TenantForeignKey(Addon, models.CASCADE, related_name="+")
    plan = TenantForeignKey(Plan, models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        verbose_name = _("plan of an add-on")
        verbose_name_plural = _("plans of add-ons")
        constraints = [models.UniqueConstraint(fields=["partner", "addon", "plan"], name="one_addon_plan")]


class SubscriptionAddon(TenantModel):
    """So many of an add-on on a subscription, at the unit price that it was sold at and what one unit then added.

    `leaves`: it ends with the period. `confirmed_term` is the term that it is wanted in, `used`
    what of a pack is used up.
    """

    subscription = TenantForeignKey(Subscription, models.PROTECT, related_name="+")
    addon = TenantForeignKey(Addon, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=9, choices=values(AddonKind))
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    currency = models.CharField(_("currency"), max_length=3)
    price_amount = models.BigIntegerField(_("price in minor units"))
    interval_unit = models.CharField(_("interval"), max_length=5, choices=values(Unit), blank=True)
    interval_count = models.PositiveSmallIntegerField(_("interval count"), default=1)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True)
    ends_at = models.DateTimeField(_("ends"), null=True)
    leaves = models.BooleanField(_("ends with the period"), default=False)
    used = models.BigIntegerField(_("used"), default=0)
    confirmed_term = models.PositiveIntegerField(_("wanted in term"), null=True)
    added_at = models.DateTimeField(_("added"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("add-on of a subscription")
        verbose_name_plural = _("add-ons of subscriptions")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="subscription_addon_quantity_positive"),
            models.CheckConstraint(condition=Q(price_amount__gte=0), name="subscription_addon_price_not_negative"),
            models.CheckConstraint(condition=known("kind", AddonKind), name="subscription_addon_kind_known"),
        ]
        indexes = [
            models.Index(fields=["partner", "subscription"], condition=Q(ended_at=None), name="addons_of_subscription")
        ]

    @property
    def interval(self) -> Interval | None:
        return Interval(Unit(self.interval_unit), self.interval_count) if self.interval_unit else None

    @property
    def price(self) -> Money:
        """For one of its intervals: unit price × quantity."""
        return Money(self.price_amount * self.quantity, self.currency)
