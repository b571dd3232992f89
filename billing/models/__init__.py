from billing.charging.models import PaymentAttempt
from billing.collection.models import ChargingSwitch, CollectionCase, Halt, Reconciled
from billing.detaching.models import CardToDetach
from billing.disputes.models import Dispute, PaymentReversal
from billing.documents.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine, NumberSeries, Payment
from billing.gateway.models import GatewayPace, SandboxCharge, SandboxRefund
from billing.gateway.stripe.models import StripeAccount, StripeCustomer, StripeQuestion, StripeSecret
from billing.incoming.models import GatewayNews
from billing.ledger.models import Balance, LedgerEntry
from billing.methods.models import PaymentMethod
from billing.moving_in.models import Opening
from billing.reconciliation.models import Mismatch
from billing.refunds.models import PaymentReturn, Refund
from billing.tax.models import TaxProfile, TaxRate

__all__ = [
    "Balance",
    "CardToDetach",
    "ChargingSwitch",
    "CollectionCase",
    "CreditNote",
    "CreditNoteLine",
    "Dispute",
    "GatewayNews",
    "GatewayPace",
    "Halt",
    "Invoice",
    "InvoiceLine",
    "LedgerEntry",
    "Mismatch",
    "NumberSeries",
    "Opening",
    "Payment",
    "PaymentAttempt",
    "PaymentMethod",
    "PaymentReturn",
    "PaymentReversal",
    "Reconciled",
    "Refund",
    "SandboxCharge",
    "SandboxRefund",
    "StripeAccount",
    "StripeCustomer",
    "StripeQuestion",
    "StripeSecret",
    "TaxProfile",
    "TaxRate",
]
