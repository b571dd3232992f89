"""What the books keep of people: documents and payments say for as long as the law wants it who bought what."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import CharField
from django.db.models.functions import Cast

from billing import models
from partnerpanel.personal.registry import Law, PersonalTable, Rows

BOOKS = Law.BOOKS
_ID = Cast("id", CharField(max_length=36))


def _at_stripe(rows: Rows, _partner_id: UUID, customer_ids: Collection[UUID]) -> Rows:
    return rows.filter(customer__in=[str(id_) for id_ in customer_ids])


PERSONAL = (
    PersonalTable(models.NumberSeries, plain=("series",)),
    PersonalTable(models.Invoice, of="customer_id", kept={"buyer": BOOKS}, plain=("series", "currency", "seller")),
    PersonalTable(models.InvoiceLine, of="invoice__customer_id", kept={"text": BOOKS}, plain=("taxes", "derivation")),
    PersonalTable(
        models.CreditNote,
        of="customer_id",
        kept={"buyer": BOOKS, "reason": BOOKS},
        plain=("series", "currency", "seller"),
    ),
    PersonalTable(
        models.CreditNoteLine, of="credit_note__customer_id", kept={"text": BOOKS}, plain=("taxes", "derivation")
    ),
    PersonalTable(
        models.Payment,
        of="customer_id",
        kept={"method_text": BOOKS, "note": BOOKS, "gateway_id": BOOKS},
        plain=("currency", "gateway"),
    ),
    PersonalTable(
        models.PaymentAttempt,
        of="customer_id",
        erased={"method_ref": "", "method_text": "", "action_url": "", "last_error": ""},
        kept={"gateway_id": BOOKS},
        plain=("currency", "gateway", "decline_code", "decline_kind"),
    ),
    PersonalTable(models.CollectionCase, of="subscription__customer_id", plain=("policy",)),
    PersonalTable(models.ChargingSwitch, plain=("reason",)),
    PersonalTable(
        models.Dispute, of="customer_id", kept={"gateway_id": BOOKS}, plain=("gateway", "reason", "currency")
    ),
    PersonalTable(models.PaymentReversal, of="customer_id", plain=("series", "currency")),
    PersonalTable(models.GatewayPace, plain=("gateway",)),
    PersonalTable(models.SandboxCharge, plain=("key", "customer", "method", "currency", "metadata")),
    PersonalTable(models.SandboxRefund, plain=("key", "metadata")),
    PersonalTable(models.StripeAccount, plain=("account", "sealed_key")),
    PersonalTable(models.StripeSecret, plain=("account", "endpoint", "sealed_secret", "last4")),
    # Without it, money that has to go back could not.
    PersonalTable(models.StripeCustomer, of=_at_stripe, kept={"ref": BOOKS}, plain=("account", "customer")),
    PersonalTable(models.StripeQuestion, plain=("key", "fingerprint", "about")),
    PersonalTable(models.GatewayNews, plain=("last_error", "gateway", "ref", "kind", "about", "key", "why")),
    # The id of nobody any more, and gone with the row.
    PersonalTable(models.CardToDetach, plain=("last_error", "gateway", "gateway_ref")),
    PersonalTable(models.Balance, of="customer_id", plain=("currency",)),
    PersonalTable(models.LedgerEntry, of="customer_id", plain=("currency", "reason")),
    PersonalTable(
        models.PaymentMethod,
        of="customer_id",
        erased={
            "gateway_ref": _ID,
            "brand": "",
            "last4": "",
            "exp_month": None,
            "exp_year": None,
            "is_default": False,
        },
        plain=("gateway",),
    ),
    PersonalTable(
        models.Opening,
        of="customer_id",
        erased={"gateway_customer": "", "gateway_method": ""},
        kept={"invoice_number": BOOKS},
        plain=("currency",),
    ),
    PersonalTable(
        models.Mismatch,
        of="customer_id",
        erased={"closed_because": ""},
        plain=("gateway", "key", "gateway_id", "currency", "why"),
    ),
    PersonalTable(models.PaymentReturn, of="payment__customer_id"),
    PersonalTable(
        models.Refund,
        of="customer_id",
        kept={"note": BOOKS, "method_text": BOOKS, "gateway_id": BOOKS, "charge_ref": BOOKS},
        plain=("last_error", "currency", "gateway", "failure_code"),
    ),
    PersonalTable(models.TaxProfile, plain=("country", "region", "tax_id", "registrations")),
    PersonalTable(models.TaxRate, plain=("name", "country", "region")),
)
