"""Extend, cancel, keep, pause, resume, skip and move, through the door: what is shown is what is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from billing.documents.states import PaymentSource
from partnerpanel.actions import door
from partnerpanel.actions.billing_dates import InvalidSkip, MoveBillingDate, SkipRenewal
from partnerpanel.actions.cancel import Cancel, CancelReason, CancelWhen, InvalidCancellation, Keep
from partnerpanel.actions.extend import Extend, InvalidExtension, OutsidePayment
from partnerpanel.actions.pause import Pause, PauseWhen, Resume
from partnerpanel.actions.registry import VERBS
from partnerpanel.actions.verb import Verb
from partnerpanel.actions.waive import Waive
from partnerpanel.kernel.errors import DomainError, Forbidden
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.models import Role
from tests.actions.selling import Buyer, Shop, books_balance
from tests.people import Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 3, 15)
BEGAN = TODAY - timedelta(days=12)
ENDS = BEGAN + timedelta(days=30)
BANK = OutsidePayment(Money.parse("100.00", "EUR"), PaymentSource.BANK, TODAY)

EVERY: dict[str, Callable[[Buyer], Verb]] = {
    "extend": lambda buyer: Extend(buyer.target, "as agreed", days=10),
    "cancel": lambda buyer: Cancel(buyer.target, CancelWhen.NOW, CancelReason.UNUSED, credit_unused=True),
    "cancel later": lambda buyer: Cancel(buyer.target, CancelWhen.PERIOD_END, CancelReason.OTHER, "moves abroad"),
    "pause": lambda buyer: Pause(buyer.target, PauseWhen.NOW, date(2026, 5, 1)),
    "pause later": lambda buyer: Pause(buyer.target, PauseWhen.PERIOD_END),
    "skip": lambda buyer: SkipRenewal(buyer.target, "a gift"),
    "move": lambda buyer: MoveBillingDate(buyer.target, ENDS + timedelta(days=6)),
}


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


@pytest.mark.parametrize("name", EVERY)
def test_the_next_invoice_comes_when_and_over_what_was_shown(shop: Shop, name: str) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    verb = EVERY[name](buyer)
    shown = buyer.preview(verb)
    buyer.does(verb)
    found = buyer.preview_now()
    assert (found.plan_name, found.price, found.period) == (
        shown.after.plan_name,
        shown.after.price,
        shown.after.period,
    )
    assert (found.is_open, found.cancels) == (shown.after.is_open, shown.after.cancels)
    assert (found.next.on, found.next.amount, found.next.without) == (
        shown.after.next.on,
        shown.after.next.amount,
        shown.after.next.without,
    )
    books_balance(shop.world)


@pytest.mark.parametrize("name", EVERY)
def test_a_verb_survives_being_kept_by_a_job(shop: Shop, name: str) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    verb = EVERY[name](buyer)
    assert VERBS[verb.name].for_targets(verb.targets, verb.inputs()) == verb


@pytest.mark.parametrize("name", EVERY)
def test_read_only_people_are_refused(shop: Shop, team: Team, name: str) -> None:
    buyer = shop.buyer("Basic")
    with pytest.raises(Forbidden):
        door.preview(EVERY[name](buyer), actor=team[Role.READ_ONLY].actor, now=shop.now)


def test_days_move_the_anchor_and_cost_nothing(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.does(Extend(buyer.target, "as agreed", days=10))
    assert buyer.terms == [(BEGAN, ENDS + timedelta(days=10))]
    assert (buyer.invoices, buyer.row().anchor_on) == ([], ENDS + timedelta(days=10))


def test_an_extension_in_grace_voids_what_is_owed_and_stops_the_retries(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=28, card="sandbox_soft_decline")
    buyer.lives_until(NOW + timedelta(days=4))
    assert buyer.row().collection == "retrying"
    buyer.does(Extend(buyer.target, "the bank was closed", days=20))
    assert (buyer.row().collection, buyer.invoices) == ("current", [("void", "100.00")])
    buyer.lives_until(NOW + timedelta(days=20))
    assert buyer.invoices == [("void", "100.00")]


def test_money_from_outside_pays_the_open_renewal_whose_term_is_the_extension(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=28, card="sandbox_soft_decline")
    buyer.lives_until(NOW + timedelta(days=4))
    buyer.does(Extend(buyer.target, "paid at the counter", days=30, payment=BANK))
    assert (buyer.row().collection, buyer.invoices) == ("current", [("paid", "100.00")])
    ended = TODAY + timedelta(days=2)
    assert buyer.terms[-1] == (ended, ended + timedelta(days=30))


@pytest.mark.parametrize("days", [4, 12])
def test_what_is_owed_can_be_forgiven_before_and_after_the_deadline(shop: Shop, days: int) -> None:
    buyer = shop.buyer("Basic", days_ago=28, card="sandbox_soft_decline")
    buyer.lives_until(NOW + timedelta(days=days))
    assert buyer.row().access == ("open" if days == 4 else "blocked")
    buyer.does(Waive(buyer.target, "we were at fault"))
    ends = TODAY + timedelta(days=32)
    assert (buyer.row().collection, buyer.row().access) == ("current", "open")
    assert (buyer.invoices, buyer.terms) == ([("void", "100.00")], [(TODAY - timedelta(days=28), ends)])
    # And the next one is billed as ever.
    buyer.lives_until(NOW + timedelta(days=33))
    assert buyer.invoices == [("void", "100.00"), ("open", "100.00")]


def test_nothing_owed_is_nothing_to_forgive(shop: Shop) -> None:
    buyer = shop.buyer("Basic")
    [refusal] = door.preview(Waive(buyer.target, "why"), actor=shop.person.actor, now=shop.now).refusals
    assert refusal.code == "nothing_owed"


def test_cancelled_now_the_unused_days_go_to_the_balance_when_asked(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.does(Cancel(buyer.target, CancelWhen.NOW, CancelReason.TOO_EXPENSIVE, credit_unused=True))
    assert (buyer.row().lifecycle, buyer.row().access, buyer.balance) == ("ended", "blocked", "60.00")
    assert buyer.movements[-1] == ("churn", "-101.39")


def test_cancelled_with_the_period_it_ends_then_unless_it_is_kept(shop: Shop) -> None:
    buyer, keeper = shop.buyer("Basic"), shop.buyer("Basic")
    for one in (buyer, keeper):
        one.does(Cancel(one.target, CancelWhen.PERIOD_END, CancelReason.OTHER))
    keeper.does(Keep(keeper.target))
    buyer.lives_until(NOW + timedelta(days=19))
    assert (buyer.row().lifecycle, buyer.charged) == ("ended", [])
    assert (keeper.row().lifecycle, keeper.charged) == ("active", ["100.00"])


def test_a_pause_closes_access_and_bills_nothing_until_it_is_resumed(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.does(Pause(buyer.target, PauseWhen.NOW))
    assert (buyer.row().access, buyer.row().is_suspended, buyer.balance) == ("blocked", False, "60.00")
    buyer.lives_until(NOW + timedelta(days=90))
    assert buyer.charged == []
    buyer.does(Resume(buyer.target))
    buyer.lives_until(NOW + timedelta(days=90, minutes=5))
    today = TODAY + timedelta(days=90)
    assert (buyer.row().access, buyer.charged, buyer.terms[-1]) == ("open", ["40.00"], (today, today + timedelta(30)))


def test_a_later_billing_date_charges_the_days_between(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.does(MoveBillingDate(buyer.target, ENDS + timedelta(days=6)))
    assert (buyer.charged, buyer.terms) == (["20.00"], [(BEGAN, ENDS + timedelta(days=6))])


def test_an_earlier_billing_date_credits_them(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.does(MoveBillingDate(buyer.target, ENDS - timedelta(days=6)))
    assert (buyer.balance, buyer.terms) == ("20.00", [(BEGAN, ENDS - timedelta(days=6))])


@pytest.mark.parametrize(
    ("make", "error", "field"),
    [
        (lambda t: Extend(t, "why", months=2), InvalidExtension, "duration"),
        (lambda t: Extend(t, "why"), InvalidExtension, "duration"),
        (lambda t: Extend(t, " ", days=3), InvalidExtension, "note"),
        (lambda t: Extend(t, "why", days=999), InvalidExtension, "days"),
        (lambda t: SkipRenewal(t, ""), InvalidSkip, "note"),
        (
            lambda t: Cancel(t, CancelWhen.PERIOD_END, CancelReason.OTHER, credit_unused=True),
            InvalidCancellation,
            "credit_unused",
        ),
    ],
)
def test_wrong_input_names_its_field(
    shop: Shop, make: Callable[[object], Verb], error: type[DomainError], field: str
) -> None:
    with pytest.raises(error) as refused:
        make(shop.buyer().target)
    assert refused.value.field == field
