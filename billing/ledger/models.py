from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import AppendOnlyModel, TenantModel


class Balance(TenantModel):
    """What a customer has in credit in one currency: the sum of its ledger, never below zero."""

    updatable = ("amount",)
    deletable = False

    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints = [
            models.UniqueConstraint(fields=["partner", "customer", "currency"], name="one_balance_per_currency"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="balance_not_negative"),
        ]


class LedgerEntry(AppendOnlyModel):
    """One movement of a balance: `amount` is added to it, `balance_after` is what then stood there.

    `reverses_id` is the entry that this one takes back, once.
    """

    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount"))
    balance_after = models.BigIntegerField(_("balance after"))
    reason = models.CharField(_("reason"), max_length=30)
    invoice_id = models.UUIDField(_("invoice"), null=True)
    payment_id = models.UUIDField(_("payment"), null=True)
    credit_note_id = models.UUIDField(_("credit note"), null=True)
    refund_id = models.UUIDField(_("refund"), null=True)
    reverses_id = models.UUIDField(_("takes back"), null=True)
    entered_at = models.DateTimeField(_("entered"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_entry_moves_something"),
            models.CheckConstraint(condition=Q(balance_after__gte=0), name="ledger_never_negative"),
            models.UniqueConstraint(
                fields=["partner", "reverses_id"],
                condition=Q(reverses_id__isnull=False),
                name="a_ledger_entry_is_taken_back_once",
            ),
        ]
        indexes = [models.Index(fields=["partner", "customer", "-entered_at", "-id"], name="ledger_of_customer")]
