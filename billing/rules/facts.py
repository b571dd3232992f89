"""What the engine knows of one subscription when it decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from billing.documents.states import InvoiceKind, LineKind
from billing.tax.rules.amounts import Charged, Taxes
from billing.tax.rules.places import UNTAXED, Taxation
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Period
from partnerpanel.policy.rules.grace import GraceAccess
from partnerpanel.policy.rules.resolution import ResolvedPolicy
from subscriptions.rules.addons import HeldAddon, monthly_of
from subscriptions.rules.changes import Deal, OpenChange, PastChange
from subscriptions.rules.coupons import HeldCoupon
from subscriptions.rules.movements import counted
from subscriptions.rules.next_price import NextPrice
from subscriptions.rules.recurring import WHOLE, monthly_value
from subscriptions.rules.states import Access, Collection, Lifecycle
from subscriptions.rules.usage import AllowanceUse


@dataclass(frozen=True, slots=True)
class TermFacts:
    """The newest term; `ends_at` is the instant its last day is over."""

    number: int
    period: Period
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """The payment method that is charged."""

    id: UUID
    gateway: str
    ref: str
    text: str


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """An open invoice of the subscription; `credit` was taken from the balance for it, `paid` came in part."""

    id: UUID
    label: str
    term_number: int
    period: Period
    due: Money
    version: int
    credit: Money | None = None
    kind: InvoiceKind = InvoiceKind.RENEWAL
    change_id: UUID | None = None
    paid: Money | None = None

    @property
    def held(self) -> Money | None:
        """What goes to the balance when it is voided: taken from there, or paid in part."""
        parts = [part for part in (self.credit, self.paid) if part]
        return Money.sum(parts, self.due.currency) if parts else None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The open collection case, with the policy that it opened with."""

    id: UUID
    first_on: date
    attempts: int
    last_attempt_on: date | None
    is_hard: bool
    in_grace: bool
    warned: bool
    over: bool
    policy: ResolvedPolicy


@dataclass(frozen=True, slots=True)
class Fallback:
    """What a subscription is on, and the free plan of its product that it may fall back to."""

    before: Deal
    free: Deal


@dataclass(frozen=True, slots=True)
class BillingFacts:
    """One subscription. `is_charging`: an attempt is under way, and `awaits_customer` that it is for the customer to
    confirm it; `charging_stopped`: nobody may be charged;
    `partner_frozen`: the partner itself is blocked, and all that it would do for its customers waits.

    `invoice` is what is being collected: the open renewal, or a change that took effect before it was paid. `change`
    is agreed and has not happened yet; `change_invoice` is what it waits for. `fallback` is known where the policy of
    its case, or the one in force without a case, asks for it. `is_paused`: a pause runs since `paused_from`; one that
    is only agreed begins then, at the term's end. `is_being_set_up` is asked of paused ones. `next_price` is announced
    and not paid in any period yet.
    `ended_before` is when one that comes back had ended, while its first payment is outstanding.
    Without a `term` it has not begun: it does at `starts_at`, with the trial that lasts until `trial_ends_at`.
    `addons` are held now. `coupon` may be over, or begin with a later term. `recurring` is what it has counted for in a
    month so far, and `net_share` what is left of prices today without tax that they contain. `method` is what is
    charged: with `has_own_card` one that was chosen for it alone, else the customer's default.
    """

    subscription_id: UUID
    customer_id: UUID
    version: int
    plan_id: UUID
    plan_name: str
    interval: Interval
    quantity: int
    price: Money
    lifecycle: Lifecycle
    collection: Collection
    zone: str
    anchor_on: date
    term: TermFacts | None
    auto_renew: bool
    cancel_at_period_end: bool
    is_paused: bool
    is_held: bool
    renewal_waits: bool
    reminded_on: date | None
    recurring: Money
    policy: ResolvedPolicy
    method: MethodFacts | None = None
    balance: Money | None = None
    invoice: InvoiceFacts | None = None
    case: CaseFacts | None = None
    is_charging: bool = False
    awaits_customer: bool = False
    charging_stopped: bool = False
    partner_frozen: bool = False
    change: OpenChange | None = None
    change_invoice: InvoiceFacts | None = None
    fallback: Fallback | None = None
    awaits_cut_over: bool = False
    paused_from: datetime | None = None
    paused_until: datetime | None = None
    access: Access = Access.OPEN
    is_being_set_up: bool = False
    next_price: NextPrice | None = None
    starts_at: datetime | None = None
    trial_ends_at: datetime | None = None
    tax: Taxation = UNTAXED
    addons: tuple[HeldAddon, ...] = ()
    coupon: HeldCoupon | None = None
    net_share: Fraction = WHOLE
    ended_before: datetime | None = None
    ended_at: datetime | None = None
    has_own_card: bool = False

    @property
    def is_restarting(self) -> bool:
        """It had ended and comes back, once its first payment is there."""
        return self.ended_before is not None

    @property
    def mrr(self) -> Money:
        """What a month of it comes to: the price less a coupon for ever, with recurring add-ons, without tax."""
        price = self.coupon.for_ever_off(self.price, self.plan_id) if self.coupon else self.price
        plan = monthly_value(price, self.interval, self.net_share)
        return plan + monthly_of(self.addons, price.currency, self.net_share) if self.addons else plan

    @property
    def counts(self) -> Money:
        """What of that is recurring revenue as it stands: nothing before the first paid period and in a pause."""
        return Money.zero(self.price.currency) if self.is_paused else counted(self.lifecycle, self.mrr)

    @property
    def is_limited(self) -> bool:
        """In grace under a policy that limits access meanwhile, and then until the case closes."""
        return self.case is not None and self.case.in_grace and limits_access(self.case.policy)

    def today(self, now: datetime) -> date:
        """The local day in the subscription's zone."""
        return local_date(now, self.zone)


def limits_access(policy: ResolvedPolicy) -> bool:
    """Whether access is limited in grace."""
    return policy.policy.grace.access is GraceAccess.LIMITED


@dataclass(frozen=True, slots=True)
class LineRef:
    """What a credit takes back: a line of an invoice, or a term that was paid for elsewhere."""

    line_id: UUID | None = None
    term_number: int | None = None


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A paid line that pays for days of service, without tax. `returned` is what days given back took off it,
    `credited` all that earlier credits did; `stopped` says that its unused rest was given back already, `is_change`
    that a change within a period bought it. `parts` are its taxes and `taken` what credits took off each."""

    ref: LineRef
    kind: LineKind
    text: str
    period: Period
    charged: Money
    returned: Money
    credited: Money
    stopped: bool = False
    is_change: bool = False
    parts: Taxes = ()
    taken: tuple[int, ...] = ()
    addon: UUID | None = None

    @property
    def taxed(self) -> Charged:
        """The line as a credit of it is taxed."""
        presumed = None if self.ref.term_number is None else self.period.starts_on
        return Charged(self.charged, self.parts, self.credited, self.taken, presumed)


@dataclass(frozen=True, slots=True)
class PostedLine:
    """A line of the documents of a change, with the sign that it has for the customer to pay.

    `ref` is itself, or for a credit what that took back; `left` what is left of it after credits. `parts` are its taxes
    with its sign, and `taken` what credits took off each.
    """

    ref: LineRef
    document: str
    text: str
    quantity: int
    amount: Money
    left: Money
    period: Period
    parts: Taxes = ()
    taken: tuple[int, ...] = ()
    addon: UUID | None = None

    @property
    def taxed(self) -> Charged:
        """A line that was charged, as a credit of it is taxed."""
        return Charged(self.amount, self.parts, self.amount - self.left, self.taken)


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """One subscription before a change: what is billed, what it is on, what was paid, and how it came here.

    `past` are the changes of plan that took effect, newest first; `posted` the lines of the newest one's documents;
    `usage` what the running period has used, known where the policy measures by it.
    """

    billing: BillingFacts
    customer_name: str
    deal: Deal
    lines: tuple[ServiceLine, ...] = ()
    past: tuple[PastChange, ...] = ()
    posted: tuple[PostedLine, ...] = ()
    usage: tuple[AllowanceUse, ...] = ()
