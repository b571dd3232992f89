"""Undo of what bills: dates and wishes return, money is counter-booked, and what changed since is left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from billing.documents.states import PaymentSource
from billing.models import CreditNote
from billing.rules.changes.cancelling import CancelReason, CancelWhen
from billing.rules.changes.outcome import ChangeCaution
from billing.rules.changes.pausing import PauseWhen
from customers.services.tagging import set_tags
from notifications.models import Message
from partnerpanel.actions import door
from partnerpanel.actions.billing_dates import SkipRenewal
from partnerpanel.actions.bulk import control
from partnerpanel.actions.cancel import Cancel, Keep
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.door import Outcome, Refused
from partnerpanel.actions.extend import Extend, OutsidePayment
from partnerpanel.actions.pause import Pause
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.tag import Tag
from partnerpanel.actions.undo import Undo
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.change import Anchor, When
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from tests.actions.carry_out import carry_out, everything, undo
from tests.actions.jobs import begun, carried_out, confirmed, rows_of, states_of
from tests.actions.selling import Buyer, Shop, books_balance
from tests.people import Person, Team
from tests.threads import in_threads
from tests.world import NOW, World

NOW_ = CancelWhen.NOW
AT_END = CancelWhen.PERIOD_END
COLUMNS = (
    "plan_id", "price_amount", "lifecycle", "access", "is_suspended", "collection", "anchor_on", "auto_renew",
    "cancel_at_period_end", "paused_from", "paused_until", "ended_at", "trial_ends_at", "renewal_waits", "due_at",
)  # fmt: skip


@pytest.fixture
def shop(world: World, owner: Person) -> Shop:
    return Shop(world, owner)


def standing(buyer: Buyer) -> dict[str, Any]:
    """Everything that undoing puts back."""
    buyer.shop.world.drain("subscriptions", now=buyer.shop.now)
    row = buyer.row()
    return {name: getattr(row, name) for name in COLUMNS} | {"end": buyer.terms[-1][1], "plan": buyer.plan}


def undoes(buyer: Buyer, outcome: Outcome) -> Outcome:
    return buyer.does(undo(outcome, buyer.shop.world))


def cautions(buyer: Buyer, verb: Verb) -> set[str]:
    return {str(one) for one in door.preview(verb, actor=buyer.shop.person.actor, now=buyer.shop.now).warnings}


def cancel(buyer: Buyer, when: CancelWhen, **more: Any) -> Cancel:
    return Cancel(buyer.target, when, CancelReason.UNUSED, **more)


def paid(text: str) -> OutsidePayment:
    return OutsidePayment(Money.parse(text, "EUR"), PaymentSource.BANK, NOW.date())


WITHOUT_MONEY: dict[str, Callable[[Buyer], Verb]] = {
    "a change at the next billing": lambda buyer: buyer.to("Starter", When.PERIOD_END),
    "days given": lambda buyer: Extend(buyer.target, "sorry", days=10),
    "months given": lambda buyer: Extend(buyer.target, "sorry", months=3),
    "a cancellation with the period": lambda buyer: cancel(buyer, AT_END),
    "a cancellation at once": lambda buyer: cancel(buyer, NOW_),
    "a pause that begins later": lambda buyer: Pause(buyer.target, PauseWhen.PERIOD_END),
    "a renewal skipped": lambda buyer: SkipRenewal(buyer.target, "sorry"),
}


@pytest.mark.parametrize("what", WITHOUT_MONEY)
def test_undoing_restores_exactly(shop: Shop, what: str) -> None:
    buyer = shop.buyer()
    before = standing(buyer)
    outcome = buyer.does(WITHOUT_MONEY[what](buyer))
    assert standing(buyer) != before or "next billing" in what
    undoes(buyer, outcome)
    assert standing(buyer) == before
    assert buyer.balance in ("0", "0.00")
    assert not any(change.endswith("scheduled") for _kind, change in buyer.changes_made)
    buyer.lives_until(NOW + timedelta(days=18))
    assert (buyer.row().lifecycle, buyer.charged) == ("active", ["100.00"])
    books_balance(shop.world)


@pytest.mark.parametrize("what", WITHOUT_MONEY)
def test_what_changed_since_is_left_alone_and_the_same_is_undone_once(shop: Shop, what: str) -> None:
    buyer = shop.buyer()
    outcome = buyer.does(WITHOUT_MONEY[what](buyer))
    verb = undo(outcome, shop.world)
    carry_out(verb, shop.person)
    before = everything(shop.world)
    with pytest.raises(Refused, match="changed since"):
        door.commit(verb, quote=None, actor=shop.person.actor, now=NOW)
    assert everything(shop.world) == before


@pytest.mark.parametrize("what", WITHOUT_MONEY)
def test_undo_is_open_for_a_day_of_business_time(shop: Shop, what: str) -> None:
    buyer = shop.buyer(days_ago=5)
    outcome = buyer.does(WITHOUT_MONEY[what](buyer))
    late = NOW + timedelta(hours=24, seconds=1)
    quote = door.preview(undo(outcome, shop.world), actor=shop.person.actor, now=late)
    assert [refusal.code for refusal in quote.refusals] == ["too_late_to_undo"]
    carry_out(undo(outcome, shop.world), shop.person, now=NOW + timedelta(hours=24))


@pytest.mark.parametrize("what", WITHOUT_MONEY)
def test_the_customer_is_told_what_the_preview_showed(shop: Shop, world: World, what: str) -> None:
    buyer = shop.buyer()
    verb = undo(buyer.does(WITHOUT_MONEY[what](buyer)), world)
    with tenant(world.id):
        before = set(Message.objects.for_partner(world.id).values_list("pk", flat=True))
    shown = [(mail.title, mail.body) for mail in door.preview(verb, actor=shop.person.actor, now=NOW).mails]
    buyer.does(verb)
    world.drain("mail")
    with tenant(world.id):
        sent = Message.objects.for_partner(world.id).exclude(pk__in=before)
        assert [(mail.subject, mail.body) for mail in sent] == shown
    assert len(shown) == 1


def test_something_else_in_between_is_a_change(shop: Shop) -> None:
    buyer = shop.buyer()
    outcome = buyer.does(Extend(buyer.target, "sorry", days=10))
    buyer.does(cancel(buyer, AT_END))
    quote = door.preview(undo(outcome, shop.world), actor=shop.person.actor, now=NOW)
    assert [refusal.code for refusal in quote.refusals] == ["changed_since"]


def test_a_subscription_that_was_kept_is_cancelled_again(shop: Shop) -> None:
    buyer = shop.buyer()
    buyer.does(cancel(buyer, AT_END))
    cancelled = standing(buyer)
    undoes(buyer, buyer.does(Keep(buyer.target)))
    assert standing(buyer) == cancelled


def test_time_that_was_paid_for_goes_to_the_balance(shop: Shop) -> None:
    buyer = shop.buyer()
    before = standing(buyer)
    outcome = buyer.does(Extend(buyer.target, "by bank", days=30, payment=paid("100.00")))
    verb = undo(outcome, shop.world)
    assert cautions(buyer, verb) == {ChangeCaution.PAYMENT_TO_BALANCE}
    assert str(buyer.preview(verb).planned.to_balance) == "100.00 EUR"  # type: ignore[union-attr]
    buyer.does(verb)
    assert standing(buyer) == before
    assert (buyer.balance, buyer.credit_notes) == ("100.00", ["100.00"])
    with tenant(shop.world.id):
        assert CreditNote.objects.for_partner(shop.world.id).get().reason == "undone"
    books_balance(shop.world)


def test_an_unpaid_renewal_falls_due_again_when_time_given_for_it_is_taken_back(shop: Shop) -> None:
    buyer = shop.buyer(days_ago=29, card="sandbox_soft_decline")
    buyer.lives_until(NOW + timedelta(days=3))
    assert buyer.row().collection != "current"
    outcome = buyer.does(Extend(buyer.target, "sorry", days=30))
    assert (buyer.row().collection, buyer.invoices) == ("current", [("void", "100.00")])
    verb = undo(outcome, shop.world)
    assert ChangeCaution.NEXT_INVOICE_AT_ONCE in cautions(buyer, verb)
    buyer.does(verb)
    buyer.lives_until(shop.now + timedelta(hours=1))
    assert buyer.invoices == [("void", "100.00"), ("open", "100.00")]
    assert buyer.row().collection == "retrying"
    books_balance(shop.world)


def test_a_payment_for_what_was_owed_goes_to_the_balance_and_pays_the_renewal_that_is_due_again(shop: Shop) -> None:
    buyer = shop.buyer(days_ago=29, card="sandbox_soft_decline")
    buyer.lives_until(NOW + timedelta(days=3))
    before = buyer.terms
    payment = OutsidePayment(Money.parse("100.00", "EUR"), PaymentSource.CASH, shop.now.date())
    outcome = buyer.does(Extend(buyer.target, "by cash", days=60, payment=payment))
    verb = undo(outcome, shop.world)
    assert cautions(buyer, verb) == {ChangeCaution.PAYMENT_TO_BALANCE, ChangeCaution.NEXT_INVOICE_AT_ONCE}
    buyer.does(verb)
    buyer.lives_until(shop.now + timedelta(hours=1))
    start = before[-1][1]
    assert buyer.terms[-2:] == [
        (start, start + timedelta(days=1)),
        (start + timedelta(days=1), start + timedelta(days=30)),
    ]
    assert (buyer.credit_notes, buyer.balance) == (["100.00"], "0.00")
    books_balance(shop.world)


def test_a_cancellation_at_once_gives_its_credit_back(shop: Shop) -> None:
    buyer = shop.buyer()
    before = standing(buyer)
    outcome = buyer.does(cancel(buyer, NOW_, credit_unused=True))
    assert (buyer.balance, buyer.row().access) == ("60.00", "blocked")
    verb = undo(outcome, shop.world)
    assert cautions(buyer, verb) == {ChangeCaution.CREDIT_TAKEN_BACK}
    buyer.does(verb)
    assert (standing(buyer), buyer.balance) == (before, "0.00")
    assert buyer.invoices == [("paid", "60.00")]
    assert shop.world.read_account(buyer.subscription).actual == "enabled"
    again = buyer.does(cancel(buyer, NOW_, credit_unused=True))
    assert (buyer.balance, again.plans[0].refusal) == ("60.00", None), "what is unused now is what was unused then"
    books_balance(shop.world)


def test_a_credit_that_was_used_meanwhile_stays(shop: Shop) -> None:
    buyer = shop.buyer()
    other = Buyer(shop, buyer.customer, shop.world.subscription(
        customer=buyer.customer, plan_id=shop.plans["Starter"], started_at=NOW - timedelta(days=15), paid_elsewhere=True
    ))  # fmt: skip
    outcome = buyer.does(cancel(buyer, NOW_, credit_unused=True))
    other.changes("Business", When.IMMEDIATE)
    quote = door.preview(undo(outcome, shop.world), actor=shop.person.actor, now=NOW)
    assert [refusal.code for refusal in quote.refusals] == ["credit_used"]


@pytest.mark.parametrize("state", ["trialing", "held by hand", "cancelling", "without auto-renewal", "delinquent"])
def test_an_end_at_once_comes_back_as_it_was(shop: Shop, world: World, state: str) -> None:
    buyer = Buyer(shop, customer := world.customer(), world.subscription(state, customer=customer, paid_elsewhere=True))
    world.drain()
    before = standing(buyer) | {"due_at": None}
    undoes(buyer, buyer.does(cancel(buyer, NOW_)))
    after = standing(buyer) | {"due_at": None}
    if state == "delinquent":
        before["collection"] = "current"
    assert after == before


@pytest.mark.parametrize(
    ("plan", "anchor", "charged", "back"),
    [("Business", Anchor.RESET, "90.00", "90.00"), ("Business", Anchor.KEEP, "30.00", "30.00")],
)
def test_a_change_at_once_is_rolled_back_and_its_money_counter_booked(
    shop: Shop, plan: str, anchor: Anchor, charged: str, back: str
) -> None:
    buyer = shop.buyer()
    before = standing(buyer)
    outcome = buyer.changes(plan, When.IMMEDIATE, anchor=anchor)
    assert (buyer.plan, buyer.charged) == (plan, [charged])
    undoes(buyer, outcome)
    assert standing(buyer) | {"due_at": None} == before | {"due_at": None}
    assert buyer.balance == back
    assert buyer.changes_made[0] == ("plan", "reversed")
    books_balance(shop.world)


def test_a_change_that_waits_for_its_payment_is_dropped(shop: Shop) -> None:
    buyer = shop.buyer(card="")
    outcome = buyer.changes("Business", When.IMMEDIATE)
    assert buyer.changes_made == [("plan", "awaiting")]
    undoes(buyer, outcome)
    assert (buyer.changes_made, buyer.invoices) == ([("plan", "cancelled")], [("void", "90.00")])
    books_balance(shop.world)


def test_a_change_that_was_declined_leaves_nothing_to_undo(shop: Shop) -> None:
    buyer = shop.buyer(card="sandbox_soft_decline")
    outcome = buyer.changes("Business", When.IMMEDIATE)
    quote = door.preview(undo(outcome, shop.world), actor=shop.person.actor, now=NOW)
    assert [refusal.code for refusal in quote.refusals] == ["nothing_to_undo"]


def test_what_a_cancellation_dropped_stays_dropped_and_the_preview_says_so(shop: Shop) -> None:
    buyer = shop.buyer()
    buyer.changes("Starter", When.PERIOD_END)
    outcome = buyer.does(cancel(buyer, AT_END))
    verb = undo(outcome, shop.world)
    assert cautions(buyer, verb) == {ChangeCaution.STAYS_DROPPED}
    buyer.does(verb)
    assert buyer.changes_made == [("plan", "cancelled")]


def test_a_rollback_and_an_end_that_came_by_itself_are_not_undone(shop: Shop) -> None:
    buyer = shop.buyer()
    buyer.changes("Starter", When.IMMEDIATE)
    back = buyer.rolls_back()
    with pytest.raises(NotFound, match="nothing to undo"):
        undo(back, shop.world)


def test_tags_are_taken_off_and_put_back(world: World, owner: Person) -> None:
    customer = world.customer()
    with tenant(world.id):
        set_tags(customer, names=["old", "stays"], actor=owner.actor, now=NOW)
    outcome = carry_out(Tag((Target(customer),), add=("new",), remove=("old",)), owner)
    verb = undo(outcome, world)
    [effect] = door.preview(verb, actor=owner.actor, now=NOW).effects
    assert effect.customer_id == customer
    carry_out(verb, owner)
    [row] = rows_of(world, begun(world, owner, [customer], Tag((), add=("other",))))
    assert row.before == "old, stays"
    with pytest.raises(Refused, match="changed since"):
        door.commit(verb, quote=None, actor=owner.actor, now=NOW)


@pytest.mark.parametrize(
    ("what", "needs"),
    [
        ("days given", {Permission.EXTEND}),
        ("a cancellation at once", {Permission.CANCEL}),
        ("a pause that begins later", {Permission.PAUSE}),
        ("a change at the next billing", {Permission.CHANGE_PLAN}),
    ],
)
def test_an_undo_needs_what_its_inverse_needs(shop: Shop, team: Team, what: str, needs: set[Permission]) -> None:
    buyer = shop.buyer()
    outcome = buyer.does(WITHOUT_MONEY[what](buyer))
    verb = undo(outcome, shop.world)
    assert verb.permissions() == needs
    with pytest.raises(Forbidden):
        door.preview(verb, actor=team[Role.READ_ONLY].actor, now=NOW)


def test_counter_booking_needs_the_permission_for_credits(shop: Shop, team: Team) -> None:
    buyer = shop.buyer()
    outcome = buyer.does(Extend(buyer.target, "by bank", days=30, payment=paid("100.00")))
    verb = undo(outcome, shop.world)
    assert verb.permissions() == {Permission.EXTEND, Permission.CREDIT}
    with pytest.raises(Forbidden):
        door.commit(verb, quote=None, actor=team[Role.SUPPORT].actor, now=NOW)


def test_another_partners_actions_and_subscriptions_are_unknown(
    shop: Shop, world: World, other_world: World, stranger: Person
) -> None:
    buyer = shop.buyer()
    outcome = buyer.does(Extend(buyer.target, "sorry", days=10))
    with tenant(other_world.id), pytest.raises(NotFound):
        Undo.of(outcome.action_id, partner_id=other_world.id)
    theirs = other_world.subscription()
    mine = undo(outcome, world)
    foreign = Undo.for_targets((Target(other_world.read_subscription(theirs).customer_id, theirs),), mine.inputs())
    with pytest.raises(NotFound):
        door.preview(foreign, actor=shop.person.actor, now=NOW)
    with pytest.raises(NotFound):
        door.preview(mine, actor=stranger.actor, now=NOW)


def test_an_undo_in_a_job_knows_its_inputs(shop: Shop) -> None:
    buyer = shop.buyer()
    verb = undo(buyer.does(Extend(buyer.target, "sorry", days=10)), shop.world)
    assert Undo.for_targets(verb.targets, verb.inputs()) == verb


JOBS: dict[str, Callable[[Shop], Verb]] = {
    "extend": lambda _: Extend((), "sorry", days=10),
    "change plan later": lambda shop: ChangePlan((), shop.plans["Starter"], When.PERIOD_END),
    "change plan at once": lambda shop: ChangePlan((), shop.plans["Business"], When.IMMEDIATE),
    "cancel": lambda _: Cancel((), AT_END, CancelReason.OTHER),
    "cancel at once": lambda _: Cancel((), NOW_, CancelReason.OTHER, credit_unused=True),
    "tag": lambda _: Tag((), add=("vip",)),
}


@pytest.mark.parametrize("what", JOBS)
def test_a_whole_job_is_undone_but_for_what_was_changed_since(
    shop: Shop, world: World, owner: Person, what: str
) -> None:
    buyers = [shop.buyer() for _ in range(3)]
    customers = [buyer.customer for buyer in buyers]
    before = [standing(buyer) | {"due_at": None} for buyer in buyers]
    job = carried_out(world, owner, customers, JOBS[what](shop))
    if what == "tag":
        carry_out(Tag((Target(buyers[0].customer),), add=("another",)), owner)
    elif what == "cancel at once":
        carry_out(undo_of(world, job, buyers[0]), owner)
    else:
        buyers[0].does(Pause(buyers[0].target, PauseWhen.PERIOD_END) if what != "cancel" else Keep(buyers[0].target))
    back = control.undo(job, actor=owner.actor, now=NOW)
    world.drain("bulk")
    assert states_of(world, back) == {"planned": 2, "refused": 1}
    confirmed(world, owner, back)
    assert states_of(world, back) == {"done": 2, "refused": 1}
    assert [standing(buyer) | {"due_at": None} for buyer in buyers[1:]] == before[1:]
    books_balance(world)


def undo_of(world: World, job: Any, buyer: Buyer) -> Undo:
    with tenant(world.id):
        whole = Undo.in_bulk(job, partner_id=world.id)
    return Undo.for_targets(buyer.target, whole.inputs())


def test_who_may_not_cancel_cannot_undo_a_job_of_cancellations(
    shop: Shop, world: World, owner: Person, team: Team
) -> None:
    job = carried_out(world, owner, [shop.buyer().customer], JOBS["cancel"](shop))
    with pytest.raises(Forbidden):
        control.undo(job, actor=team[Role.READ_ONLY].actor, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_undo_at_once_undo_it_once(shop: Shop) -> None:
    buyer = shop.buyer()
    outcome = buyer.does(Extend(buyer.target, "by bank", days=30, payment=paid("100.00")))
    verb = undo(outcome, shop.world)

    def confirm() -> str:
        try:
            door.commit(verb, quote=None, actor=shop.person.actor, now=NOW)
        except Refused as error:
            return str(error.details["reason"])
        return "done"

    assert sorted(in_threads(confirm, confirm)) == ["changed_since", "done"]
    assert (buyer.balance, buyer.terms[-1][1]) == ("100.00", date(2026, 4, 2))
    books_balance(shop.world)


def test_a_hold_that_an_extension_lifted_is_not_put_back(shop: Shop) -> None:
    buyer = shop.buyer(days_ago=29, card="sandbox_soft_decline")
    buyer.lives_until(NOW + timedelta(days=12))
    assert (HoldKind.NONPAYMENT, "", buyer.subscription) in shop.world.open_holds(buyer.customer)
    outcome = buyer.does(Extend(buyer.target, "sorry", days=30))
    verb = undo(outcome, shop.world)
    assert ChangeCaution.HOLD_STAYS_LIFTED in cautions(buyer, verb)
    buyer.does(verb)
    assert not shop.world.open_holds(buyer.customer)
