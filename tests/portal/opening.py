"""Opens an installation for a customer's life: a partner that sells two plans, in a test mode or in earnest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import time_machine

from partnerpanel.actions.offer_rules import RuleTerms, create_rule
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.offers.rules.offers import Moment, Offer, OfferKind
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from subscriptions.rules.coupons import Discount
from subscriptions.services.catalogue import create_plan, create_product
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon
from tests.api.program import make_program
from tests.checkout.buyers import sells
from tests.faults.workers import nursery_of_workers
from tests.people import Person, make_team
from tests.portal.desks import Desk, serving
from tests.portal.installations import InEarnest, Installation, TestMode, WhereWorkersDie
from tests.world import World

BEGINNING = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)

Opening = Callable[[time_machine.Traveller, Desk], AbstractContextManager[Installation]]


@contextmanager
def in_test_mode(clock: time_machine.Traveller, desk: Desk) -> Iterator[Installation]:
    owner = make_team("eastwind").owner
    person = replace(owner, partner=create_twin(owner.partner, now=BEGINNING))
    world = _shop(person)
    with serving(desk, world):
        yield TestMode(world, make_program(person), desk, clock)


@contextmanager
def in_earnest(clock: time_machine.Traveller, desk: Desk) -> Iterator[Installation]:
    person = make_team("eastwind").owner
    world = _shop(person)
    with serving(desk, world):
        yield InEarnest(world, make_program(person), desk, clock)


@contextmanager
def where_workers_die(clock: time_machine.Traveller, desk: Desk) -> Iterator[Installation]:
    person = make_team("eastwind").owner
    world = _shop(person)
    with nursery_of_workers() as nursery, serving(desk, world):
        yield WhereWorkersDie(world, make_program(person), desk, clock, nursery=nursery)


def _shop(person: Person) -> World:
    """One plan has a page and the other is the larger one; who leaves may pause, and who has left pays half."""
    world = World(person.partner, now=BEGINNING)
    with tenant(world.id):
        product = create_product(name="Backups", actor=world.system, now=world.now)
        small, _large = (
            create_plan(
                product_id=product,
                name=name,
                interval=Interval(Unit.MONTH),
                prices=[Money.parse(price, world.partner.currency)],
                rank=rank,
                allowances={"gigabytes": gigabytes},
                actor=world.system,
                now=world.now,
            )
            for rank, name, price, gigabytes in ((1, "Basic", "29.90", 100), (2, "Plus", "59.90", 500))
        )
        half = create_coupon(CouponTerms("HALF", Discount(percent=50)), actor=world.system, now=world.now)
    for moment, offer in (
        (Moment.LEAVING, Offer(OfferKind.PAUSE, pause_months=1)),
        (Moment.BEFORE_END, Offer(OfferKind.COUPON, coupon_id=half)),
    ):
        create_rule(RuleTerms(moment, "Stay", offer), actor=person.actor, now=world.now)
    sells(world, person, plan_id=small)
    return world
