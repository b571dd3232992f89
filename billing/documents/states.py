"""What an invoice can be, and what it is for."""

from __future__ import annotations

from enum import StrEnum


class InvoiceStatus(StrEnum):
    """open → paid | void | uncollectible. An invoice is open from its first moment."""

    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"


class InvoiceKind(StrEnum):
    RENEWAL = "renewal"


class LineKind(StrEnum):
    PLAN = "plan"


class PaymentSource(StrEnum):
    """How money came: asked of a card, or recorded by hand."""

    CARD = "card"
    BANK = "bank"
    CASH = "cash"
    OTHER = "other"
