from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


class Opening(TenantModel):
    """What one customer brings along, in minor units of one currency; `row` is the one of the file that says so.

    It may be corrected until the cut-over has opened it; its card is taken over before that, when the gateway has said
    whose it is.
    """

    deletable = False

    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    subscription = TenantForeignKey("subscriptions.Subscription", models.PROTECT, null=True, related_name="+")
    row = models.PositiveIntegerField(_("row"))
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    balance_amount = models.BigIntegerField(_("balance"), default=0)
    invoice_number = models.CharField(_("open invoice"), max_length=60, blank=True)
    invoice_amount = models.BigIntegerField(_("open amount"), default=0)
    invoice_on = models.DateField(_("issued"), null=True)
    invoice_due_on = models.DateField(_("due"), null=True)
    gateway_customer = models.CharField(_("customer at the gateway"), max_length=100, blank=True)
    gateway_method = models.CharField(_("payment method at the gateway"), max_length=100, blank=True)
    adopted_at = models.DateTimeField(_("card taken over"), null=True)
    opened_at = models.DateTimeField(_("opened"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("opening item")
        verbose_name_plural = _("opening items")
        constraints = [
            models.UniqueConstraint(fields=["partner", "customer"], name="one_opening_per_customer"),
            models.CheckConstraint(
                condition=Q(balance_amount__gte=0, invoice_amount__gte=0), name="opening_of_no_debts_below_zero"
            ),
            models.CheckConstraint(
                condition=Q(invoice_number="", invoice_amount=0)
                | Q(invoice_amount__gt=0, invoice_on__isnull=False, subscription__isnull=False) & ~Q(invoice_number=""),
                name="an_open_invoice_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "subscription"], condition=Q(opened_at=None), name="openings_that_wait")
        ]
