"""What the engine knows of one subscription when it decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Period
from partnerpanel.policy.rules.resolution import ResolvedPolicy
from subscriptions.rules.states import Collection, Lifecycle


@dataclass(frozen=True, slots=True)
class TermFacts:
    """The newest term; `ends_at` is the instant its last day is over."""

    number: int
    period: Period
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """The customer's default payment method."""

    id: UUID
    gateway: str
    ref: str
    text: str


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """The open renewal invoice of the subscription; `credit` was taken from the balance for it."""

    id: UUID
    label: str
    term_number: int
    period: Period
    due: Money
    version: int
    credit: Money | None = None


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
class BillingFacts:
    """One subscription. `is_charging`: an attempt is under way; `charging_stopped`: nobody may be charged."""

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
    mrr: Money
    policy: ResolvedPolicy
    method: MethodFacts | None = None
    balance: Money | None = None
    invoice: InvoiceFacts | None = None
    case: CaseFacts | None = None
    is_charging: bool = False
    charging_stopped: bool = False

    def today(self, now: datetime) -> date:
        """The local day in the subscription's zone."""
        return local_date(now, self.zone)
