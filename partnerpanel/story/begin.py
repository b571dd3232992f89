"""A subscription whose story can be watched: on a twin, with a card of the sandbox and a policy."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from billing.gateway.registry import gateway_named
from billing.methods.services import add_method
from billing.services.net_prices import without_tax
from customers.rules.profile import Profile
from customers.services.create import NewCustomer, create_customers
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.policy.rules.presets import DOCUMENTS, preset_named
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.services import set_policy
from partnerpanel.queues.wake import nobody_woken
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_partner, create_twin
from subscriptions.rules.start import NewSubscription
from subscriptions.services.catalogue import create_plan, create_product
from subscriptions.services.create import create_subscriptions

NO_CARD = "none"
# In whole units: 30 euros, 30 yen.
PRICE = 30


@dataclass(frozen=True, slots=True)
class Scene:
    """`card` is a payment method of the sandbox, or `none`; `preset` the policy of this customer called `name`."""

    card: str
    preset: str
    name: str = "Story"


def twin_named(slug: str) -> Partner:
    """The test mode of this short name. Raises NotFound."""
    twin = Partner.objects.filter(slug=slug, twin_of__isnull=False).first()
    if twin is None:
        raise NotFound(f"There is no test mode with the short name “{slug}”.", field="partner")
    return twin


def fresh_twin() -> Partner:
    """A partner of its own with its test mode, whose clock stands at the present."""
    name = f"story-{uuid7().hex[:12]}"
    partner = create_partner(
        slug=name,
        name="A story",
        country="DE",
        timezone="Europe/Berlin",
        currency="EUR",
        locale="en",
        support_email="support@story.example",
    )
    return create_twin(partner, now=system_now())


def begin(twin: Partner, scene: Scene, *, actor: Actor) -> UUID:
    """A new customer on a new monthly plan from the twin's present on; returns the subscription.

    Raises UnknownMethod, InvalidPolicy; then nothing is written.
    """
    now = twin.test_clock_at or system_now()
    document = DOCUMENTS[preset_named(scene.preset)]
    gateway, tag = gateway_named("sandbox"), uuid7().hex[-12:]
    facts = None if scene.card == NO_CARD else gateway.describe_method(twin.pk, scene.card)
    with nobody_woken(), tenant(twin.pk):
        email, locale = f"{tag}@story.example", twin.locale
        profile = Profile(scene.name, email, country=twin.country, timezone=twin.timezone, locale=locale)
        [customer_id] = create_customers([NewCustomer(profile, now)], actor=actor, now=now)
        if facts is not None:
            add_method(customer_id, gateway=gateway.name, ref=scene.card, facts=facts, actor=actor, now=now)
        set_policy(
            scope_kind=ScopeKind.CUSTOMER, scope_id=customer_id, preset=None, document=document, actor=actor, now=now
        )
        product = create_product(name=f"Story {tag}", actor=actor, now=now)
        price = Money(PRICE * 10 ** Money.zero(twin.currency).exponent, twin.currency)
        interval = Interval(Unit.MONTH)
        plan = create_plan(product_id=product, name="Monthly", interval=interval, prices=[price], actor=actor, now=now)
        new = NewSubscription(customer_id, plan, twin.currency, twin.timezone, started_at=now)
        [subscription_id] = create_subscriptions(without_tax([new], actor=actor, now=now), actor=actor, now=now)
    return subscription_id
