"""A card that is taken away here is detached at Stripe, too: after the commit, once, and in nobody's way."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from billing.detaching.models import CardToDetach
from billing.detaching.services import QUEUE, detach_later
from billing.detaching.worker import THEN_EVERY, WAITS
from billing.gateway.registry import gateway_named
from billing.gateway.stripe.gateway import StripeGateway
from billing.methods.services import add_method
from billing.models import PaymentAttempt, PaymentMethod
from billing.services.cards import add_card, remove_card
from partnerpanel.actions import cards, door
from partnerpanel.actions.erase import Erase
from partnerpanel.actions.verb import Target
from partnerpanel.embedded.stripe.account import Object
from partnerpanel.embedded.stripe.api import answer
from partnerpanel.embedded.stripe.server import Double
from partnerpanel.tenancy.scope import tenant
from tests.billing.gateway.stripe_worlds import KEY, OTHER_KEY, double
from tests.people import Person
from tests.world import World

__all__ = ["double"]

pytestmark = pytest.mark.django_db(transaction=True)


def attached(double: Double, key: str = KEY) -> Object:
    """A card that Stripe keeps for somebody."""
    account = double.account(key)
    customer = answer(account, "POST", "/v1/customers", {})
    return answer(account, "POST", "/v1/payment_methods/pm_card_visa/attach", {"customer": customer["id"]})


def is_attached(double: Double, ref: str, key: str = KEY) -> bool:
    return bool(double.account(key).objects[ref]["customer"])


def keep(world: World, ref: str, customer: UUID | None = None, gateway: str = "stripe") -> UUID:
    return add_card(customer or world.customer(), gateway=gateway, ref=ref, actor=world.system, now=world.now)


def remove(world: World, method: UUID) -> None:
    remove_card(method, actor=world.system, now=world.now)


def waiting(world: World) -> list[tuple[str, int]]:
    with tenant(world.id):
        rows = CardToDetach.objects.for_partner(world.id).order_by("gateway_ref")
        return list(rows.values_list("gateway_ref", "attempts"))


def test_a_card_that_is_taken_away_is_detached_after_the_commit(double: Double, world: World) -> None:
    card, other = attached(double)["id"], attached(double)["id"]
    customer = world.customer()
    gone, _ = keep(world, card, customer), keep(world, other, customer)
    remove(world, gone)
    assert is_attached(double, card)
    assert waiting(world) == [(card, 0)]
    world.drain(QUEUE)
    assert not is_attached(double, card)
    assert is_attached(double, other)
    assert waiting(world) == []


def test_panel_portal_and_programs_remove_by_the_same_action(double: Double, world: World, owner: Person) -> None:
    card = attached(double)["id"]
    cards.remove(keep(world, card), actor=owner.actor, now=world.now)
    world.drain(QUEUE)
    assert not is_attached(double, card)


def test_what_is_detached_already_or_unknown_is_done(double: Double, world: World) -> None:
    card = attached(double)["id"]
    answer(double.account(KEY), "POST", f"/v1/payment_methods/{card}/detach", {})
    with tenant(world.id):
        for _ in range(2):
            detach_later(world.id, [("stripe", card), ("stripe", "pm_of_nobody")], now=world.now)
    assert len(waiting(world)) == 2
    world.drain(QUEUE)
    assert waiting(world) == []


def test_removing_does_not_wait_for_stripe_which_is_asked_again_later_each_time(double: Double, world: World) -> None:
    card = attached(double)["id"]
    method = keep(world, card)
    double.is_down = True
    remove(world, method)
    for tried, wait in enumerate([*WAITS, THEN_EVERY, THEN_EVERY], start=1):
        world.drain(QUEUE)
        with tenant(world.id):
            row = CardToDetach.objects.for_partner(world.id).get()
        assert (row.attempts, row.due_at, row.parked_at) == (tried, world.now + wait, None)
        assert "gives no answer" in row.last_error
        world.now += wait
    double.is_down = False
    world.drain(QUEUE)
    assert not is_attached(double, card)
    assert waiting(world) == []


def test_while_stripe_is_down_one_question_is_enough(double: Double, world: World) -> None:
    methods = [keep(world, attached(double)["id"]) for _ in range(3)]
    double.is_down = True
    for method in methods:
        remove(world, method)
    world.drain(QUEUE)
    assert sorted(tried for _, tried in waiting(world)) == [0, 0, 1]
    double.is_down = False
    world.now += timedelta(minutes=2)
    world.drain(QUEUE)
    assert waiting(world) == []


def test_a_card_that_somebody_else_still_has_stays_attached(double: Double, world: World) -> None:
    card = attached(double)["id"]
    first, second = keep(world, card), keep(world, card)
    remove(world, first)
    world.drain(QUEUE)
    assert is_attached(double, card)
    assert waiting(world) == []
    remove(world, second)
    world.drain(QUEUE)
    assert not is_attached(double, card)


def test_a_charge_that_is_under_way_is_waited_for(double: Double, world: World) -> None:
    card = attached(double)["id"]
    past = World(world.partner, now=world.now - timedelta(days=32))
    customer = past.customer()
    past.subscription(customer=customer, started_at=past.now, with_service=False)
    keep(past, card, customer)
    world.drain("subscriptions")
    with tenant(world.id):
        attempts = PaymentAttempt.objects.for_partner(world.id).filter(method_ref=card)
        assert attempts.update(status="processing", due_at=None) == 1
        detach_later(world.id, [("stripe", card)], now=world.now)
        PaymentMethod.objects.for_partner(world.id).update(is_default=False, replaced_at=world.now)
    world.drain(QUEUE)
    assert is_attached(double, card)
    assert waiting(world) == [(card, 0)]
    with tenant(world.id):
        PaymentAttempt.objects.for_partner(world.id).update(status="succeeded")
    world.now += timedelta(hours=1)
    world.drain(QUEUE)
    assert not is_attached(double, card)


def test_each_partner_asks_with_its_own_key(double: Double, world: World, other_world: World) -> None:
    card, same = attached(double)["id"], attached(double, OTHER_KEY)
    theirs = double.account(OTHER_KEY)
    theirs.objects[card] = same | {"id": card}
    remove(world, keep(world, card))
    other_world.drain(QUEUE)
    assert is_attached(double, card)
    world.drain(QUEUE)
    assert not is_attached(double, card)
    assert is_attached(double, card, OTHER_KEY)


def test_erasing_a_customer_detaches_what_was_kept_and_what_was_replaced(
    double: Double, world: World, owner: Person
) -> None:
    old, new = attached(double)["id"], attached(double)["id"]
    customer = world.customer()
    keep(world, old, customer)
    facts = gateway_named("stripe").describe_method(world.id, new)
    with tenant(world.id):
        add_method(customer, gateway="stripe", ref=new, facts=facts, actor=world.system, now=world.now)
    verb = Erase((Target(customer),))
    quote = door.preview(verb, actor=owner.actor, now=world.now)
    assert waiting(world) == []
    door.commit(verb, quote=quote.token, actor=owner.actor, now=world.now)
    world.drain(QUEUE)
    assert not is_attached(double, old)
    assert not is_attached(double, new)
    assert waiting(world) == []


def test_the_sandbox_has_nothing_to_detach(world: World) -> None:
    remove(world, keep(world, "sandbox_ok", gateway="sandbox"))
    assert waiting(world) == []


def test_detaching_twice_is_detaching_once(double: Double, world: World) -> None:
    card = attached(double)["id"]
    for _ in range(2):
        StripeGateway().detach(world.id, card)
    assert not is_attached(double, card)
