"""A document as it is printed, before it has words: the same for an invoice, a credit note and a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from billing.documents.states import LineKind
from billing.tax.rules.amounts import Taxes
from partnerpanel.brand.rules.checks import ACCENT
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period


class PaperKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or buys, as the document names it. `locales`: the languages to try, the first one first."""

    name: str
    email: str
    country: str
    region: str
    tax_id: str
    locale: str


@dataclass(frozen=True, slots=True)
class Seller(Party):
    """The partner with what its brand says: `address` and `ids` are lines, `logo` is the id of its logo. What a
    document from before any of it was kept does not say is empty."""

    address: str = ""
    ids: str = ""
    footer: str = ""
    accent: str = ACCENT
    logo: str = ""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line without tax, and its taxes. `of` is the invoice of which it takes something back."""

    kind: LineKind
    text: str
    quantity: int
    amount: Money
    period: Period | None
    taxes: Taxes
    why: Derivation | None
    gives_back: bool
    of: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came in for an invoice."""

    on: date
    source: str
    method: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that a document says. `credit`, `reduced` and `due` are an invoice's alone; a receipt has no lines but
    what came in for the invoice `of` that number. `corrects` is the number of the invoice whose place one takes. `logo`
    is the seller's as PNG."""

    kind: PaperKind
    label: str
    status: str
    seller: Seller
    buyer: Party
    issued_on: date
    issued_at: datetime
    lines: Sequence[PaperLine]
    subtotal: Money
    tax: Money
    total: Money
    credit: Money
    reduced: Money
    due: Money
    receipts: Sequence[Receipt]
    of: str = ""
    corrects: str = ""
    logo: bytes = field(default=b"", repr=False)
