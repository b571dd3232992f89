from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.documents.states import CreditTo, InvoiceKind, InvoiceStatus, LineKind, PaymentSource
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import AppendOnlyModel, TenantModel


class NumberSeries(TenantModel):
    """The next number of a series; its row is locked while numbers are given, so that none is left out."""

    deletable = False

    series = models.CharField(_("series"), max_length=20)
    next_number = models.PositiveBigIntegerField(_("next number"), default=1)

    class Meta(TenantModel.Meta):
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["partner", "series"], name="one_row_per_series")]


class Invoice(TenantModel):
    """What a customer owes for something, in minor units of one currency.

    It is open from the start and only its state moves: the database grants no update of number, customer or amounts.
    `subtotal_amount` are its lines without tax, `tax_amount` their taxes, `total_amount` both. `credit_amount` was
    taken from the customer's balance when it was made; `paid_amount` came since, and `reduced_amount` was taken off by
    credit notes while it was open. `corrects` is the paid invoice whose place this one takes, with the same kind and
    term; a credit note gave that one back. `seller` and `buyer` are the names and addresses of the day on which it was
    issued; none on one from before they were kept.
    """

    updatable = ("status", "paid_amount", "reduced_amount", "paid_at", "voided_at", "given_up_at", "version")
    deletable = False

    series = models.CharField(_("series"), max_length=20)
    number = models.PositiveBigIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=values(InvoiceKind))
    status = models.CharField(_("status"), max_length=15, choices=values(InvoiceStatus))
    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    subscription = TenantForeignKey("subscriptions.Subscription", models.PROTECT, null=True, related_name="+")
    change = TenantForeignKey("subscriptions.Change", models.PROTECT, null=True, related_name="+")
    corrects = TenantForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="+")
    term_number = models.PositiveIntegerField(_("term"), null=True)
    period_starts_on = models.DateField(_("period from"), null=True)
    period_ends_on = models.DateField(_("period to"), null=True)
    currency = models.CharField(_("currency"), max_length=3)
    subtotal_amount = models.BigIntegerField(_("without tax"), default=0)
    tax_amount = models.BigIntegerField(_("tax"), default=0)
    total_amount = models.BigIntegerField(_("total"))
    credit_amount = models.BigIntegerField(_("taken from the balance"), default=0)
    paid_amount = models.BigIntegerField(_("paid"), default=0)
    reduced_amount = models.BigIntegerField(_("taken off by credit notes"), default=0)
    issued_on = models.DateField(_("date"))
    issued_at = models.DateTimeField(_("issued"))
    seller: Any = models.JSONField(_("seller"), null=True, editable=False)
    buyer: Any = models.JSONField(_("buyer"), null=True, editable=False)
    paid_at = models.DateTimeField(_("paid at"), null=True)
    voided_at = models.DateTimeField(_("voided at"), null=True)
    given_up_at = models.DateTimeField(_("given up at"), null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            models.UniqueConstraint(fields=["partner", "series", "number"], name="one_invoice_per_number"),
            models.UniqueConstraint(
                fields=["partner", "subscription", "term_number", "corrects"],
                condition=Q(kind=InvoiceKind.RENEWAL.value) & ~Q(status=InvoiceStatus.VOID.value),
                nulls_distinct=False,
                name="one_renewal_invoice_per_term",
            ),
            models.UniqueConstraint(
                fields=["partner", "corrects"],
                condition=Q(corrects__isnull=False),
                name="an_invoice_is_corrected_once",
            ),
            models.CheckConstraint(condition=known("status", InvoiceStatus), name="invoice_status_known"),
            models.CheckConstraint(condition=known("kind", InvoiceKind), name="invoice_kind_known"),
            models.CheckConstraint(
                condition=Q(total_amount__gte=0, credit_amount__gte=0, paid_amount__gte=0, reduced_amount__gte=0)
                & Q(total_amount__gte=F("credit_amount") + F("paid_amount") + F("reduced_amount")),
                name="invoice_never_overpaid",
            ),
            models.CheckConstraint(
                condition=~Q(status=InvoiceStatus.PAID.value)
                | Q(
                    total_amount=F("credit_amount") + F("paid_amount") + F("reduced_amount"),
                    paid_at__isnull=False,
                ),
                name="a_paid_invoice_is_paid_in_full",
            ),
            models.CheckConstraint(
                condition=Q(total_amount=F("subtotal_amount") + F("tax_amount")), name="invoice_total_is_with_tax"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "customer", "-issued_at", "-id"], name="invoices_of_customer"),
            models.Index(fields=["partner", "status", "-issued_at", "-id"], name="invoices_by_status"),
            models.Index(fields=["partner", "-issued_at", "-id"], name="invoices_by_age"),
            models.Index(
                fields=["partner", "subscription"],
                condition=~Q(kind=InvoiceKind.RENEWAL.value),
                name="other_invoices_of_subscription",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as people write it: `INV-000123`."""
        return f"{self.series}-{self.number:06}"

    @property
    def total(self) -> Money:
        return Money(self.total_amount, self.currency)

    @property
    def due(self) -> Money:
        """What is left to pay; zero unless the invoice is open."""
        left = self.total_amount - self.credit_amount - self.paid_amount - self.reduced_amount
        return Money(left if self.status == InvoiceStatus.OPEN else 0, self.currency)


class InvoiceLine(AppendOnlyModel):
    """One line with the derivation of its amount, which is without tax; below zero for a credit.

    `taxes` has one entry for each tax, with its amount and derivation; `tax_amount` is their sum. `credits_line` is the
    line whose worth it takes back, `credits_term` the term that was paid for elsewhere. `addon` is the add-on that it
    is for.
    """

    invoice = TenantForeignKey(Invoice, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=values(LineKind))
    text = models.CharField(_("text"), max_length=300)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    amount = models.BigIntegerField(_("amount"))
    tax_amount = models.BigIntegerField(_("tax"), default=0)
    taxes: Any = models.JSONField(_("taxes"), default=list)
    period_starts_on = models.DateField(_("period from"), null=True)
    period_ends_on = models.DateField(_("period to"), null=True)
    derivation: Any = models.JSONField(_("derivation"), default=dict)
    credits_line = TenantForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="+")
    credits_term = models.PositiveIntegerField(_("of the term"), null=True)
    addon = TenantForeignKey("subscriptions.Addon", models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        constraints = [models.UniqueConstraint(fields=["partner", "invoice", "position"], name="one_line_per_position")]
        indexes = [
            models.Index(
                fields=["partner", "credits_line"],
                condition=Q(credits_line__isnull=False),
                name="credits_of_line",
            )
        ]


class CreditNote(AppendOnlyModel):
    """What a customer gets back of earlier documents, in minor units of one currency; `goes_to` says where it went."""

    series = models.CharField(_("series"), max_length=20)
    number = models.PositiveBigIntegerField(_("number"))
    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    subscription = TenantForeignKey("subscriptions.Subscription", models.PROTECT, null=True, related_name="+")
    change = TenantForeignKey("subscriptions.Change", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=20)
    goes_to = models.CharField(_("goes to"), max_length=10, choices=values(CreditTo), default=CreditTo.BALANCE.value)
    currency = models.CharField(_("currency"), max_length=3)
    subtotal_amount = models.BigIntegerField(_("without tax"), default=0)
    tax_amount = models.BigIntegerField(_("tax"), default=0)
    total_amount = models.BigIntegerField(_("total"))
    issued_on = models.DateField(_("date"))
    issued_at = models.DateTimeField(_("issued"))
    seller: Any = models.JSONField(_("seller"), null=True, editable=False)
    buyer: Any = models.JSONField(_("buyer"), null=True, editable=False)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("credit note")
        verbose_name_plural = _("credit notes")
        constraints = [
            models.UniqueConstraint(fields=["partner", "series", "number"], name="one_credit_note_per_number"),
            models.CheckConstraint(condition=Q(total_amount__gt=0), name="credit_note_positive"),
            models.CheckConstraint(
                condition=Q(total_amount=F("subtotal_amount") + F("tax_amount")), name="credit_note_total_is_with_tax"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "customer", "-issued_at", "-id"], name="credit_notes_of_customer"),
            models.Index(fields=["partner", "subscription"], name="credit_notes_of_subscription"),
            models.Index(fields=["partner", "-issued_at", "-id"], name="credit_notes_by_age"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as people write it: `CN-000123`."""
        return f"{self.series}-{self.number:06}"

    @property
    def total(self) -> Money:
        return Money(self.total_amount, self.currency)


class CreditNoteLine(AppendOnlyModel):
    """One line with the derivation of its amount: above zero for what is given back, below for what is set off.

    `taxes`, `credits_line` and `credits_term` as on an invoice's line.
    """

    credit_note = TenantForeignKey(CreditNote, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=values(LineKind))
    text = models.CharField(_("text"), max_length=300)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    amount = models.BigIntegerField(_("amount"))
    tax_amount = models.BigIntegerField(_("tax"), default=0)
    taxes: Any = models.JSONField(_("taxes"), default=list)
    period_starts_on = models.DateField(_("period from"), null=True)
    period_ends_on = models.DateField(_("period to"), null=True)
    derivation: Any = models.JSONField(_("derivation"), default=dict)
    credits_line = TenantForeignKey(InvoiceLine, models.PROTECT, null=True, db_index=False, related_name="+")
    credits_term = models.PositiveIntegerField(_("of the term"), null=True)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("credit note line")
        verbose_name_plural = _("credit note lines")
        constraints = [
            models.UniqueConstraint(fields=["partner", "credit_note", "position"], name="one_credit_line_per_position")
        ]
        indexes = [
            models.Index(
                fields=["partner", "credits_line"],
                condition=Q(credits_line__isnull=False),
                name="note_credits_of_line",
            )
        ]


class Payment(AppendOnlyModel):
    """Money that came in for an invoice: charged through a gateway, or recorded by hand with a note."""

    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    invoice = TenantForeignKey(Invoice, models.PROTECT, related_name="+")
    attempt_id = models.UUIDField(_("attempt"), null=True)
    source = models.CharField(_("source"), max_length=10, choices=values(PaymentSource))
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount"))
    gateway = models.CharField(_("gateway"), max_length=30, blank=True)
    gateway_id = models.CharField(_("id at the gateway"), max_length=100, blank=True)
    method_text = models.CharField(_("paid with"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    received_on = models.DateField(_("received"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "attempt_id"], condition=Q(attempt_id__isnull=False), name="one_payment_per_attempt"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
            models.CheckConstraint(condition=known("source", PaymentSource), name="payment_source_known"),
        ]
        indexes = [
            models.Index(fields=["partner", "customer", "-recorded_at", "-id"], name="payments_of_customer"),
            models.Index(fields=["partner", "invoice"], name="payments_of_invoice"),
            models.Index(fields=["partner", "gateway_id"], condition=~Q(gateway_id=""), name="payments_by_charge"),
            models.Index(fields=["partner", "-recorded_at", "-id"], name="payments_by_age"),
        ]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
