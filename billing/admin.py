"""Money in the operator's site."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from billing.models import (
    Balance,
    CardToDetach,
    ChargingSwitch,
    CollectionCase,
    CreditNote,
    CreditNoteLine,
    Dispute,
    GatewayNews,
    GatewayPace,
    Halt,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    Mismatch,
    NumberSeries,
    Opening,
    Payment,
    PaymentAttempt,
    PaymentMethod,
    PaymentReturn,
    PaymentReversal,
    Reconciled,
    Refund,
    SandboxCharge,
    SandboxRefund,
    StripeAccount,
    StripeCustomer,
    StripeQuestion,
    StripeSecret,
    TaxProfile,
    TaxRate,
)
from partnerpanel.tenancy.admin import ControlPlane
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyRows):
    list_display = ("id", "label", "customer", "status", "total_amount", "currency", "issued_on", "paid_at")
    list_select_related = ("customer",)
    list_filter = ("status",)
    by_id = ("id", "customer", "subscription")


@admin.register(InvoiceLine)
class InvoiceLineAdmin(ReadOnlyRows):
    list_display = ("id", "invoice", "position", "text", "quantity", "amount")
    list_select_related = ("invoice",)
    by_id = ("id", "invoice")


@admin.register(CreditNote)
class CreditNoteAdmin(ReadOnlyRows):
    list_display = ("label", "customer", "reason", "currency", "total_amount", "issued_on")
    list_select_related = ("customer",)
    by_id = ("id", "customer", "subscription")


@admin.register(CreditNoteLine)
class CreditNoteLineAdmin(ReadOnlyRows):
    list_display = ("id", "credit_note", "position", "text", "quantity", "amount")
    list_select_related = ("credit_note",)
    by_id = ("id", "credit_note")


@admin.register(NumberSeries)
class NumberSeriesAdmin(ReadOnlyRows):
    list_display = ("id", "series", "next_number")


@admin.register(Payment)
class PaymentAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "invoice", "source", "amount", "currency", "received_on")
    list_select_related = ("customer", "invoice")
    list_filter = ("source",)
    by_id = ("id", "customer", "invoice", "attempt_id")
    by_value = ("gateway_id",)


@admin.register(PaymentAttempt)
class PaymentAttemptAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "invoice", "ordinal", "purpose", "status", "amount", "currency", "parked_at")
    list_select_related = ("customer", "invoice")
    list_filter = ("status", "purpose")
    by_id = ("id", "customer", "invoice", "subscription")
    by_value = ("gateway_id",)


@admin.register(CollectionCase)
class CollectionCaseAdmin(ReadOnlyRows):
    list_display = ("id", "subscription", "first_on", "attempts", "is_hard", "in_grace_from", "over_on", "closed_at")
    by_id = ("id", "subscription", "invoice")


@admin.register(ChargingSwitch)
class ChargingSwitchAdmin(ReadOnlyRows):
    list_display = ("id", "stopped_at", "stopped_by", "reason")


@admin.register(Balance)
class BalanceAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "amount", "currency")
    list_select_related = ("customer",)
    by_id = ("id", "customer")


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "amount", "balance_after", "currency", "reason", "entered_at")
    list_select_related = ("customer",)
    by_id = ("id", "customer", "invoice_id", "payment_id")


@admin.register(PaymentMethod)
class PaymentMethodAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "gateway", "brand", "last4", "is_default", "added_at")
    list_select_related = ("customer",)
    list_filter = ("is_default",)
    by_id = ("id", "customer")


@admin.register(GatewayPace)
class GatewayPaceAdmin(ReadOnlyRows):
    list_display = ("gateway", "taken_until")
    by_id = ("id",)


@admin.register(Opening)
class OpeningAdmin(ReadOnlyRows):
    list_display = ("row", "customer", "balance_amount", "invoice_number", "invoice_amount", "currency", "opened_at")
    list_select_related = ("customer",)
    by_id = ("id", "customer", "subscription")
    by_value = ("invoice_number", "gateway_customer", "gateway_method")


@admin.register(SandboxCharge)
class SandboxChargeAdmin(ReadOnlyRows):
    list_display = ("key", "method", "amount", "currency", "status", "charged_at")
    list_filter = ("status",)
    by_value = ("key",)


@admin.register(SandboxRefund)
class SandboxRefundAdmin(ReadOnlyRows):
    list_display = ("key", "charge", "amount", "status", "refunded_at")
    list_select_related = ("charge",)
    by_id = ("id", "charge")
    by_value = ("key",)


@admin.register(StripeAccount)
class StripeAccountAdmin(ReadOnlyRows):
    list_display = ("account", "mode", "connected_at")
    hidden = ("sealed_key",)
    list_filter = ("mode",)
    by_id = ("id",)


@admin.register(StripeCustomer)
class StripeCustomerAdmin(ReadOnlyRows):
    list_display = ("ref", "customer", "account")
    by_id = ("id",)
    by_value = ("customer", "ref")


@admin.register(StripeQuestion)
class StripeQuestionAdmin(ReadOnlyRows):
    list_display = ("key", "kind", "about", "asked_at")
    list_filter = ("kind",)
    by_id = ("id",)
    by_value = ("key",)


@admin.register(StripeSecret)
class StripeSecretAdmin(ReadOnlyRows):
    list_display = ("last4", "endpoint", "account", "added_at", "ends_at")
    hidden = ("sealed_secret",)
    by_id = ("id",)


@admin.register(GatewayNews)
class GatewayNewsAdmin(ReadOnlyRows):
    list_display = ("ref", "gateway", "kind", "about", "state", "received_at", "done_at", "parked_at")
    list_filter = ("state", "topic")
    by_id = ("id",)
    by_value = ("ref", "about", "key")


@admin.register(CardToDetach)
class CardToDetachAdmin(ReadOnlyRows):
    list_display = ("gateway_ref", "gateway", "due_at", "attempts", "last_error")
    list_filter = ("gateway",)
    by_id = ("id",)
    by_value = ("gateway_ref",)


@admin.register(Refund)
class RefundAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "status", "source", "amount", "currency", "requested_at", "parked_at")
    list_select_related = ("customer",)
    list_filter = ("status",)
    by_id = ("id", "customer", "payment")


@admin.register(PaymentReturn)
class PaymentReturnAdmin(ReadOnlyRows):
    list_display = ("payment", "amount", "refunded", "disputed")
    list_select_related = ("payment",)
    by_id = ("id", "payment")


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "status", "amount", "currency", "evidence_due_on", "opened_at")
    list_select_related = ("customer",)
    list_filter = ("status",)
    by_id = ("id", "customer", "payment")


@admin.register(PaymentReversal)
class PaymentReversalAdmin(ReadOnlyRows):
    list_display = ("label", "payment", "amount", "currency", "reversed_on")
    list_select_related = ("payment",)
    by_id = ("id", "payment", "dispute")


@admin.register(TaxProfile)
class TaxProfileAdmin(ReadOnlyRows):
    list_display = ("id", "country", "region", "is_registered", "tax_id")


@admin.register(TaxRate)
class TaxRateAdmin(ReadOnlyRows):
    list_display = ("id", "name", "kind", "country", "region", "percent", "valid_from", "valid_until", "archived_at")
    list_filter = ("kind",)


@admin.register(Mismatch)
class MismatchAdmin(ReadOnlyRows):
    list_display = ("id", "gateway", "key", "difference", "amount", "currency", "why", "closed_at")
    by_id = ("id", "customer_id")
    by_value = ("key", "gateway_id")


class OfTheInstallation(ControlPlane):
    """Looked at, and changed by the commands alone."""

    list_display_links = None

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Halt)
class HaltAdmin(OfTheInstallation):
    list_display = ("halted_at", "since", "lifted_at", "lifted_because")
    ordering = ("-halted_at",)


@admin.register(Reconciled)
class ReconciledAdmin(OfTheInstallation):
    list_display = ("partner", "since", "finished_at", "open")
    list_select_related = ("partner",)
    ordering = ("-open", "partner")
