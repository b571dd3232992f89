from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.disputes.states import DisputeStatus
from billing.documents.models import Payment
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import AppendOnlyModel, TenantModel


class Dispute(TenantModel):
    """A payment that the customer's bank wants back; known by the gateway's id, once however often it is told.

    `said_at` is the gateway's time of the newest news. `version` counts its events.
    """

    updatable = ("status", "evidence_due_on", "said_at", "decided_at", "version")
    deletable = False

    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    payment = TenantForeignKey(Payment, models.PROTECT, related_name="+")
    gateway = models.CharField(_("gateway"), max_length=30)
    gateway_id = models.CharField(_("id at the gateway"), max_length=100)
    status = models.CharField(_("status"), max_length=15, choices=values(DisputeStatus))
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount"))
    evidence_due_on = models.DateField(_("evidence due"), null=True)
    opened_at = models.DateTimeField(_("opened"))
    said_at = models.DateTimeField(_("newest news"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            models.UniqueConstraint(fields=["partner", "gateway", "gateway_id"], name="one_dispute_per_gateway_id"),
            models.CheckConstraint(condition=known("status", DisputeStatus), name="dispute_status_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_positive"),
        ]
        indexes = [
            models.Index(fields=["partner", "customer", "-opened_at", "-id"], name="disputes_of_customer"),
            models.Index(fields=["partner", "status", "-opened_at", "-id"], name="disputes_by_status"),
            models.Index(fields=["partner", "-opened_at", "-id"], name="disputes_by_age"),
            models.Index(fields=["partner", "payment"], name="disputes_of_payment"),
        ]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class PaymentReversal(AppendOnlyModel):
    """Money of a payment that is gone for good, or came back: the loss of a dispute, below zero where it was won after
    all. It is no credit to the customer, and the invoice stays as it is."""

    dispute = TenantForeignKey(Dispute, models.PROTECT, related_name="+")
    payment = TenantForeignKey(Payment, models.PROTECT, related_name="+")
    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    series = models.CharField(_("series"), max_length=20)
    number = models.PositiveBigIntegerField(_("number"))
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount"))
    reversed_on = models.DateField(_("date"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("reversal of a payment")
        verbose_name_plural = _("reversals of payments")
        constraints = [
            models.UniqueConstraint(fields=["partner", "series", "number"], name="one_reversal_per_number"),
            models.CheckConstraint(condition=~Q(amount=0), name="reversal_moves_something"),
        ]
        indexes = [
            models.Index(fields=["partner", "payment"], name="reversals_of_payment"),
            models.Index(fields=["partner", "dispute"], name="reversals_of_dispute"),
        ]

    @property
    def label(self) -> str:
        """The number as people write it: `DL-000001`."""
        return f"{self.series}-{self.number:06}"
