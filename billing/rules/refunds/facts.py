"""What is known of a payment when money of it is to go back, and of a document when part of it is to be credited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from billing.documents.states import InvoiceKind, InvoiceStatus, LineKind
from billing.rules.facts import LineRef
from billing.tax.rules.amounts import TAX_CONTAINED, Charged, Taxes
from partnerpanel.kernel.derivation import Derivation
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
class WrittenLine:
    """A line as it stands on an invoice, without tax, below zero where it takes back what `credits` names.

    `charged` is what one that takes nothing back can still give back. `stopped` says that its unused rest was given
    back, `taken_back` that all of it was with the change it was for.
    """

    kind: LineKind
    text: str
    quantity: int
    amount: Money
    period: Period
    why: Derivation
    taxes: Taxes
    addon: UUID | None = None
    credits: LineRef | None = None
    charged: CreditableLine | None = None
    stopped: bool = False
    taken_back: bool = False

    @property
    def is_credited(self) -> bool:
        """Whether a credit took anything off it."""
        return self.charged is not None and self.charged.left != self.charged.amount

    @property
    def is_given_back(self) -> bool:
        """Whether credits took all of it; nothing is left of it then."""
        return self.is_credited and self.charged is not None and not self.charged.left

    @property
    def contains_tax(self) -> bool:
        """Whether its price contained its taxes."""
        return any(part.why.rule == TAX_CONTAINED or "price" in part.why.inputs for part in self.taxes)


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """An invoice with all that another one in its place has to say. `corrected_by` is the number of the one that took
    its place already, empty without; `is_right`: it names both parties as a document of now would."""

    facts: DocumentFacts
    kind: InvoiceKind
    term_number: int
    period: Period
    change_id: UUID | None
    issued_on: date
    lines: tuple[WrittenLine, ...]
    corrected_by: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment, with the document that it stands for now: where an invoice was corrected, what it had been paid pays
    for the one in its place. `refunded` went back or is about to; `disputed` is with the customer's bank or lost;
    `contested` says that a dispute is undecided. `charge_ref` is the gateway's id of a charge, empty for money that
    came outside."""

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
