from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.offers.rules.offers import NAME_LENGTH, Conditions, Moment, Offer, OfferKind, Outcome, Rule
from partnerpanel.offers.rules.survey import CODE_LENGTH
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel

# What a kind needs is there.
WHAT = (
    Q(kind=OfferKind.COUPON.value, coupon__isnull=False)
    | Q(kind=OfferKind.PAUSE.value, pause_months__isnull=False)
    | Q(kind=OfferKind.PLAN.value, plan__isnull=False)
)


class ExitSurvey(TenantModel):
    """What a partner changed of the reasons why somebody leaves. Without a row they are as they come."""

    reasons: Any = models.JSONField(_("reasons"), default=list)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("exit survey")
        verbose_name_plural = _("exit surveys")
        constraints = [models.UniqueConstraint(fields=["partner"], name="one_exit_survey")]


class ExitAnswer(TenantModel):
    """Why somebody wants to leave, given by the customer or noted by the partner; `left_at` once it was cancelled."""

    deletable = False

    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    subscription = TenantForeignKey("subscriptions.Subscription", models.PROTECT, related_name="+")
    plan = TenantForeignKey("subscriptions.Plan", models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=CODE_LENGTH)
    by_customer = models.BooleanField(_("said by the customer"))
    asked_at = models.DateTimeField(_("asked"))
    left_at = models.DateTimeField(_("cancelled"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("answer why somebody leaves")
        verbose_name_plural = _("answers why somebody leaves")
        indexes = [
            models.Index(fields=["partner", "asked_at"], name="exit_answers_by_day"),
            models.Index(fields=["partner", "subscription"], name="exit_answers_of_subscription"),
            models.Index(fields=["partner", "customer"], name="exit_answers_of_customer"),
        ]


class OfferRule(TenantModel):
    """What is offered to whom, when. The first that fits by `position` is shown."""

    deletable = False

    moment = models.CharField(_("moment"), max_length=10, choices=values(Moment))
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    position = models.PositiveSmallIntegerField(_("place"), default=1)
    kind = models.CharField(_("kind"), max_length=6, choices=values(OfferKind))
    coupon = TenantForeignKey("subscriptions.Coupon", models.PROTECT, null=True, related_name="+")
    pause_months = models.PositiveSmallIntegerField(_("months of pause"), null=True)
    plan = TenantForeignKey("subscriptions.Plan", models.PROTECT, null=True, related_name="+")
    conditions: Any = models.JSONField(_("conditions"), default=dict)
    is_on = models.BooleanField(_("on"), default=True)
    created_at = models.DateTimeField(_("created"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("rule of an offer")
        verbose_name_plural = _("rules of offers")
        constraints = [
            models.CheckConstraint(condition=known("moment", Moment), name="offer_moment_known"),
            models.CheckConstraint(condition=WHAT, name="an_offer_is_of_its_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def offer(self) -> Offer:
        return Offer(OfferKind(self.kind), self.coupon_id, self.pause_months, self.plan_id)

    @property
    def as_rule(self) -> Rule:
        return Rule(
            id=self.pk,
            version=self.version,
            moment=Moment(self.moment),
            name=self.name,
            position=self.position,
            offer=self.offer,
            conditions=Conditions.from_json(self.conditions),
            is_on=self.is_on,
        )


class OfferMade(TenantModel):
    """An offer as it was shown, which is kept whatever becomes of its rule; taken at most once by a subscription.

    `amount` is what the subscription counted for in a month of `currency` when it was settled.
    """

    deletable = False
    updatable: ClassVar[tuple[str, ...]] = ("outcome", "settled_at", "currency", "amount", "made_at", "reason")

    rule = TenantForeignKey(OfferRule, models.PROTECT, related_name="+")
    rule_version = models.PositiveIntegerField(_("version of the rule"))
    moment = models.CharField(_("moment"), max_length=10, choices=values(Moment))
    kind = models.CharField(_("kind"), max_length=6, choices=values(OfferKind))
    coupon = TenantForeignKey("subscriptions.Coupon", models.PROTECT, null=True, related_name="+")
    pause_months = models.PositiveSmallIntegerField(_("months of pause"), null=True)
    plan = TenantForeignKey("subscriptions.Plan", models.PROTECT, null=True, related_name="+")
    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    subscription = TenantForeignKey("subscriptions.Subscription", models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=CODE_LENGTH, blank=True)
    made_at = models.DateTimeField(_("shown"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=values(Outcome), default=Outcome.OPEN.value)
    settled_at = models.DateTimeField(_("settled"), null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    amount = models.BigIntegerField(_("a month in minor units"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.CheckConstraint(condition=known("outcome", Outcome), name="offer_outcome_known"),
            models.CheckConstraint(condition=known("moment", Moment), name="made_offer_moment_known"),
            models.CheckConstraint(condition=WHAT, name="a_made_offer_is_of_its_kind"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.OPEN.value, settled_at=None)
                | (~Q(outcome=Outcome.OPEN.value) & Q(settled_at__isnull=False)),
                name="an_offer_is_open_or_settled",
            ),
            models.UniqueConstraint(
                fields=["partner", "subscription", "rule"],
                condition=Q(outcome=Outcome.TAKEN.value),
                name="an_offer_is_taken_once",
            ),
            models.UniqueConstraint(
                fields=["partner", "subscription", "rule"],
                condition=Q(outcome=Outcome.OPEN.value),
                name="an_offer_is_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "made_at"], name="offers_by_day"),
            models.Index(fields=["partner", "customer"], name="offers_of_customer"),
            models.Index(fields=["partner", "subscription"], name="offers_of_subscription"),
        ]

    @property
    def offer(self) -> Offer:
        return Offer(OfferKind(self.kind), self.coupon_id, self.pause_months, self.plan_id)
