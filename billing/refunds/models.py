from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.documents.models import CreditNote, Payment
from billing.gateway.questions import QuestionModel
from billing.refunds.states import OPEN, RefundReason, RefundSource, RefundStatus
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.refund import RefundAccess
from partnerpanel.queues.rows import due_index, parked_index
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


class PaymentReturn(TenantModel):
    """What went back of one payment, or is about to: refunds that have not failed, and disputes that are not won.

    The database refuses to refund more than the payment was.
    """

    updatable = ("refunded", "disputed")
    deletable = False

    payment = TenantForeignKey(Payment, models.PROTECT, related_name="+")
    amount = models.BigIntegerField(_("amount of the payment"))
    refunded = models.BigIntegerField(_("refunded"), default=0)
    disputed = models.BigIntegerField(_("disputed"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("return of a payment")
        verbose_name_plural = _("returns of payments")
        constraints = [
            models.UniqueConstraint(fields=["partner", "payment"], name="one_return_per_payment"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, disputed__gte=0) & Q(refunded__lte=F("amount")),
                name="never_refunded_beyond_payment",
            ),
        ]


class Refund(QuestionModel):
    """Money given back under one key that never changes; all that a gateway is asked stands in this row.

    Of a payment it has a credit note; without one it pays out the customer's balance. `due_at` is when the gateway is
    asked (again). `version` counts its events.
    """

    updatable = (
        "status",
        "gateway_id",
        "failure_code",
        "first_asked_at",
        "settled_at",
        "version",
        "due_at",
        "leased_until",
        "attempts",
        "parked_at",
        "last_error",
    )
    deletable = False

    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    subscription = TenantForeignKey("subscriptions.Subscription", models.PROTECT, null=True, related_name="+")
    payment = TenantForeignKey(Payment, models.PROTECT, null=True, related_name="+")
    credit_note = TenantForeignKey(CreditNote, models.PROTECT, null=True, related_name="+")
    source = models.CharField(_("source"), max_length=10, choices=values(RefundSource))
    status = models.CharField(_("status"), max_length=10, choices=values(RefundStatus))
    reason = models.CharField(_("reason"), max_length=20, choices=values(RefundReason))
    access = models.CharField(_("access"), max_length=10, choices=values(RefundAccess))
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    gateway = models.CharField(_("gateway"), max_length=30, blank=True)
    charge_ref = models.CharField(_("charge at the gateway"), max_length=100, blank=True)
    method_text = models.CharField(_("paid back to"), max_length=60, blank=True)
    gateway_id = models.CharField(_("id at the gateway"), max_length=100, blank=True)
    failure_code = models.CharField(_("failure"), max_length=60, blank=True)
    requested_at = models.DateTimeField(_("requested"))
    settled_at = models.DateTimeField(_("settled"), null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(QuestionModel.Meta):
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "credit_note"],
                condition=Q(credit_note__isnull=False),
                name="one_refund_per_credit_note",
            ),
            models.CheckConstraint(condition=known("status", RefundStatus), name="refund_status_known"),
            models.CheckConstraint(condition=known("source", RefundSource), name="refund_source_known"),
            models.CheckConstraint(condition=known("reason", RefundReason), name="refund_reason_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_positive"),
            models.CheckConstraint(
                condition=~Q(source=RefundSource.GATEWAY.value) | (Q(payment__isnull=False) & ~Q(charge_ref="")),
                name="a_gateway_refunds_a_charge",
            ),
            models.CheckConstraint(
                condition=Q(source=RefundSource.GATEWAY.value) | ~Q(status__in=[status.value for status in OPEN]),
                name="a_recorded_refund_is_settled",
            ),
        ]
        indexes = [
            due_index("refunds_due"),
            parked_index("refunds_parked"),
            models.Index(fields=["partner", "customer", "-requested_at", "-id"], name="refunds_of_customer"),
            models.Index(fields=["partner", "status", "-requested_at", "-id"], name="refunds_by_status"),
            models.Index(fields=["partner", "-requested_at", "-id"], name="refunds_by_age"),
            models.Index(fields=["partner", "payment"], name="refunds_of_payment"),
        ]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
