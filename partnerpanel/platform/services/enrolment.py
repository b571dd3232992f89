"""Partners become customers of the platform: the platform itself, and one customer with a subscription for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from billing.services.net_prices import without_tax
from customers.rules.profile import LOCALES, Profile
from customers.services.create import NewCustomer, create_customers
from partnerpanel.kernel.clock import local_date, start_of_day
from partnerpanel.kernel.errors import DomainError
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.services import set_policy
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.queries import platform
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_platform_partner
from subscriptions.queries.changes import plans_at
from subscriptions.rules.changes import PlanFacts
from subscriptions.rules.start import NewSubscription
from subscriptions.rules.states import Lifecycle
from subscriptions.services.create import create_subscriptions

PRESET = "extended"
TRIAL_DAYS = 14
LONGEST_TRIAL = 365


class InvalidEnrolment(DomainError):
    """A partner cannot be billed like this; `field` names which input."""

    code = "invalid_enrolment"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a new partner gets: a plan of the platform by name, its lowest one unless told, and a trial of so many days.

    `email` is where the platform writes to; one address belongs to one customer.
    """

    email: str
    plan: str = ""
    trial_days: int = TRIAL_DAYS


def make_platform(*, now: datetime, **fields: str) -> Partner:
    """The platform partner with its policy: 15 days of grace, then frozen. Raises like `create_platform_partner`."""
    made = create_platform_partner(**fields)
    with tenant(made.pk):
        set_policy(
            scope_kind=ScopeKind.PARTNER,
            scope_id=made.pk,
            preset=PRESET,
            # Who is frozen keeps everything: nothing of a partner is ever erased for being unpaid.
            document={"retention.days_after_end": None},
            actor=Actor.system(made.pk),
            now=now,
        )
    return made


def check_offer(offer: Offer, *, currency: str) -> None:
    """What can be refused before a partner is made. Raises InvalidEnrolment naming the field."""
    billing = platform()
    if billing is None:
        return
    if not 1 <= offer.trial_days <= LONGEST_TRIAL:
        raise InvalidEnrolment(f"A trial lasts 1 to {LONGEST_TRIAL} days.", field="trial_days")
    with tenant(billing.pk):
        _plan(billing, offer, currency)


def enrol(partner: Partner, offer: Offer, *, actor: Actor | None = None, now: datetime) -> UUID | None:
    """Makes the partner a customer of the platform with a subscription on trial; returns the customer's id.

    None where there is no platform. Whoever is a customer already stays as they are. Opens the platform's scope.
    Raises InvalidEnrolment, and InvalidCustomer for an address that another customer has; then nothing is written.
    """
    billing = platform()
    if billing is None:
        return None
    check_offer(offer, currency=partner.currency)
    with tenant(billing.pk):
        row = Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
        if row.platform_customer is not None:
            return row.platform_customer
        by = actor or Actor.system(billing.pk)
        profile = Profile(
            row.name,
            offer.email,
            country=row.country,
            timezone=row.timezone,
            locale=row.locale if row.locale in LOCALES else billing.locale,
            external_id=row.slug,
        )
        [customer_id] = create_customers([NewCustomer(profile, now)], actor=by, now=now)
        # Linked before anything happens to the subscription, so that no event of it finds nobody.
        Partner.objects.filter(pk=row.pk).update(platform_customer=customer_id)
        new = without_tax([_subscription(customer_id, billing, row, offer, now)], actor=by, now=now)
        create_subscriptions(new, actor=by, now=now)
    return customer_id


def _subscription(
    customer_id: UUID, billing: Partner, partner: Partner, offer: Offer, now: datetime
) -> NewSubscription:
    plan = _plan(billing, offer, partner.currency)
    ends_on = local_date(now, partner.timezone) + timedelta(days=offer.trial_days)
    return NewSubscription(
        customer_id,
        plan.id,
        plan.price.currency,
        partner.timezone,
        started_at=now,
        lifecycle=Lifecycle.TRIALING,
        trial_ends_at=start_of_day(ends_on, partner.timezone),
        with_service=False,  # what is sold is this panel, which has its own sign-in
    )


def _plan(billing: Partner, offer: Offer, currency: str) -> PlanFacts:
    """In the partner's currency where the platform sells in it, else in the platform's own."""
    for one in dict.fromkeys((currency, billing.currency)):
        plans = [plan for plan in plans_at(billing.pk, one) if plan.is_sellable]
        named = [plan for plan in plans if not offer.plan or plan.name.casefold() == offer.plan.casefold()]
        if named:
            return min(named, key=lambda plan: (plan.rank, plan.price.amount, plan.name))
    raise InvalidEnrolment(f"{billing.name} sells no such plan; make one in its panel first.", field="plan")
