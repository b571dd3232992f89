"""Somebody leaves, is offered something once, and takes it or not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from partnerpanel.actions import door, offer_rules
from partnerpanel.actions.cancel import Cancel, CancelWhen, InvalidCancellation
from partnerpanel.actions.offer_rules import RuleTerms
from partnerpanel.actions.take_offer import TakeOffer
from partnerpanel.actions.undo import Undo
from partnerpanel.events.models import Event
from partnerpanel.kernel.errors import DomainError, Forbidden, NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.offers.models import OfferRule
from partnerpanel.offers.queries.foreseen import foreseen
from partnerpanel.offers.queries.offer_rules import rule_line
from partnerpanel.offers.rules.offers import Moment, Offer, OfferKind
from partnerpanel.offers.services.offer_rules import InvalidOffer, OfferMoved
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Redemption
from tests.actions.selling import Shop, books_balance
from tests.offers.leaving import PAUSE, Leaver, answers, coupon, outcomes, rule
from tests.people import Team
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def kinds(shop: Shop) -> list[str]:
    with tenant(shop.world.id):
        rows = Event.objects.for_partner(shop.world.id).filter(kind__startswith="offer")
        return list(rows.order_by("pk").values_list("kind", flat=True))


def test_a_coupon_is_taken_and_the_next_renewal_costs_less(shop: Shop) -> None:
    rule(shop, coupon(shop), reasons=("too_expensive",))
    leaver = Leaver.of(shop.buyer())
    offer = leaver.says()
    assert offer is not None
    leaver.takes(offer)
    assert outcomes(shop) == ["taken"]
    assert answers(shop) == [("too_expensive", True, False)]
    assert kinds(shop) == ["offer_rule.created", "offer.made", "offer.taken"]
    assert not leaver.buyer.row().cancel_at_period_end
    leaver.buyer.lives_until(shop.now + timedelta(days=18))
    assert leaver.buyer.charged == ["50.00"]
    books_balance(shop.world)


def test_the_same_offer_is_not_made_twice_however_often_somebody_leaves(shop: Shop) -> None:
    rule(shop, coupon(shop))
    rule(shop, PAUSE, position=2, rest_months=3)
    leaver = Leaver.of(shop.buyer())
    first = leaver.says()
    assert leaver.says() == first
    assert first is not None
    leaver.takes(first)
    assert leaver.refusal(first) == "offer_taken"
    assert leaver.says() is None
    shop.now += timedelta(days=95)
    leaver.buyer.lives_until(shop.now)
    second = leaver.says()
    assert second not in (None, first)


def test_who_leaves_anyway_ends_with_the_period_and_declined_what_was_offered(shop: Shop) -> None:
    rule(shop, PAUSE)
    leaver = Leaver.of(shop.buyer())
    offer = leaver.says("unused")
    leaver.leaves("unused")
    assert leaver.buyer.row().cancel_at_period_end
    assert outcomes(shop) == ["declined"]
    assert answers(shop) == [("unused", True, True)]
    assert offer is not None
    assert leaver.refusal(offer) == "offer_over"


def test_a_pause_is_taken_from_the_end_of_the_period_and_nothing_is_charged_meanwhile(shop: Shop) -> None:
    rule(shop, PAUSE)
    leaver = Leaver.of(shop.buyer())
    offer = leaver.says()
    assert offer is not None
    leaver.takes(offer)
    row = leaver.buyer.row()
    assert row.paused_from is not None
    assert row.paused_until is not None
    assert (row.paused_until - row.paused_from).days in range(58, 63)
    leaver.buyer.lives_until(shop.now + timedelta(days=60))
    assert leaver.buyer.charged == []


def test_a_smaller_plan_waits_for_the_end_of_the_period(shop: Shop) -> None:
    rule(shop, Offer(OfferKind.PLAN, plan_id=shop.plans["Starter"]))
    leaver = Leaver.of(shop.buyer())
    offer = leaver.says()
    assert offer is not None
    leaver.takes(offer)
    leaver.buyer.lives_until(shop.now + timedelta(days=18))
    assert leaver.buyer.charged == ["40.00"]
    assert leaver.buyer.row().plan_id == shop.plans["Starter"]
    assert Leaver.of(shop.buyer("Starter")).says() is None


def test_the_first_that_fits_and_can_be_taken_is_shown(shop: Shop) -> None:
    rule(shop, coupon(shop, "GONE", most=1), "used up", position=1)
    rule(shop, PAUSE, "only for those who do not use it", position=2, reasons=("unused",))
    wanted = rule(shop, coupon(shop, "LATER"), "the other", position=3, price_from=Money.parse("90.00", "EUR"))
    rule(shop, PAUSE, "off", position=1)
    with tenant(shop.world.id):
        off = OfferRule.objects.for_partner(shop.world.id).get(name="off").pk
    assert offer_rules.switch_rule(off, is_on=False, actor=shop.person.actor, now=shop.now)
    assert not offer_rules.switch_rule(off, is_on=False, actor=shop.person.actor, now=shop.now)
    one = Leaver.of(shop.buyer())
    found = one.says()
    assert found is not None
    one.takes(found)
    other = Leaver.of(shop.buyer())
    assert other.says() is not None
    with tenant(shop.world.id):
        line = rule_line(shop.world.id, wanted)
        assert line.shown == 1
    assert Leaver.of(shop.buyer("Starter")).says() is None


def test_the_last_redemption_of_a_coupon_is_taken_once_when_two_take_it_at_once(shop: Shop) -> None:
    rule(shop, coupon(shop, most=1))
    leavers = [Leaver.of(shop.buyer()) for _ in range(2)]
    offers = [leaver.says() for leaver in leavers]

    def take(index: int) -> bool:
        try:
            verb = TakeOffer(leavers[index].buyer.target, offers[index])  # type: ignore[arg-type]
            door.commit(verb, quote=None, actor=leavers[index].actor, now=shop.now)
            return True
        except DomainError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, range(2))) == [False, True]
    assert sorted(outcomes(shop)) == ["open", "taken"]


def test_one_offer_taken_twice_at_once_is_taken_once(shop: Shop) -> None:
    rule(shop, coupon(shop))
    leaver = Leaver.of(shop.buyer())
    offer = leaver.says()
    assert offer is not None

    def take(_: int) -> bool:
        try:
            door.commit(TakeOffer(leaver.buyer.target, offer), quote=None, actor=leaver.actor, now=shop.now)
            return True
        except DomainError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, range(2))) == [False, True]
    with tenant(shop.world.id):
        assert Redemption.objects.for_partner(shop.world.id).count() == 1


def test_an_offer_is_nobody_elses(shop: Shop, other_world: World) -> None:
    rule(shop, PAUSE)
    leaver, neighbour = Leaver.of(shop.buyer()), Leaver.of(shop.buyer())
    offer = leaver.says()
    assert offer is not None
    with pytest.raises(NotFound):
        neighbour.takes(offer)
    with pytest.raises(NotFound):
        door.preview(TakeOffer(leaver.buyer.target, offer), actor=neighbour.actor, now=shop.now)
    with pytest.raises(NotFound):
        door.preview(TakeOffer(leaver.buyer.target, offer), actor=other_world.system, now=shop.now)


def test_rules_are_for_those_who_manage_the_settings_and_nobody_overwrites_another(shop: Shop, team: Team) -> None:
    terms = RuleTerms(Moment.LEAVING, "Stay", PAUSE)
    with pytest.raises(Forbidden):
        offer_rules.create_rule(terms, actor=team.read_only.actor, now=shop.now)
    id_ = offer_rules.create_rule(terms, actor=shop.person.actor, now=shop.now)
    renamed = RuleTerms(Moment.LEAVING, "Rest", Offer(OfferKind.PAUSE, pause_months=1))
    changed = offer_rules.change_rule(id_, renamed, version=1, actor=shop.person.actor, now=shop.now)
    assert changed == {"name": ["Stay", "Rest"], "pause_months": [2, 1]}
    with pytest.raises(OfferMoved):
        offer_rules.change_rule(id_, terms, version=1, actor=shop.person.actor, now=shop.now)
    for wrong in (
        RuleTerms(Moment.LEAVING, "", PAUSE),
        RuleTerms(Moment.LEAVING, "Stay", Offer(OfferKind.PAUSE, pause_months=4)),
        RuleTerms(Moment.LEAVING, "Stay", Offer(OfferKind.COUPON)),
        RuleTerms(Moment.BEFORE_END, "Stay", PAUSE),
        RuleTerms(Moment.LEAVING, "Stay", PAUSE, position=0),
    ):
        with pytest.raises(InvalidOffer):
            offer_rules.create_rule(wrong, actor=shop.person.actor, now=shop.now)


def test_who_would_see_a_rule_is_told_before(shop: Shop) -> None:
    shop.buyer("Basic")
    shop.buyer("Starter")
    first = rule(shop, PAUSE, position=1, price_from=Money.parse("90.00", "EUR"))
    second = rule(shop, PAUSE, position=2)
    with tenant(shop.world.id):
        found = foreseen(shop.world.id, rule_line(shop.world.id, first).rule, now=shop.now)
        assert ([one.line.plan_name for one in found.seen], found.unmet) == (["Basic"], {"price": 1})
        found = foreseen(shop.world.id, rule_line(shop.world.id, second).rule, now=shop.now)
        assert [one.line.plan_name for one in found.seen] == ["Starter"]
        assert [one.line.plan_name for one in found.earlier] == ["Basic"]


def test_a_reason_of_the_partners_own_is_a_reason_like_any(shop: Shop) -> None:
    code = offer_rules.save_reason("", {"en": "We moved", "de": ""}, is_on=True, actor=shop.person.actor, now=shop.now)
    assert code == "own_1"
    buyer = shop.buyer()
    buyer.does(Cancel(buyer.target, CancelWhen.PERIOD_END, code))
    assert answers(shop) == [("own_1", False, True)]
    with pytest.raises(InvalidCancellation):
        buyer.does(Cancel(buyer.target, CancelWhen.NOW, "own_2"))
    with pytest.raises(NotFound):
        offer_rules.save_reason("own_2", {"en": "x"}, is_on=True, actor=shop.person.actor, now=shop.now)


def test_taking_an_offer_can_be_undone_by_the_partner(shop: Shop) -> None:
    rule(shop, coupon(shop))
    leaver = Leaver.of(shop.buyer())
    offer = leaver.says()
    assert offer is not None
    outcome = leaver.takes(offer)
    with tenant(shop.world.id):
        undo = Undo.of(outcome.action_id, partner_id=shop.world.id)
    leaver.buyer.does(undo)
    with tenant(shop.world.id):
        assert not Redemption.objects.for_partner(shop.world.id).filter(ended_at=None).exists()
    assert leaver.says() is None
