"""Everything that one step of the engine will do to one subscription; made by rules, written by `services.apply`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from billing.charging.states import AttemptStatus, Purpose
from billing.documents.states import CreditTo, InvoiceKind, InvoiceStatus, LineKind, PaymentSource
from billing.refunds.states import RefundReason, RefundSource
from billing.rules.facts import BillingFacts, LineRef, MethodFacts
from billing.tax.rules.amounts import Taxes, tax_total
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period
from partnerpanel.policy.rules.refund import RefundAccess
from subscriptions.rules.addons import AddonMove, HeldAddon
from subscriptions.rules.changes import ChangeState, Deal, OpenChange
from subscriptions.rules.coupons import CouponEnd, HeldCoupon
from subscriptions.rules.states import SERVED, UNSERVED

# Changes that do not happen.
UNDONE = (ChangeState.CANCELLED, ChangeState.FAILED)


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A line for the customer to pay, below zero for a credit; `credits` is what that takes back.

    `amount` is without tax. `taxes` are known from the start for what takes another line back, and None for a price
    until it stands on a document: prices may contain their tax. `addon` is the add-on that it is for.
    """

    kind: LineKind
    text: str
    quantity: int
    amount: Money
    period: Period
    why: Derivation
    credits: LineRef | None = None
    taxes: Taxes | None = None
    addon: UUID | None = None

    @property
    def tax(self) -> Money:
        return tax_total(self.taxes or (), self.amount.currency)

    @property
    def gross(self) -> Money:
        """What the line comes to with its tax."""
        return self.amount + self.tax if self.taxes else self.amount

    def turned(self) -> LineDraft:
        """The same with the other sign: as a credit note has it, or back."""
        taxes = None if self.taxes is None else tuple(-part for part in self.taxes)
        return replace(self, amount=-self.amount, taxes=taxes)


@dataclass(frozen=True, slots=True)
class InvoiceDraft:
    """An invoice before it is written; its number is given then. `total` has the tax of its lines in it; `credit` is
    taken from the customer's balance. `corrects` is the paid invoice whose place it takes."""

    id: UUID
    kind: InvoiceKind
    term_number: int
    period: Period
    lines: tuple[LineDraft, ...]
    total: Money
    credit: Money
    change_id: UUID | None = None
    corrects: UUID | None = None

    @property
    def due(self) -> Money:
        return self.total - self.credit

    @property
    def tax(self) -> Money:
        return Money.sum((line.tax for line in self.lines), self.total.currency)


@dataclass(frozen=True, slots=True)
class CreditNoteDraft:
    """A credit note before it is written: what it gives back above zero, its `total` with the tax of its lines."""

    id: UUID
    reason: str
    lines: tuple[LineDraft, ...]
    total: Money
    change_id: UUID | None = None
    goes_to: CreditTo = CreditTo.BALANCE

    @property
    def kept(self) -> Money:
        """What of it the customer's balance takes."""
        return self.total if self.goes_to is CreditTo.BALANCE else Money.zero(self.total.currency)


@dataclass(frozen=True, slots=True)
class RefundDraft:
    """Money that goes back, before it is asked of a gateway or as somebody gave it back outside of one.

    `payment_amount` is what the payment was: the database lets no more go back.
    """

    id: UUID
    payment_id: UUID
    payment_amount: Money
    invoice_id: UUID
    credit_note_id: UUID
    amount: Money
    source: RefundSource
    reason: RefundReason
    access: RefundAccess
    note: str = ""
    gateway: str = ""
    charge_ref: str = ""
    method_text: str = ""


@dataclass(frozen=True, slots=True)
class AttemptDraft:
    """The intent to charge; committed before the gateway is asked."""

    id: UUID
    invoice_id: UUID
    ordinal: int
    purpose: Purpose
    amount: Money
    method: MethodFacts


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    id: UUID
    invoice_id: UUID
    source: PaymentSource
    amount: Money
    received_on: date
    attempt_id: UUID | None = None
    gateway: str = ""
    gateway_id: str = ""
    method_text: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TermDraft:
    """The next term; `granted_days` were given for free, `granted_for` says why."""

    number: int
    period: Period
    granted_days: int = 0
    granted_for: str = ""


@dataclass(frozen=True, slots=True)
class TermMove:
    """The end of an existing term moves; `granted_days` are added to what it was given for free before."""

    number: int
    period: Period
    granted_days: int = 0
    granted_for: str = ""


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """A change as it is made: from what, and what it sets."""

    change: OpenChange
    state: ChangeState
    before: Deal
    reverses: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChangeMove:
    """Where a change stands from now on; `term` is the number that the subscription then has."""

    id: UUID
    state: ChangeState
    term: int | None = None


@dataclass(frozen=True, slots=True)
class InvoiceMove:
    """A change of an invoice's state, from `version`. `given_back` returns to the balance what was taken from it."""

    id: UUID
    version: int
    status: InvoiceStatus
    paid: Money | None = None
    given_back: Money | None = None


@dataclass(frozen=True, slots=True)
class Reduction:
    """An open invoice asks for so much less from now on."""

    id: UUID
    amount: Money


@dataclass(frozen=True, slots=True)
class AttemptMove:
    """What the gateway said of an attempt. `again_at`: when one without an answer is asked for again; `parked`: why it
    waits for a person instead."""

    id: UUID
    status: AttemptStatus
    gateway_id: str = ""
    decline_code: str = ""
    decline_kind: str = ""
    action_url: str = ""
    again_at: datetime | None = None
    parked: str = ""


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """The collection case as it will stand; `id` None opens one."""

    id: UUID | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BillingPlan:
    """One step of one subscription. `values` are columns of the subscription besides its version.

    `hold` and `release` say whether a nonpayment hold is placed or released after everything else, on what it names:
    `subscription` or `customer`. `void` is an invoice taken back beside what `move` does to another. `dates` moves the
    newest term before `term` opens the next. `addons` are new, `addon_moves` those that end or are noted otherwise.
    `coupon_ends` is taken off before `coupon` is redeemed.
    """

    facts: BillingFacts
    events: tuple[EventDraft, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    invoice: InvoiceDraft | None = None
    move: InvoiceMove | None = None
    attempt: AttemptDraft | None = None
    settled: AttemptMove | None = None
    payment: PaymentDraft | None = None
    term: TermDraft | None = None
    case: CaseDraft | None = None
    hold: str = ""
    release: bool = False
    surplus: Money | None = None
    void: InvoiceMove | None = None
    credit_note: CreditNoteDraft | None = None
    dates: TermMove | None = None
    change: ChangeDraft | None = None
    changes: tuple[ChangeMove, ...] = ()
    refund: RefundDraft | None = None
    reduce: Reduction | None = None
    addons: tuple[HeldAddon, ...] = ()
    addon_moves: tuple[AddonMove, ...] = ()
    coupon: HeldCoupon | None = None
    coupon_ends: CouponEnd | None = None

    @property
    def coupons_gone(self) -> tuple[CouponEnd, ...]:
        """What is taken off: one that came with a change has its id, goes with it, and counts for no limit."""
        found = [self.coupon_ends] if self.coupon_ends else []
        held, dropped = self.facts.coupon, {move.id for move in self.changes if move.state in UNDONE}
        return (*found, CouponEnd(held.id, withdrawn=True)) if held and held.id in dropped else tuple(found)

    @property
    def begins(self) -> bool:
        """Whether the customer is served from now on and was not before."""
        return self.facts.lifecycle in UNSERVED and self.values.get("lifecycle") in SERVED

    @property
    def version(self) -> int:
        """The subscription's version afterwards: one for each of its own events."""
        own = sum(event.object_id == self.facts.subscription_id for event in self.events)
        return self.facts.version + own
