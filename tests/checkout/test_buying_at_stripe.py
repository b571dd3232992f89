"""Somebody buys with a card that is entered at Stripe: once, whoever tells us first, and whatever dies meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from billing.gateway.stripe.endpoints import make_endpoint
from partnerpanel.actions.checkout import settle as settling
from partnerpanel.actions.checkout.settle import settle
from partnerpanel.embedded.stripe.account import Account, Object
from partnerpanel.embedded.stripe.checkout import complete
from partnerpanel.embedded.stripe.post import Post
from partnerpanel.embedded.stripe.server import Double
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from tests.billing.gateway.stripe_worlds import KEY, double, put
from tests.checkout.buyers import ADDRESS, Buyer, charges, customers, sells
from tests.panel.scriptless import text
from tests.people import Team
from tests.world import World

__all__ = ["double"]

VISA, DECLINED = "pm_card_visa", "pm_card_chargeDeclinedInsufficientFunds"
BANK = "pm_card_authenticationRequired"


@dataclass
class Shopper(Buyer):
    """Who stands before Stripe's page."""

    account: Account | None = None

    def reaches_stripe(self) -> Object:
        """From the order to the page that waits for a card."""
        self.page = self.client.post(f"{self.at}card/")
        where = self.page.headers["Refresh"].removeprefix("0;url=")
        return self.of.objects[where.rpartition("/")[2]]

    @property
    def of(self) -> Account:
        assert self.account is not None
        return self.account

    def enters(self, session: Object, card: str) -> str:
        """Enters the card and comes back."""
        return self._follow(self.client.get(complete(self.of, session, card)))

    def is_told(self, times: int = 3) -> None:
        """Stripe's webhooks, shuffled and more than once, and the workers that they wake."""
        Post(put, times=times).deliver(self.of)
        self.world.drain("news", "outbox", "checkouts", "charges", now=system_now())

    @property
    def paid(self) -> int:
        return len(list(self.of.of("payment_intent", status="succeeded")))


@pytest.fixture
def shopper(double: Double, world: World, team: Team) -> Shopper:
    world.now = system_now()
    make_endpoint(actor=world.system, now=world.now)
    buyer = Shopper(world, sells(world, team.owner), account=double.accounts[KEY])
    buyer.begins()
    buyer.proves()
    buyer.orders()
    return buyer


def subscriptions(world: World) -> list[str]:
    with tenant(world.id):
        return list(Subscription.objects.for_partner(world.id).values_list("lifecycle", flat=True))


def test_a_card_that_is_entered_buys_and_coming_back_again_buys_nothing_more(shopper: Shopper) -> None:
    session = shopper.reaches_stripe()
    assert "30.00 is charged to this card at once" in session["_told"]
    assert "Thank you" in shopper.enters(session, VISA)
    shopper.is_told()
    shopper.comes_back()
    assert subscriptions(shopper.world) == ["active"]
    assert charges(shopper.world) == [("asked", "succeeded", 3000)]
    assert shopper.paid == 1


def test_whoever_does_not_come_back_has_bought_all_the_same(shopper: Shopper) -> None:
    complete(shopper.of, shopper.reaches_stripe(), VISA)
    shopper.is_told(times=3)
    assert subscriptions(shopper.world) == ["active"]
    assert shopper.row.state == "completed"
    assert (len(charges(shopper.world)), shopper.paid) == (1, 1)


def test_where_nobody_tells_the_sweep_finds_the_card(shopper: Shopper) -> None:
    complete(shopper.of, shopper.reaches_stripe(), VISA)
    shopper.world.drain("checkouts", now=system_now() + timedelta(minutes=2))
    assert subscriptions(shopper.world) == ["active"]
    assert shopper.row.state == "completed"
    assert shopper.paid == 1


def test_two_pages_in_two_tabs_and_two_cards_pay_once(shopper: Shopper) -> None:
    first, second = shopper.reaches_stripe(), shopper.reaches_stripe()
    assert "Thank you" in shopper.enters(first, VISA)
    complete(shopper.of, second, "pm_card_mastercard")
    shopper.is_told()
    assert subscriptions(shopper.world) == ["active"]
    assert shopper.paid == 1


def test_a_card_that_is_declined_is_followed_by_another_one(shopper: Shopper) -> None:
    assert "The card was declined" in shopper.enters(shopper.reaches_stripe(), DECLINED)
    shopper.is_told()
    assert subscriptions(shopper.world) == ["incomplete"]
    assert "Thank you" in shopper.enters(shopper.reaches_stripe(), VISA)
    assert [status for _purpose, status, _amount in charges(shopper.world)] == ["declined", "succeeded"]
    assert (subscriptions(shopper.world), shopper.paid) == (["active"], 1)


class Killed(BaseException):
    """The process died here."""


@pytest.mark.parametrize("where", ["take_entered_card", "begin", "ask_now", "tell"])
def test_killed_between_two_steps_it_is_bought_once_by_whoever_comes_next(
    shopper: Shopper, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(shopper.of, shopper.reaches_stripe(), VISA)

    def dies(*_args: Any, **_kwargs: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(settling, where, dies)
        with pytest.raises(Killed):
            settle(shopper.world.id, shopper.id, now=system_now())
    assert shopper.row.state == "paying"
    for _ in range(2):
        shopper.is_told(times=1)
        settle(shopper.world.id, shopper.id, now=system_now())
    assert shopper.row.state == "completed"
    assert subscriptions(shopper.world) == ["active"]
    assert shopper.paid == 1


def test_stripe_that_is_away_is_said_and_nothing_is_lost(shopper: Shopper, double: Double) -> None:
    double.is_down = True
    answer = shopper.client.post(f"{shopper.at}card/")
    assert "cannot be reached at the moment" in text(answer)
    assert shopper.row.state == "paying"
    assert charges(shopper.world) == []


def test_an_order_of_one_partner_takes_no_card_of_anothers(shopper: Shopper, other_world: World) -> None:
    session = shopper.reaches_stripe()
    complete(shopper.of, session, VISA)
    theirs = f"/p/{other_world.partner.slug}/order/{public('chk', shopper.id)}/back/"
    assert shopper.client.get(theirs).status_code == 404
    assert charges(shopper.world) == []
    assert customers(other_world, ADDRESS) == []
