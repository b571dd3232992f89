from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel
from subscriptions.models.catalogue import Plan, Product
from subscriptions.models.subscription import Subscription
from subscriptions.rules.coupons import CODE_LENGTH, NAME_LENGTH, WHOLE, CouponKind, CouponLimits, Discount


class Coupon(TenantModel):
    """What takes something off the price of a plan. Archived ones keep their holders.

    Either `percent` or `amount` in minor units of `currency`; `periods` is how many periods it takes that off, none for
    ever. It can be redeemed from `from_on` until before `until_on`, `most` times in all and `most_each` by a customer.
    """

    code = models.CharField(_("code"), max_length=CODE_LENGTH)
    code_key = models.CharField(_("code in small letters"), max_length=CODE_LENGTH, editable=False)
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    kind = models.CharField(_("kind"), max_length=7, choices=values(CouponKind))
    percent = models.PositiveSmallIntegerField(_("percent"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    amount = models.BigIntegerField(_("amount in minor units"), null=True, blank=True)
    periods = models.PositiveSmallIntegerField(_("periods"), null=True, blank=True)
    from_on = models.DateField(_("valid from"), null=True, blank=True)
    until_on = models.DateField(_("valid until"), null=True, blank=True)
    most = models.PositiveIntegerField(_("redemptions in all"), null=True, blank=True)
    most_each = models.PositiveIntegerField(_("redemptions of a customer"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        constraints = [
            models.UniqueConstraint(fields=["partner", "code_key"], name="one_coupon_per_code"),
            models.CheckConstraint(condition=Q(code_key=Lower("code")), name="coupon_code_key_in_small_letters"),
            models.CheckConstraint(condition=known("kind", CouponKind), name="coupon_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=CouponKind.PERCENT.value, percent__gte=1, percent__lte=WHOLE, amount=None, currency="")
                | (Q(kind=CouponKind.AMOUNT.value, percent=None, amount__gte=1) & ~Q(currency="")),
                name="coupon_takes_a_part_or_an_amount",
            ),
            models.CheckConstraint(condition=Q(periods=None) | Q(periods__gte=1), name="coupon_periods_positive"),
            models.CheckConstraint(
                condition=Q(from_on=None) | Q(until_on=None) | Q(until_on__gt=F("from_on")),
                name="coupon_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def discount(self) -> Discount:
        amount = None if self.amount is None else Money(self.amount, self.currency)
        return Discount(self.percent, amount, self.periods)

    @property
    def limits(self) -> CouponLimits:
        return CouponLimits(self.name, self.from_on, self.until_on, self.most, self.most_each)


class CouponPlan(TenantModel):
    """A plan that a coupon fits, or with no `plan` all those of a product; without any it fits every plan."""

    coupon = TenantForeignKey(Coupon, models.CASCADE, related_name="+")
    product = TenantForeignKey(Product, models.PROTECT, related_name="+")
    plan = TenantForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(TenantModel.Meta):
        verbose_name = _("plan of a coupon")
        verbose_name_plural = _("plans of coupons")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "coupon", "product", "plan"], nulls_distinct=False, name="one_coupon_plan"
            )
        ]


class Redemption(TenantModel):
    """A coupon on a subscription: from the term of number `from_term` on, until its periods are over or it ends.

    One that was `withdrawn` before a period used it counts for no limit.
    """

    coupon = TenantForeignKey(Coupon, models.PROTECT, related_name="+")
    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    subscription = TenantForeignKey(Subscription, models.PROTECT, related_name="+")
    from_term = models.PositiveIntegerField(_("from the term"))
    redeemed_at = models.DateTimeField(_("redeemed"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "subscription"], condition=Q(ended_at=None), name="one_coupon_at_a_time"
            ),
            models.CheckConstraint(condition=Q(from_term__gte=1), name="redemption_from_a_term"),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(ended_at__isnull=False), name="only_an_ended_redemption_is_withdrawn"
            ),
        ]
        indexes = [
            models.Index(
                fields=["partner", "coupon", "customer"], condition=Q(withdrawn=False), name="redemptions_that_count"
            ),
            models.Index(fields=["partner", "customer"], name="redemptions_of_customer"),
        ]
