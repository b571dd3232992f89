"""Taking up again what has ended: once, by whom it may be, whatever comes between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from billing.models import Invoice, PaymentAttempt
from billing.rules.changes.cancelling import CancelReason, CancelWhen
from billing.rules.subscribing import FirstPayment
from customers.rules.portal_roles import PortalRole
from partnerpanel.actions import door
from partnerpanel.actions.cancel import Cancel
from partnerpanel.actions.erase import Erase
from partnerpanel.actions.invoice_verbs import GiveUpInvoice
from partnerpanel.actions.restart import Restart
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import DomainError, Forbidden, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.retention import worker
from partnerpanel.retention.models import RetentionCase
from partnerpanel.retention.queries.clocks import clocks_of
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.catalogue import PlanChange
from subscriptions.rules.states import HoldKind, Lifecycle
from subscriptions.services.archive import archive_plan
from subscriptions.services.catalogue_changes import change_plan
from tests.actions.selling import Buyer, Shop, books_balance
from tests.people import Team
from tests.portal.guests import guest
from tests.threads import in_threads
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def gone(shop: Shop, *, card: str = "sandbox_ok", **other: Any) -> Buyer:
    """Somebody who left at once."""
    buyer = shop.buyer(card=card, **other)
    buyer.does(Cancel(buyer.target, CancelWhen.NOW, CancelReason.UNUSED))
    return buyer


def lifecycle(buyer: Buyer) -> str:
    return str(buyer.row().lifecycle)


def attempts(buyer: Buyer) -> list[str]:
    with tenant(buyer.shop.world.id):
        rows = PaymentAttempt.objects.for_partner(buyer.shop.world.id).filter(subscription=buyer.subscription)
        return list(rows.order_by("pk").values_list("status", flat=True))


def test_the_preview_says_what_is_charged_and_when_next(shop: Shop) -> None:
    buyer = gone(shop)
    plan = buyer.preview(Restart(buyer.target))
    assert plan.planned is not None
    assert str(plan.planned.due_now) == "100.00 EUR"
    assert (plan.before.is_open, plan.after.is_open) == (False, True)
    assert plan.after.next.on is not None
    assert (plan.after.next.on, str(plan.after.next.amount)) == (
        shop.now.date() + timedelta(days=30),
        "100.00 EUR",
    )
    outcome = buyer.does(Restart(buyer.target))
    assert list(outcome.charges.values()) == ["succeeded"]
    assert [mail.title for mail in outcome.quote.mails] != []
    assert (lifecycle(buyer), buyer.charged) == ("active", ["100.00"])
    books_balance(shop.world)


def test_pressed_twice_and_at_once_it_is_charged_once(shop: Shop) -> None:
    buyer = gone(shop)
    actor = guest(shop.world, buyer.customer).actor

    def presses() -> str:
        try:
            door.commit(Restart(buyer.target), quote=None, actor=actor, now=shop.now)
        except DomainError as error:
            return str(error.code)
        return "back"

    assert sorted(in_threads(presses, presses, presses)) == ["back", "nothing_to_do", "nothing_to_do"]
    assert presses() == "nothing_to_do"
    shop.world.drain(now=shop.now)
    assert (lifecycle(buyer), buyer.charged, attempts(buyer)) == ("active", ["100.00"], ["succeeded"])


@pytest.mark.parametrize("step", ["before the gateway is asked", "after the gateway was asked"])
def test_killed_between_the_charge_and_the_opening_it_opens_once(
    shop: Shop, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer = gone(shop)

    class Killed(BaseException):
        pass

    def dies(*_: object, **__: object) -> None:
        raise Killed

    where = "partnerpanel.actions.door.ask_now" if step.startswith("before") else "billing.charging.worker.settle"
    with monkeypatch.context() as patched:
        patched.setattr(where, dies)
        with pytest.raises(Killed):
            door.commit(Restart(buyer.target), quote=None, actor=shop.person.actor, now=shop.now)
    assert lifecycle(buyer) == "incomplete"
    with tenant(shop.world.id):  # the dead worker's lease runs out
        PaymentAttempt.objects.for_partner(shop.world.id).update(leased_until=None)
    shop.world.drain("charges", "outbox", "provisioning", now=shop.now + timedelta(minutes=30))
    assert (lifecycle(buyer), buyer.charged, attempts(buyer)) == ("active", ["100.00"], ["succeeded"])


def test_it_is_for_those_who_may_sell_and_for_nobody_elses_customer(shop: Shop, team: Team, other_world: World) -> None:
    buyer, neighbour = gone(shop), gone(shop)
    verb = Restart(buyer.target)
    technical = guest(shop.world, buyer.customer, PortalRole.TECHNICAL).actor
    for forbidden in (technical, team.read_only.actor, team[Role.SUPPORT].actor):
        with pytest.raises(Forbidden):
            door.preview(verb, actor=forbidden, now=shop.now)
    with pytest.raises(NotFound):
        door.preview(verb, actor=guest(shop.world, neighbour.customer).actor, now=shop.now)
    with pytest.raises(NotFound):
        door.preview(verb, actor=other_world.system, now=shop.now)
    with pytest.raises(NotFound):
        door.preview(Restart((Target(neighbour.customer, buyer.subscription),)), actor=shop.person.actor, now=shop.now)
    with pytest.raises(NotFound):
        door.preview(Restart((Target(buyer.customer, uuid7()),)), actor=shop.person.actor, now=shop.now)
    assert lifecycle(buyer) == "ended"


def refusal(buyer: Buyer) -> str:
    quote = door.preview(Restart(buyer.target), actor=buyer.shop.person.actor, now=buyer.shop.now)
    return quote.refusals[0].code if quote.refusals else ""


def test_a_plan_that_is_sold_no_more_is_said_so(shop: Shop) -> None:
    buyer = gone(shop)
    with tenant(shop.world.id):
        archive_plan(shop.plans["Basic"], actor=shop.world.system, now=shop.now)
    assert refusal(buyer) == "not_sold"


def test_a_list_price_is_that_of_today_and_an_agreed_one_holds(shop: Shop) -> None:
    listed, agreed = gone(shop), gone(shop, price=Money.parse("80.00", "EUR"))
    dearer = PlanChange(prices=(Money.parse("120.00", "EUR"),))
    with tenant(shop.world.id):
        change_plan(shop.plans["Basic"], dearer, version=1, actor=shop.world.system, now=shop.now)
    for buyer in (listed, agreed):
        buyer.does(Restart(buyer.target))
    assert (listed.charged, agreed.charged) == (["120.00"], ["80.00"])


def test_whoever_is_blocked_is_not_charged(shop: Shop) -> None:
    buyer = gone(shop)
    buyer.does(Suspend((Target(buyer.customer),), HoldKind.MANUAL, "as agreed"))
    assert refusal(buyer) == "held"


def test_the_balance_pays_for_it_at_once(shop: Shop) -> None:
    buyer = shop.buyer(days_ago=0)
    buyer.does(Cancel(buyer.target, CancelWhen.NOW, CancelReason.UNUSED, "", credit_unused=True))
    assert buyer.balance == "100.00"
    outcome = buyer.does(Restart(buyer.target))
    assert (lifecycle(buyer), buyer.balance, dict(outcome.charges)) == ("active", "0.00", {})
    assert buyer.row().access == "open"
    books_balance(shop.world)


def test_an_invoice_of_its_next_period_that_was_given_up_stands_in_the_way(shop: Shop) -> None:
    buyer = shop.buyer(days_ago=29, card="sandbox_soft_decline")
    buyer.lives_until(shop.now + timedelta(days=2))
    with tenant(shop.world.id):
        invoice = Invoice.objects.for_partner(shop.world.id).get(subscription=buyer.subscription, status="open")
    buyer.does(GiveUpInvoice(buyer.target, invoice.pk, "gone abroad"))
    assert lifecycle(buyer) == "ended"
    assert refusal(buyer) == "billed_already"


def test_a_return_and_an_erasure_at_once_leave_one_of_both(shop: Shop) -> None:
    for number in range(4):
        buyer = gone(shop)

        def returns(buyer: Buyer = buyer) -> str:
            try:
                verb = Restart(buyer.target, FirstPayment.INVOICE)
                door.commit(verb, quote=None, actor=shop.person.actor, now=shop.now)
            except DomainError:
                return ""
            return "back"

        def erases(buyer: Buyer = buyer) -> str:
            try:
                door.commit(Erase((Target(buyer.customer),)), quote=None, actor=shop.person.actor, now=shop.now)
            except DomainError:
                return ""
            return "erased"

        said = in_threads(*((returns, erases) if number % 2 else (erases, returns)))
        assert sorted(said)[0] == ""
        [won] = [one for one in said if one]
        is_erased = shop.world.read_customer(buyer.customer).erased_at is not None
        assert (lifecycle(buyer), is_erased) == (("ended", True) if won == "erased" else ("incomplete", False))


def test_who_came_back_after_the_days_were_counted_is_not_erased(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker has seen that the days are over; then the return comes, declined and waiting for another card."""
    buyer = gone(shop, card="sandbox_soft_decline")
    late = shop.now + timedelta(days=40)
    with tenant(shop.world.id):
        RetentionCase.objects.for_partner(shop.world.id).update(
            since_on=shop.now.date(), warnings=2, last_warned_on=shop.now.date() + timedelta(days=27), due_at=late
        )
    counted = clocks_of
    calls: list[object] = []

    def comes_between(*asked: object) -> object:
        found = counted(*asked)  # type: ignore[arg-type]
        calls.append(asked)
        if len(calls) == 1:
            in_threads(lambda: door.commit(Restart(buyer.target), quote=None, actor=shop.person.actor, now=late))
        return found

    monkeypatch.setattr(worker, "clocks_of", comes_between)
    worker.drain_retention(shop.world.id, late)
    assert len(calls) == 2
    assert lifecycle(buyer) == Lifecycle.INCOMPLETE
    assert shop.world.read_customer(buyer.customer).erased_at is None
    with tenant(shop.world.id):
        assert RetentionCase.objects.for_partner(shop.world.id).get().outcome == "kept"
