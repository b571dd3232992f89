from billing.charging.models import PaymentAttempt
from billing.collection.models import ChargingSwitch, CollectionCase
from billing.documents.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine, NumberSeries, Payment
from billing.gateway.models import SandboxCharge, SandboxRefund
from billing.ledger.models import Balance, LedgerEntry
from billing.methods.models import PaymentMethod

__all__ = [
    "Balance",
    "ChargingSwitch",
    "CollectionCase",
    "CreditNote",
    "CreditNoteLine",
    "Invoice",
    "InvoiceLine",
    "LedgerEntry",
    "NumberSeries",
    "Payment",
    "PaymentAttempt",
    "PaymentMethod",
    "SandboxCharge",
    "SandboxRefund",
]
