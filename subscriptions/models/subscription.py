from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.kernel.money import Money
from partnerpanel.queues.rows import DueModel, due_index, parked_index
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel
from subscriptions.models.catalogue import Plan
from subscriptions.rules.next_price import NextPrice
from subscriptions.rules.states import Access, Collection, Lifecycle


class Subscription(DueModel):
    """One customer on one plan.

    `price_amount` is the unit price it was sold at, in minor units of `currency`; `price_is_agreed` says that it is
    its own and not the plan's. `next_price_amount` is announced: the unit price of periods that begin on
    `next_price_from` or later. `mrr_amount` is what it counts for in a month, as its last event about it said: the sum
    of its movements. `access` and `is_suspended` follow from lifecycle, holds and pause, and are written with
    them. A pause is agreed while `paused_from` lies ahead, and runs until `paused_from` is taken away.
    `due_at` is when its next step is due: reminder, renewal, retry, warning, deadline; none while nothing will happen.
    `renewal_waits`: its period is over, or it is paused, and the next one begins on the day of the release.
    `awaits_cut_over` keeps an imported subscription from being billed until the partner has moved in.
    `ended_before` is when it had ended that comes back now, until its first payment says that it does.
    `card_id` is the customer's payment method that is charged for it alone; none is the customer's default, as is one
    that was taken away.
    """

    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    plan = TenantForeignKey(Plan, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    currency = models.CharField(_("currency"), max_length=3)
    price_amount = models.BigIntegerField(_("price in minor units"))
    price_is_agreed = models.BooleanField(_("price agreed"), default=False)
    next_price_amount = models.BigIntegerField(_("announced price in minor units"), null=True, blank=True)
    next_price_from = models.DateField(_("announced price from"), null=True, blank=True)
    next_price_announced_on = models.DateField(_("price announced on"), null=True, blank=True)

    mrr_amount = models.BigIntegerField(_("recurring a month"), default=0, db_default=0, editable=False)

    lifecycle = models.CharField(_("lifecycle"), max_length=10, choices=values(Lifecycle))
    collection = models.CharField(
        _("collection"), max_length=10, choices=values(Collection), default=Collection.CURRENT.value
    )
    access = models.CharField(_("access"), max_length=7, choices=values(Access))
    is_limited = models.BooleanField(_("access is limited"), default=False)
    is_suspended = models.BooleanField(_("suspended"), default=False)

    timezone = models.CharField(_("billing zone"), max_length=64)
    anchor_on = models.DateField(_("anchor"))
    started_at = models.DateTimeField(_("started"))
    trial_ends_at = models.DateTimeField(_("trial ends"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_before = models.DateTimeField(_("had ended before its return"), null=True, blank=True)
    cancel_at_period_end = models.BooleanField(_("ends with the period"), default=False)
    auto_renew = models.BooleanField(_("renews by itself"), default=True)
    reminded_on = models.DateField(_("reminded for"), null=True, blank=True)
    renewal_waits = models.BooleanField(_("renewal waits for a release"), default=False)
    paused_from = models.DateTimeField(_("paused from"), null=True, blank=True)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    awaits_cut_over = models.BooleanField(_("waits for the cut-over"), default=False)
    card_id = models.UUIDField(_("card of its own"), null=True, blank=True, editable=False)
    external_id = models.CharField(_("own number"), max_length=100, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta(DueModel.Meta):
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.CheckConstraint(condition=Q(price_amount__gte=0), name="subscription_price_not_negative"),
            models.CheckConstraint(
                condition=Q(next_price_amount=None, next_price_from=None, next_price_announced_on=None)
                | Q(next_price_amount__gte=0, next_price_from__isnull=False, next_price_announced_on__isnull=False),
                name="an_announced_price_has_its_day",
            ),
            models.CheckConstraint(condition=Q(mrr_amount__gte=0), name="subscription_mrr_not_negative"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="subscription_quantity_positive"),
            models.CheckConstraint(condition=known("lifecycle", Lifecycle), name="subscription_lifecycle_known"),
            models.CheckConstraint(condition=known("collection", Collection), name="subscription_collection_known"),
            models.CheckConstraint(
                condition=Q(lifecycle=Lifecycle.ENDED.value) ^ Q(ended_at=None),
                name="only_an_ended_subscription_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(ended_before=None) | Q(lifecycle=Lifecycle.INCOMPLETE.value),
                name="a_return_waits_for_its_first_payment",
            ),
            models.CheckConstraint(
                condition=Q(access=Access.BLOCKED.value)
                | Q(lifecycle__in=[Lifecycle.TRIALING.value, Lifecycle.ACTIVE.value]),
                name="access_is_open_only_while_served",
            ),
            models.UniqueConstraint(
                fields=["partner", "external_id"], condition=~Q(external_id=""), name="one_subscription_per_own_number"
            ),
        ]
        indexes = [
            due_index("subscriptions_due"),
            parked_index("subscriptions_parked"),
            models.Index(fields=["partner", "customer"], name="subscriptions_of_customer"),
            models.Index(fields=["partner", "plan"], name="subscriptions_of_plan"),
        ]

    @property
    def price(self) -> Money:
        """What one interval costs: unit price × quantity, before coupon and tax."""
        return Money(self.price_amount * self.quantity, self.currency)

    @property
    def unit_price(self) -> Money:
        """At which it was sold, for one interval."""
        return Money(self.price_amount, self.currency)

    @property
    def mrr(self) -> Money:
        """What it counts for in a month: nothing in a trial, in a pause and after its end."""
        return Money(self.mrr_amount, self.currency)

    @property
    def next_price(self) -> NextPrice | None:
        """What is announced."""
        return NextPrice.of(self.next_price_amount, self.next_price_from, self.next_price_announced_on, self.currency)


class Term(TenantModel):
    """One period `[starts_on, ends_on)` of a subscription, in local dates of its zone and as instants.

    Numbers count from 1 without a gap and never change; dates may move, and then `granted_days` says how many were
    given for free. `paid_elsewhere` is what it cost until `paid_until` where the customer came from, in minor units.
    """

    deletable = False

    subscription = TenantForeignKey(Subscription, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("number"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    granted_days = models.PositiveIntegerField(_("free days"), default=0)
    granted_for = models.CharField(_("why they were free"), max_length=40, blank=True)
    paid_elsewhere = models.BigIntegerField(_("paid elsewhere"), default=0)
    paid_until = models.DateField(_("paid elsewhere until"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(fields=["partner", "subscription", "number"], name="one_term_per_number"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="term_ends_after_it_starts"),
        ]
