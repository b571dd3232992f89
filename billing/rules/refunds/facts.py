"""What is known of a payment when money of it is to go back, and of a document when part of it is to be credited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.documents.states import InvoiceStatus, LineKind
from billing.rules.facts import LineRef
from billing.tax.rules.amounts import Charged
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period


@dataclass(frozen=True, slots=True)
class CreditableLine:
    """A line that was charged, and what is `left` of it, both with tax, after every credit that is not void; `taxed`
    takes them apart."""

    ref: LineRef
    kind: LineKind
    text: str
    quantity: int
    period: Period
    amount: Money
    left: Money
    taxed: Charged


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """An invoice: what it came to, what was paid on it, and `credited`, what credits took off its lines with tax;
    `reduced` is what of that was taken off before it was paid. `due` is zero unless it is open, `owed` what is left to
    pay whatever its state."""

    id: UUID
    label: str
    version: int
    status: InvoiceStatus
    subscription_id: UUID | None
    total: Money
    due: Money
    owed: Money
    paid: Money
    credited: Money
    reduced: Money
    lines: tuple[CreditableLine, ...]

    @property
    def left(self) -> Money:
        """What no credit has taken off its lines yet."""
        return Money.sum((line.left for line in self.lines), self.total.currency)

    @property
    def creditable(self) -> Money:
        """What can still be given back of it: never more than it came to."""
        return max(min(self.left, self.total - self.credited), Money.zero(self.total.currency))


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment. `refunded` went back or is about to; `disputed` is with the customer's bank or lost; `contested` says
    that a dispute is undecided. `charge_ref` is the gateway's id of a charge, empty for money that came outside."""

    id: UUID
    document: DocumentFacts
    amount: Money
    source: str
    gateway: str
    charge_ref: str
    method_text: str
    recorded_at: datetime
    refunded: Money
    disputed: Money
    contested: bool

    @property
    def left(self) -> Money:
        """What of the payment itself can still go back, whatever for."""
        return max(self.amount - self.refunded - self.disputed, Money.zero(self.amount.currency))

    @property
    def refundable(self) -> Money:
        """Never above what was paid less what was refunded and credited."""
        zero = Money.zero(self.amount.currency)
        given = self.document.credited - self.document.reduced
        return max(min(self.left, self.document.paid - given, self.document.left), zero)
