"""Making the demo: partners, people, customers, their history, and a test mode."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from multiprocessing import get_context

import django

from partnerpanel.embedded.demo.bans import ban_somebody
from partnerpanel.embedded.demo.bluemesa import BLUEMESA
from partnerpanel.embedded.demo.brands import sign
from partnerpanel.embedded.demo.catalogue import archive_old_plans, open_catalogue
from partnerpanel.embedded.demo.checkouts import sell_by_links
from partnerpanel.embedded.demo.coupons import hand_out_coupons
from partnerpanel.embedded.demo.days import Days
from partnerpanel.embedded.demo.deeds import deeds_of
from partnerpanel.embedded.demo.drafts import customers_of
from partnerpanel.embedded.demo.leftovers import remove_unfinished
from partnerpanel.embedded.demo.life import live
from partnerpanel.embedded.demo.lived import live_before
from partnerpanel.embedded.demo.mailing import write_to_many
from partnerpanel.embedded.demo.northwind import NORTHWIND
from partnerpanel.embedded.demo.offers import offer_to_leavers
from partnerpanel.embedded.demo.office import Office
from partnerpanel.embedded.demo.people import give_roles, make_operator, make_people
from partnerpanel.embedded.demo.platform import seed_platform
from partnerpanel.embedded.demo.returns import give_back
from partnerpanel.embedded.demo.sakura import SAKURA
from partnerpanel.embedded.demo.senders import send_from_own_address
from partnerpanel.embedded.demo.shapes import Blueprint
from partnerpanel.embedded.demo.taxes import charge_taxes
from partnerpanel.queues.wake import nobody_woken
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.prepared import own_connection
from partnerpanel.tenancy.scope import hasty_commits, tenant
from partnerpanel.tenancy.services import create_partner, create_twin
from subscriptions.services.standing import refresh_standings

BLUEPRINTS = (NORTHWIND, BLUEMESA, SAKURA)
CUSTOMERS_OF_A_TWIN = 30


def seed(*, now: datetime, processes: int = 1, blueprints: Sequence[Blueprint] = BLUEPRINTS) -> None:
    """Writes what is missing; a partner that is there stays as it is. With several processes, partners side by side."""
    slugs = [blueprint.slug for blueprint in blueprints]
    remove_unfinished(slugs)
    present = set(Partner.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    missing = [blueprint for blueprint in blueprints if blueprint.slug not in present]
    if processes > 1 and len(missing) > 1:
        # People may work for two partners, so they are there before anybody works side by side.
        make_people(one for blueprint in blueprints for one in blueprint.team)
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=django.setup) as pool:
            list(pool.map(partial(seed_partner, now=now), missing))
    else:
        for blueprint in missing:
            seed_partner(blueprint, now=now)
    seed_platform(now=now)
    make_operator()


def seed_partner(blueprint: Blueprint, *, now: datetime) -> Partner:
    """One partner with all it has, its queues empty at `now`. Its people become members last."""
    partner = create_partner(
        slug=blueprint.slug,
        name=blueprint.name,
        country=blueprint.country,
        timezone=blueprint.timezone,
        currency=blueprint.currency,
        locale=blueprint.locale,
        support_email=blueprint.support_email,
    )
    with nobody_woken(), hasty_commits(), own_connection():
        fill(partner, blueprint, now=now)
        if blueprint.has_twin:
            small = replace(blueprint, customers=CUSTOMERS_OF_A_TWIN, lived=0)
            fill(create_twin(partner, now=now), small, now=now)
    give_roles(partner, blueprint.team)
    return partner


def fill(partner: Partner, blueprint: Blueprint, *, now: datetime) -> None:
    """Catalogue, customers and history of one tenant."""
    people = make_people(blueprint.team)
    actors = {
        one.role: Actor(ActorKind.USER, partner.pk, people[one.email].pk, one.role) for one in reversed(blueprint.team)
    }
    office = Office(partner, Days.of(now, blueprint.timezone), actors)
    charge_taxes(office)
    sign(office)
    send_from_own_address(office)
    plans = open_catalogue(blueprint.plans, office)
    drafts = customers_of(blueprint, office.days)
    lived = live_before(blueprint, drafts, plans, office)
    ids = live(drafts, deeds_of(drafts, office.days, seed=blueprint.seed), plans, office)
    archive_old_plans(blueprint.plans, plans, office)
    give_back(office, now)
    hand_out_coupons(office, now)
    sell_by_links(plans, office)
    offer_to_leavers(office, now)
    ban_somebody(office, list(ids.values()), now)
    with tenant(partner.pk):
        refresh_standings(partner.pk, [*ids.values(), *lived], now=now)
    write_to_many(office)
    office.finish(now)
