from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.gateway.port import ChargeStatus, RefundStatus
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


class GatewayPace(TenantModel):
    """Until when all places of a partner are taken at a gateway that begins so many charges a second: system time."""

    updatable = ("taken_until",)
    deletable = False

    gateway = models.CharField(_("gateway"), max_length=30)
    taken_until = models.DateTimeField(_("taken until"))

    class Meta(TenantModel.Meta):
        verbose_name = _("pace of a gateway")
        verbose_name_plural = _("paces of gateways")
        constraints = [models.UniqueConstraint(fields=["partner", "gateway"], name="one_pace_per_gateway")]

    def __str__(self) -> str:
        return self.gateway


class SandboxCharge(TenantModel):
    """What the sandbox did under one key: its own journal, which our books never read.

    `is_first` marks the charge of `sandbox_declines_on_renewal` that succeeded; the constraint lets one through.
    """

    updatable = ("status",)
    deletable = False

    key = models.CharField(_("key"), max_length=200)
    customer = models.CharField(_("customer"), max_length=200)
    method = models.CharField(_("payment method"), max_length=200)
    amount = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    metadata = models.JSONField(_("metadata"), default=dict)
    off_session = models.BooleanField(_("without the customer"))
    status = models.CharField(_("status"), max_length=15, choices=values(ChargeStatus))
    is_first = models.BooleanField(default=False, editable=False)
    charged_at = models.DateTimeField(_("charged"))

    class Meta(TenantModel.Meta):
        verbose_name = _("sandbox charge")
        verbose_name_plural = _("sandbox charges")
        constraints = [
            models.UniqueConstraint(fields=["partner", "key"], name="one_sandbox_charge_per_key"),
            models.UniqueConstraint(
                fields=["partner", "customer", "method"],
                condition=Q(is_first=True),
                name="one_first_sandbox_charge_per_method",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="sandbox_charge_of_something"),
            models.CheckConstraint(condition=known("status", ChargeStatus), name="sandbox_charge_status_known"),
        ]

    def __str__(self) -> str:
        return self.key


class SandboxRefund(TenantModel):
    """What the sandbox gave back of a charge, under one key."""

    updatable = ("status",)
    deletable = False

    charge = TenantForeignKey(SandboxCharge, models.PROTECT, related_name="refunds")
    key = models.CharField(_("key"), max_length=200)
    amount = models.BigIntegerField(_("amount"))
    metadata = models.JSONField(_("metadata"), default=dict)
    status = models.CharField(_("status"), max_length=15, choices=values(RefundStatus))
    refunded_at = models.DateTimeField(_("refunded"))

    class Meta(TenantModel.Meta):
        verbose_name = _("sandbox refund")
        verbose_name_plural = _("sandbox refunds")
        constraints = [
            models.UniqueConstraint(fields=["partner", "key"], name="one_sandbox_refund_per_key"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="sandbox_refund_of_something"),
            models.CheckConstraint(condition=known("status", RefundStatus), name="sandbox_refund_status_known"),
        ]
        indexes = [models.Index(fields=["partner", "charge"], name="refunds_of_sandbox_charge")]

    def __str__(self) -> str:
        return self.key
