"""A customer has several cards: which is charged, one more, one less; and the last one stays while it is needed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.core.cache import cache

from billing.gateway.cards import EnteredCard
from billing.gateway.registry import gateway_named
from billing.methods.queries import Method, kept_methods
from billing.services.cards import CardNeeded, add_card, remove_card, use_card
from billing.services.entered_card import take_entered_card
from customers.rules.portal_roles import PortalRole
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from tests.portal.guests import Guest, guest
from tests.threads import in_threads
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr("partnerpanel.portal.page.business_now", lambda _partner: world.now)


@pytest.fixture
def subscription(world: World) -> UUID:
    """It renews, with a card on file."""
    held = world.subscription(started_at=world.now - timedelta(days=3), paid_elsewhere=True)
    customer = world.read_subscription(held).customer_id
    add_card(customer, gateway="sandbox", ref="sandbox_ok", actor=world.system, now=world.now)
    return held


@pytest.fixture
def owner(world: World, subscription: UUID) -> Guest:
    return guest(world, world.read_subscription(subscription).customer_id)


def kept(world: World, owner: Guest) -> list[Method]:
    with tenant(world.id):
        return kept_methods(world.id, owner.customer)


def another(world: World, owner: Guest, ref: str = "sandbox_soft_decline") -> UUID:
    return add_card(owner.customer, gateway="sandbox", ref=ref, actor=owner.actor, now=world.now)


def path(owner: Guest, id_: UUID, what: str) -> str:
    return f"{owner.at}payment/cards/{public('pm', id_)}/{what}/"


def test_one_more_card_is_kept_beside_and_charged_for_nothing(world: World, owner: Guest) -> None:
    answer = owner.client().post(f"{owner.at}payment/card/another/", {"method": "sandbox_soft_decline"})
    assert answer.headers["Location"].endswith("said=card-added")
    assert [one.is_default for one in kept(world, owner)] == [True, False]
    owner.client().post(f"{owner.at}payment/card/another/", {"method": "sandbox_soft_decline"})
    assert len(kept(world, owner)) == 2
    assert owner.client().get(f"{owner.at}payment/").content.decode().count("/remove/") == 2


def test_the_chosen_card_is_charged_by_the_next_renewal(world: World, owner: Guest, subscription: UUID) -> None:
    chosen = another(world, owner)
    answer = owner.client().post(path(owner, chosen, "use"))
    assert answer.headers["Location"].endswith("said=card-chosen")
    assert [(one.id == chosen, one.is_default) for one in kept(world, owner)] == [(True, True), (False, False)]
    world.now += timedelta(days=40)
    world.drain("subscriptions", "charges", "outbox")
    assert world.read_subscription(subscription).collection == "retrying"


def test_choosing_a_card_pays_what_is_open_once(world: World, owner: Guest, subscription: UUID) -> None:
    good = kept(world, owner)[0].id
    use_card(another(world, owner), actor=owner.actor, now=world.now)
    world.now += timedelta(days=40)
    world.drain("subscriptions", "charges", "outbox")
    first, second = (owner.client().post(path(owner, good, "use")) for _ in range(2))
    assert first.headers["Location"].endswith("said=paid")
    assert second.headers["Location"].endswith("said=card-chosen")
    assert world.read_subscription(subscription).collection == "current"


def test_the_only_card_stays_while_something_renews_and_goes_when_nothing_does(
    world: World, owner: Guest, subscription: UUID
) -> None:
    only = kept(world, owner)[0].id
    page = owner.client().get(path(owner, only, "remove")).content.decode()
    assert "there is no other" in page
    assert "Yes, Remove" not in page
    assert owner.client().post(path(owner, only, "remove")).status_code == 409
    with tenant(world.id):
        Subscription.objects.for_partner(world.id).update(cancel_at_period_end=True)
    assert owner.client().post(path(owner, only, "remove")).headers["Location"].endswith("said=card-removed")
    assert kept(world, owner) == []
    assert owner.client().post(path(owner, only, "remove")).status_code == 404


def test_another_card_takes_the_place_of_the_one_that_goes(world: World, owner: Guest) -> None:
    only = kept(world, owner)[0].id
    heir = another(world, owner)
    assert "is charged" in owner.client().get(path(owner, only, "remove")).content.decode()
    remove_card(only, actor=owner.actor, now=world.now)
    assert [(one.id, one.is_default) for one in kept(world, owner)] == [(heir, True)]


def test_a_card_entered_at_the_gateway_beside_another_is_kept_once_and_charged_for_nothing(
    world: World, owner: Guest
) -> None:
    facts = gateway_named("sandbox").describe_method(world.id, "sandbox_soft_decline")
    entered = EnteredCard(owner.customer, None, "sandbox_soft_decline", facts, beside=True)
    for _told in range(2):
        assert take_entered_card(world.id, "sandbox", entered, now=world.now) == []
    assert [one.is_default for one in kept(world, owner)] == [True, False]


def test_whoever_looks_after_the_service_touches_no_card(world: World, owner: Guest) -> None:
    technical = guest(world, owner.customer, PortalRole.TECHNICAL)
    extra = another(world, owner)
    for what in ("use", "remove"):
        assert technical.client().post(path(owner, extra, what)).status_code == 403
    assert len(kept(world, owner)) == 2


def test_a_card_of_another_customer_or_partner_is_nobodys(world: World, other_world: World, owner: Guest) -> None:
    theirs = add_card(
        other_world.customer(), gateway="sandbox", ref="sandbox_ok", actor=other_world.system, now=world.now
    )
    for use in (use_card, remove_card):
        with pytest.raises(NotFound):
            use(theirs, actor=owner.actor, now=world.now)
    next_door = guest(world, world.customer())
    assert next_door.client().post(path(next_door, kept(world, owner)[0].id, "remove")).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_who_remove_at_once_leave_the_card_that_is_needed(world: World, owner: Guest) -> None:
    another(world, owner)
    ids = [one.id for one in kept(world, owner)]
    actor = owner.actor

    def remove(id_: UUID) -> bool:
        try:
            remove_card(id_, actor=actor, now=world.now)
        except CardNeeded:
            return False
        return True

    assert sorted(in_threads(*(partial(remove, id_) for id_ in ids))) == [False, True]
    assert len(kept(world, owner)) == 1


def test_one_subscription_has_a_card_of_its_own_and_the_pages_say_so(
    world: World, owner: Guest, subscription: UUID
) -> None:
    client, second = owner.client(), another(world, owner)
    choose = f"{owner.at}payment/{public('sub', subscription)}/card/"
    assert choose in client.get(f"{owner.at}payment/").content.decode()
    assert "Nothing is charged now." in client.get(choose).content.decode()
    answer = client.post(choose, {"card": public("pm", second)})
    assert answer.headers["Location"].endswith("payment/?said=card-of")
    assert "chosen for it" in client.get(f"{owner.at}payment/").content.decode()
    assert "···· 0002" in client.get(owner.at).content.decode()
    assert kept(world, owner)[0].gateway_ref == "sandbox_ok"
    assert "From now on Sandbox ···· 0001 is charged." in client.get(path(owner, second, "remove")).content.decode()
    client.post(path(owner, second, "remove"))
    assert "···· 0001" in client.get(owner.at).content.decode()


def test_what_is_open_is_charged_to_the_card_that_is_chosen_for_it(
    world: World, owner: Guest, subscription: UUID
) -> None:
    second = another(world, owner)
    choose_path = f"{owner.at}payment/{public('sub', subscription)}/card/"
    owner.client().post(choose_path, {"card": public("pm", second)})
    world.now += timedelta(days=29)
    world.drain("subscriptions", "charges")
    assert world.read_subscription(subscription).collection == "retrying"
    first = next(one for one in kept(world, owner) if one.is_default)
    assert "is charged to the card that you choose" in owner.client().get(choose_path).content.decode()
    answer = owner.client().post(choose_path, {"card": public("pm", first.id)})
    assert answer.headers["Location"].endswith("said=paid")
    assert world.read_subscription(subscription).collection == "current"
