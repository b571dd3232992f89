from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.charging.states import OPEN, AttemptStatus, Purpose
from billing.charging.waits import LONGEST, LONGEST_OF_BANKS
from billing.documents.models import Invoice
from billing.gateway.questions import QuestionModel
from partnerpanel.kernel.money import Money
from partnerpanel.queues.rows import LongerWait, due_index, parked_index
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey


class PaymentAttempt(QuestionModel):
    """One question to a gateway under one key that never changes; all that is asked stands in this row.

    The key is the row's id, so asking again is the same question. `due_at` is when it is asked (again).
    """

    deletable = False
    longest_wait = LONGEST
    waits_longer = LongerWait("status", AttemptStatus.PROCESSING.value, LONGEST_OF_BANKS)

    invoice = TenantForeignKey(Invoice, models.PROTECT, related_name="+")
    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    subscription = TenantForeignKey("subscriptions.Subscription", models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField(_("attempt"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=values(Purpose))
    status = models.CharField(_("status"), max_length=15, choices=values(AttemptStatus))
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount"))
    gateway = models.CharField(_("gateway"), max_length=30)
    method_id = models.UUIDField(_("payment method"))
    method_ref = models.CharField(_("method at the gateway"), max_length=200)
    method_text = models.CharField(_("method as shown"), max_length=60, blank=True)
    gateway_id = models.CharField(_("id at the gateway"), max_length=100, blank=True)
    decline_code = models.CharField(_("decline"), max_length=60, blank=True)
    decline_kind = models.CharField(_("kind of decline"), max_length=10, blank=True)
    action_url = models.CharField(_("where the customer confirms"), max_length=500, blank=True)
    made_at = models.DateTimeField(_("made"))
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta(QuestionModel.Meta):
        verbose_name = _("payment attempt")
        verbose_name_plural = _("payment attempts")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "invoice"],
                condition=Q(status__in=[status.value for status in OPEN]),
                name="one_open_attempt_per_invoice",
            ),
            models.UniqueConstraint(
                fields=["partner", "invoice"],
                condition=Q(status=AttemptStatus.SUCCEEDED.value),
                name="one_successful_attempt_per_invoice",
            ),
            models.CheckConstraint(condition=known("status", AttemptStatus), name="attempt_status_known"),
            models.CheckConstraint(condition=known("purpose", Purpose), name="attempt_purpose_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="attempt_positive"),
        ]
        indexes = [
            due_index("attempts_due"),
            parked_index("attempts_parked"),
            models.Index(fields=["partner", "customer", "-made_at"], name="attempts_of_customer"),
        ]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
