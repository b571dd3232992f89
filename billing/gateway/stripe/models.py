from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.gateway.stripe.states import Kind, Mode
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.rows import AppendOnlyModel, TenantModel


class StripeAccount(TenantModel):
    """A partner's connection to Stripe. The key is sealed and bound to this row; nothing else may hold it."""

    account = models.CharField(_("account at Stripe"), max_length=60)
    mode = models.CharField(_("mode"), max_length=4, choices=values(Mode))
    sealed_key = models.BinaryField(editable=False)
    connected_at = models.DateTimeField(_("connected"))
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("Stripe account")
        verbose_name_plural = _("Stripe accounts")
        constraints = [
            models.UniqueConstraint(fields=["partner"], name="one_stripe_account_per_partner"),
            models.CheckConstraint(condition=known("mode", Mode), name="stripe_mode_known"),
        ]

    def __str__(self) -> str:
        return self.account


class StripeSecret(TenantModel):
    """What a webhook endpoint of Stripe's signs with. The newest one stays; an older one is taken until it ends, so
    that what was under way while it was replaced still arrives. `endpoint` is empty for one that was made by hand."""

    updatable = ("ends_at",)
    deletable = True

    account = models.CharField(_("account at Stripe"), max_length=60)
    endpoint = models.CharField(_("endpoint at Stripe"), max_length=60, blank=True)
    sealed_secret = models.BinaryField(editable=False)
    last4 = models.CharField(_("last letters"), max_length=4)
    added_at = models.DateTimeField(_("added"))
    ends_at = models.DateTimeField(_("ends"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("signing secret of Stripe's")
        verbose_name_plural = _("signing secrets of Stripe's")
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(ends_at=None), name="one_newest_stripe_secret_per_partner"
            ),
        ]

    def __str__(self) -> str:
        return self.endpoint or self.last4


class StripeCustomer(AppendOnlyModel):
    """Who our customer is at Stripe, in one account of it."""

    account = models.CharField(_("account at Stripe"), max_length=60)
    customer = models.CharField(_("customer"), max_length=200)
    ref = models.CharField(_("customer at Stripe"), max_length=60)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("customer at Stripe")
        verbose_name_plural = _("customers at Stripe")
        constraints = [
            models.UniqueConstraint(fields=["partner", "account", "customer"], name="one_stripe_customer_per_account"),
            models.CheckConstraint(condition=~Q(ref=""), name="stripe_customer_has_a_ref"),
        ]

    def __str__(self) -> str:
        return self.ref


class StripeQuestion(AppendOnlyModel):
    """What Stripe is asked under one key, written before it is asked: a key is one question for ever.

    `about` is where the answer is found when it got lost: the customer at Stripe, or the charge that is refunded.
    """

    kind = models.CharField(_("kind"), max_length=6, choices=values(Kind))
    key = models.CharField(_("key"), max_length=200)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    about = models.CharField(_("about"), max_length=200)
    asked_at = models.DateTimeField(_("asked"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("question to Stripe")
        verbose_name_plural = _("questions to Stripe")
        constraints = [
            models.UniqueConstraint(fields=["partner", "kind", "key"], name="one_stripe_question_per_key"),
            models.CheckConstraint(condition=known("kind", Kind), name="stripe_question_kind_known"),
        ]

    def __str__(self) -> str:
        return self.key
