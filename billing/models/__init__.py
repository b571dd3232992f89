from billing.charging.models import PaymentAttempt
from billing.collection.models import ChargingSwitch, CollectionCase
from billing.disputes.models import Dispute, PaymentReversal
from billing.documents.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine, NumberSeries, Payment
from billing.gateway.models import SandboxCharge, SandboxRefund
from billing.ledger.models import Balance, LedgerEntry
from billing.methods.models import PaymentMethod
from billing.refunds.models import PaymentReturn, Refund
from billing.tax.models import TaxProfile, TaxRate

__all__ = [
    "Balance",
    "ChargingSwitch",
    "CollectionCase",
    "CreditNote",
    "CreditNoteLine",
    "Dispute",
    "Invoice",
    "InvoiceLine",
    "LedgerEntry",
    "NumberSeries",
    "Payment",
    "PaymentAttempt",
    "PaymentMethod",
    "PaymentReturn",
    "PaymentReversal",
    "Refund",
    "SandboxCharge",
    "SandboxRefund",
    "TaxProfile",
    "TaxRate",
]
