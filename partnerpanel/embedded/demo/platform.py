"""The platform itself: it sells this panel, and the demo's partners are its customers; one of them owes it money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from billing.gateway.registry import gateway_named
from billing.methods.services import add_method
from partnerpanel.embedded.demo.days import MONTHLY, Days
from partnerpanel.embedded.demo.leftovers import remove_unfinished
from partnerpanel.embedded.demo.office import Office
from partnerpanel.embedded.demo.people import SignIn, give_roles
from partnerpanel.embedded.demo.shapes import Colleague
from partnerpanel.kernel.money import Money
from partnerpanel.platform.services.enrolment import TRIAL_DAYS, Offer, enrol, make_platform
from partnerpanel.queues.wake import nobody_woken
from partnerpanel.tenancy.models import Partner, Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.services.catalogue import create_plan, create_product

SLUG, NAME, ZONE = "platform", "PartnerPanel", "Europe/Berlin"
TEAM = (
    Colleague("Vera Lindqvist", "owner@partnerpanel.example", Role.OWNER),
    Colleague("Tomás Rey", "billing@partnerpanel.example", Role.BILLING),
)
PLANS = (
    ("Starter", 10, {"EUR": "49.00", "USD": "55.00", "JPY": "7900"}),
    ("Growth", 20, {"EUR": "99.00", "USD": "109.00", "JPY": "15900"}),
    ("Scale", 30, {"EUR": "249.00", "USD": "279.00", "JPY": "39900"}),
)


@dataclass(frozen=True, slots=True)
class Billed:
    """A partner at the platform: its plan, how many days ago a period of it ended, and whether its card failed then."""

    slug: str
    plan: str
    due_days_ago: int
    declines: bool = False


BILLED = (
    Billed("northwind", "Growth", 11),
    Billed("bluemesa", "Starter", 4, declines=True),
    Billed("sakura", "Starter", 19),
)


def seed_platform(*, now: datetime) -> None:
    """Writes the platform and what its customers have paid, unless it is there; its people become members last."""
    if Partner.objects.filter(is_platform=True, memberships__isnull=False).exists():
        return
    Partner.objects.update(platform_customer=None, frozen_since=None, standing={})
    remove_unfinished([SLUG])
    days = Days.of(now, ZONE)
    with nobody_woken():
        partner = _open(days)
        office = Office(partner, days, {})
        _live(office)
        office.finish(now)
    give_roles(partner, TEAM)


def platform_sign_ins() -> Iterator[SignIn]:
    """Who works for the platform."""
    for one in TEAM:
        yield SignIn(one.email, str(one.role.label), f"{NAME}, which bills the others")


def _open(days: Days) -> Partner:
    opened = days.at(400, 10)
    partner = make_platform(
        now=opened,
        slug=SLUG,
        name=NAME,
        country="DE",
        timezone=ZONE,
        currency="EUR",
        locale="en",
        support_email="help@partnerpanel.example",
    )
    office = Office(partner, days, {})
    with tenant(partner.pk):
        product = create_product(name=NAME, actor=office.system, now=opened)
        for name, rank, prices in PLANS:
            create_plan(
                product_id=product,
                name=name,
                interval=MONTHLY,
                prices=[Money.parse(amount, currency) for currency, amount in prices.items()],
                rank=rank,
                actor=office.system,
                now=opened,
            )
    return partner


def _live(office: Office) -> None:
    """Day by day: partners come, their trials end, they pay, and one card stops working."""
    trial_over = {one.slug: office.days.begun(MONTHLY, due=one.due_days_ago, at_least=2) for one in BILLED}
    for day in range(max(trial_over.values()) + TRIAL_DAYS, -1, -1):
        office.bill(office.days.at(day, 0, 1))
        for one in BILLED:
            if day == trial_over[one.slug] + TRIAL_DAYS:
                partner = Partner.objects.get(slug=one.slug)
                at = office.days.at(day, 10)
                enrol(partner, Offer(f"accounts@{one.slug}.example", one.plan), now=at)
                _give_card(office, one, "sandbox_ok", at)
                office.settle(at)
            if one.declines and day == one.due_days_ago + 1:
                _give_card(office, one, "sandbox_soft_decline", office.days.at(day, 11))


def _give_card(office: Office, one: Billed, ref: str, at: datetime) -> None:
    facts = gateway_named("sandbox").describe_method(office.partner.pk, ref)
    customer_id = Partner.objects.get(slug=one.slug).platform_customer
    if customer_id is None:
        raise RuntimeError(f"{one.slug} is no customer of the platform")
    with tenant(office.partner.pk):
        add_method(customer_id, gateway="sandbox", ref=ref, facts=facts, actor=office.system, now=at)
