"""Subscriptions, documents and money, as programs see them."""

from billing.representations.credit_notes import CREDIT_NOTES
from billing.representations.disputes import DISPUTES
from billing.representations.invoices import INVOICES
from billing.representations.ledger_entries import LEDGER_ENTRIES
from billing.representations.payment_methods import PAYMENT_METHODS
from billing.representations.payments import PAYMENTS
from billing.representations.refunds import REFUNDS
from billing.representations.subscriptions import SUBSCRIPTIONS
from billing.representations.tax_rates import TAX_RATES

RESOURCES = [
    SUBSCRIPTIONS,
    INVOICES,
    CREDIT_NOTES,
    PAYMENTS,
    REFUNDS,
    DISPUTES,
    PAYMENT_METHODS,
    LEDGER_ENTRIES,
    TAX_RATES,
]
