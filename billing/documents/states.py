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
    """For the next term, for a change within one, for days that somebody bought on top, or what was unpaid where the
    customer came from."""

    RENEWAL = "renewal"
    CHANGE = "change"
    EXTENSION = "extension"
    MOVED_IN = "moved_in"


class LineKind(StrEnum):
    """`unused` gives back what is left of a line that stops; `days` are bought, or given back below zero; `reversal`
    takes a line of an earlier document back; `fee` is for renewing after the deadline; `credit` gives part of a line
    back that goes on, `discount` takes part of it off before it is paid; `addon` recurs with the plan, `extra` is
    bought once; `moved_in` is an invoice of the system before; `used` is what was not given back of a line that had
    stopped before its invoice was corrected."""

    PLAN = "plan"
    UNUSED = "unused"
    DAYS = "days"
    REVERSAL = "reversal"
    FEE = "fee"
    CREDIT = "credit"
    DISCOUNT = "discount"
    ADDON = "addon"
    EXTRA = "extra"
    MOVED_IN = "moved_in"
    USED = "used"


# Lines that pay for days of service; what is left of them can be given back.
SERVICE = (LineKind.PLAN, LineKind.DAYS, LineKind.ADDON)


class CreditTo(StrEnum):
    """Where the money of a credit note goes: to the customer's balance, back the way it came, or off what an open
    invoice asks for."""

    BALANCE = "balance"
    REFUND = "refund"
    INVOICE = "invoice"


class PaymentSource(StrEnum):
    """How money came: asked of a card, or recorded by hand."""

    CARD = "card"
    BANK = "bank"
    CASH = "cash"
    OTHER = "other"
