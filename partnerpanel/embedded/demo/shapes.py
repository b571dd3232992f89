"""What a partner of the demo is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from customers.rules.profile import Profile
from partnerpanel.embedded.demo.cases import Case
from partnerpanel.kernel.period import Interval
from partnerpanel.tenancy.models import Role
from subscriptions.rules.start import NewSubscription
from subscriptions.rules.states import HoldKind

# Stands where an id will be once the row it names is written.
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of a partner's people."""

    name: str
    email: str
    role: Role


@dataclass(frozen=True, slots=True)
class PlanIdea:
    """A plan; `prices` are what people write, by currency. `weight` says how often it is chosen."""

    product: str
    name: str
    interval: Interval
    prices: dict[str, str]
    rank: int
    allowances: dict[str, int]
    weight: int = 10
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class Country:
    """Where customers live: how they pay and what they are called."""

    code: str
    timezone: str
    locale: str
    currency: str
    weight: int
    given: tuple[str, ...]
    family: tuple[str, ...]
    firms: tuple[str, ...] = ()
    family_first: bool = False


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A partner of the demo. `seed` makes its customers the same on every machine.

    So many as `lived` of its `customers` have lived through the `months` before: see `past`.
    """

    slug: str
    name: str
    country: str
    timezone: str
    currency: str
    locale: str
    seed: str
    customers: int
    team: tuple[Colleague, ...]
    plans: tuple[PlanIdea, ...]
    countries: tuple[Country, ...]
    tags: tuple[str, ...]
    notes: tuple[str, ...]
    lived: int = 0
    months: int = 13
    has_twin: bool = False

    @property
    def support_email(self) -> str:
        return f"support@{self.slug}.example"


@dataclass(frozen=True, slots=True)
class SubscriptionDraft:
    """A subscription before its customer and plan have ids; it is sold on the day `days_ago`.

    Its first term is the one that ran `billed_days_ago`, from which day on the engine bills it.
    """

    plan: str
    days_ago: int
    terms: NewSubscription
    billed_days_ago: int


@dataclass(frozen=True, slots=True)
class CustomerDraft:
    """A customer with everything that happens to it at the beginning."""

    case: Case
    profile: Profile
    days_ago: int
    registered_at: datetime
    subscriptions: tuple[SubscriptionDraft, ...]
    tags: tuple[str, ...] = ()
    note: str = ""
    card: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """A hold that a colleague placed or released on a past day.

    `is_wide` means the customer with all it has, else its first subscription.
    """

    at: datetime
    email: str
    kind: HoldKind
    reason: str
    role: Role
    is_wide: bool
    is_release: bool = False
