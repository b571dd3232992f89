"""A plan is changed: what it costs, what comes back, and what then stands; the worked examples come first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from billing.charging.states import AttemptStatus
from billing.documents.states import PaymentSource
from billing.rules.changes.outcome import Planned
from billing.services.pay import record_payment
from partnerpanel.actions import door
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Period, Unit
from partnerpanel.policy.rules.change import Anchor, Unpaid, When
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.provisioning.internal import allowed_to
from subscriptions.rules.service_states import ServiceTerms
from tests.actions.carry_out import everything
from tests.actions.selling import Shop, books_balance
from tests.people import Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 3, 15)
BEGAN = TODAY - timedelta(days=12)
ENDS = BEGAN + timedelta(days=30)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def lines(plan: MoneyPlan) -> list[tuple[str, str]]:
    return [(line.kind.value, str(line.amount.major)) for line in planned(plan).lines]


def planned(plan: MoneyPlan) -> Planned:
    assert plan.planned is not None
    return plan.planned


def test_an_upgrade_that_starts_a_new_period_credits_the_unused_days(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)

    shown = buyer.preview(buyer.to("Business"))
    assert lines(shown) == [("plan", "150.00"), ("unused", "-60.00")]
    assert str(planned(shown).due_now) == "90.00 EUR"
    assert shown.after.period == Period(TODAY, TODAY + timedelta(days=30))
    assert (shown.after.next.on, str(shown.after.next.amount)) == (TODAY + timedelta(days=30), "150.00 EUR")

    outcome = buyer.changes("Business")
    assert outcome.charges == {buyer.subscription: AttemptStatus.SUCCEEDED}
    assert buyer.plan == "Business"
    assert buyer.charged == ["90.00"]
    assert buyer.terms == [(BEGAN, TODAY), (TODAY, TODAY + timedelta(days=30))]
    assert buyer.row().anchor_on == TODAY
    assert buyer.movements[-1] == ("expansion", "50.69")
    books_balance(shop.world)


def test_an_upgrade_that_keeps_the_period_costs_the_rest_of_it(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)

    shown = buyer.preview(buyer.to("Business", When.IMMEDIATE, anchor=Anchor.KEEP))
    assert lines(shown) == [("plan", "90.00"), ("unused", "-60.00")]
    buyer.changes("Business", When.IMMEDIATE, anchor=Anchor.KEEP)

    assert buyer.charged == ["30.00"]
    assert buyer.terms == [(BEGAN, ENDS)]
    assert buyer.row().anchor_on == BEGAN


def test_what_a_smaller_plan_costs_less_goes_to_the_balance(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)

    shown = buyer.preview(buyer.to("Starter", When.IMMEDIATE, anchor=Anchor.KEEP))
    assert lines(shown) == [("plan", "24.00"), ("unused", "-60.00")]
    assert str(planned(shown).to_balance) == "36.00 EUR"
    # 40.00 for the next period, of which the balance pays 36.00.
    assert str(shown.after.next.amount) == "4.00 EUR"
    buyer.changes("Starter", When.IMMEDIATE, anchor=Anchor.KEEP)

    assert (buyer.plan, buyer.charged, buyer.credit_notes, buyer.balance) == ("Starter", [], ["60.00"], "36.00")
    buyer.lives_until(NOW + timedelta(days=19))
    assert (buyer.charged, buyer.balance) == (["4.00"], "0.00")
    books_balance(shop.world)


def test_from_free_to_paid_there_is_no_credit(shop: Shop) -> None:
    buyer = shop.buyer("Free", days_ago=12)
    assert lines(buyer.preview(buyer.to("Basic"))) == [("plan", "100.00")]
    buyer.changes("Basic")
    assert (buyer.plan, buyer.charged) == ("Basic", ["100.00"])


def test_a_downgrade_waits_for_the_renewal_unless_told_otherwise(shop: Shop) -> None:
    buyer = shop.buyer("Business", days_ago=12)

    shown = buyer.preview(buyer.to("Basic"))
    assert (planned(shown).lines, str(planned(shown).due_now)) == ((), "0.00 EUR")
    assert (shown.after.plan_name, shown.after.next.on, str(shown.after.next.amount)) == (
        "Business",
        ENDS,
        "100.00 EUR",
    )
    buyer.changes("Basic")
    assert (buyer.plan, buyer.changes_made) == ("Business", [("plan", "scheduled")])

    buyer.lives_until(NOW + timedelta(days=18))
    assert (buyer.plan, buyer.charged, buyer.changes_made) == ("Basic", ["100.00"], [("plan", "applied")])
    assert buyer.movements[-1] == ("contraction", "-50.69")
    assert buyer.terms == [(BEGAN, ENDS), (ENDS, ENDS + timedelta(days=30))]


def test_another_interval_always_starts_a_new_period(shop: Shop) -> None:
    shop.sells("Yearly", "900.00", interval=Interval(Unit.YEAR))
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.changes("Yearly", When.IMMEDIATE, anchor=Anchor.KEEP)
    assert buyer.terms == [(BEGAN, TODAY), (TODAY, date(2027, 3, 15))]
    assert buyer.charged == ["840.00"]


def test_another_interval_at_the_renewal_begins_where_the_period_ends(shop: Shop) -> None:
    shop.sells("Yearly", "900.00", interval=Interval(Unit.YEAR))
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.changes("Yearly", When.PERIOD_END)
    buyer.lives_until(NOW + timedelta(days=18))
    assert buyer.terms == [(BEGAN, ENDS), (ENDS, date(2027, 4, 2))]
    assert (buyer.row().anchor_on, buyer.charged) == (ENDS, ["900.00"])


def test_paid_in_grace_the_full_term_is_that_of_the_plan_that_the_renewal_brings(shop: Shop) -> None:
    shop.sells("Sixty days", "180.00", interval=Interval(Unit.DAY, 60))
    buyer = shop.buyer("Basic", days_ago=28, card="sandbox_soft_decline")
    buyer.changes("Sixty days", When.PERIOD_END)
    buyer.lives_until(NOW + timedelta(days=8))
    assert buyer.row().collection == "grace"
    record_payment(
        buyer.subscription,
        amount=Money.parse("180.00", "EUR"),
        source=PaymentSource.BANK,
        received_on=TODAY + timedelta(days=8),
        note="as the bank says",
        actor=shop.person.actor,
        now=shop.now,
    )
    assert buyer.plan == "Sixty days"
    assert buyer.terms[-1] == (TODAY + timedelta(days=2), TODAY + timedelta(days=68))


def test_declined_nothing_changes_and_the_invoice_is_voided(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12, card="sandbox_soft_decline")
    outcome = buyer.changes("Business")
    assert outcome.charges == {buyer.subscription: AttemptStatus.DECLINED}
    assert (buyer.plan, buyer.invoices) == ("Basic", [("void", "90.00")])
    assert buyer.changes_made == [("plan", "failed")]
    assert (buyer.row().collection, buyer.terms) == ("current", [(BEGAN, ENDS)])
    # Nothing stands in the way of another try.
    assert lines(buyer.preview(buyer.to("Business"))) == [("plan", "150.00"), ("unused", "-60.00")]


def test_without_a_card_it_waits_for_the_money(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12, card="")
    buyer.changes("Business")
    assert (buyer.plan, buyer.invoices, buyer.changes_made) == ("Basic", [("open", "90.00")], [("plan", "awaiting")])

    record_payment(
        buyer.subscription,
        amount=Money.parse("90.00", "EUR"),
        source=PaymentSource.BANK,
        received_on=TODAY,
        note="as the bank says",
        actor=shop.person.actor,
        now=shop.now,
    )
    assert (buyer.plan, buyer.invoices, buyer.changes_made) == ("Business", [("paid", "90.00")], [("plan", "applied")])
    assert buyer.terms[-1] == (TODAY, TODAY + timedelta(days=30))


def test_what_was_not_paid_by_the_end_of_the_period_is_dropped(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12, card="")
    buyer.changes("Business")
    buyer.lives_until(NOW + timedelta(days=18))
    assert buyer.plan == "Basic"
    assert buyer.invoices == [("void", "90.00"), ("open", "100.00")]
    assert buyer.changes_made == [("plan", "cancelled")]


def test_it_may_take_effect_before_it_is_paid_and_is_then_collected(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12, card="sandbox_soft_decline")
    buyer.changes("Business", When.IMMEDIATE, unpaid=Unpaid.APPLY_AND_COLLECT)
    assert (buyer.plan, buyer.invoices, buyer.row().collection) == ("Business", [("open", "90.00")], "retrying")
    record_payment(
        buyer.subscription,
        amount=Money.parse("90.00", "EUR"),
        source=PaymentSource.CASH,
        received_on=TODAY,
        note="in the shop",
        actor=shop.person.actor,
        now=shop.now,
    )
    assert (buyer.invoices, buyer.row().collection) == ([("paid", "90.00")], "current")
    assert buyer.terms == [(BEGAN, TODAY), (TODAY, TODAY + timedelta(days=30))]


def test_in_an_unpaid_period_its_invoice_is_voided_and_the_new_plan_billed_from_its_start(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=28, card="sandbox_soft_decline")
    shop.now = NOW + timedelta(days=2, hours=6)
    buyer.lives_until(shop.now)
    assert buyer.invoices == [("open", "100.00")]

    shown = buyer.preview(buyer.to("Business", When.IMMEDIATE))
    assert lines(shown) == [("plan", "150.00")]
    # Declined again: what was owed before is owed again.
    buyer.changes("Business", When.IMMEDIATE)
    assert buyer.plan == "Basic"
    assert buyer.invoices == [("void", "100.00"), ("void", "150.00"), ("open", "100.00")]
    books_balance(shop.world)


def test_several_changes_in_a_day_never_give_back_more_than_was_paid(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    for plan in ("Business", "Starter", "Business", "Basic"):
        buyer.changes(plan, When.IMMEDIATE, anchor=Anchor.RESET)
        books_balance(shop.world)
    assert buyer.terms == [(BEGAN, TODAY), (TODAY, TODAY + timedelta(days=30))]
    # 60.00 were left of the first period, and 100.00 are used for the one that runs.
    paid = sum((Money.parse(one, "EUR") for one in buyer.charged), Money.zero("EUR"))
    assert (paid - Money.parse(buyer.balance, "EUR")).amount == 40_00


def test_a_later_change_replaces_the_one_that_waits(shop: Shop) -> None:
    buyer = shop.buyer("Business", days_ago=12)
    buyer.changes("Basic", When.PERIOD_END)
    buyer.changes("Starter", When.PERIOD_END)
    assert buyer.changes_made == [("plan", "cancelled"), ("plan", "scheduled")]
    buyer.lives_until(NOW + timedelta(days=18))
    assert buyer.charged == ["40.00"]


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("ended", "already_ended"),
        ("cancelling", "cancelling"),
        ("paused", "paused"),
        ("held by hand", "held"),
        ("scheduled", "not_started"),
    ],
)
def test_a_change_is_refused_with_the_reason_and_nothing_is_written(shop: Shop, state: str, reason: str) -> None:
    customer = shop.world.customer()
    subscription = shop.world.subscription(state, customer=customer, plan_id=shop.plans["Basic"])
    buyer = shop.buyer()
    buyer.customer, buyer.subscription = customer, subscription
    quote = door.preview(buyer.to("Business", When.IMMEDIATE), actor=shop.person.actor, now=shop.now)
    assert [refusal.code for refusal in quote.refusals] == [reason]
    before = everything(shop.world)
    with pytest.raises(door.Refused):
        door.commit(buyer.to("Business", When.IMMEDIATE), quote=quote.token, actor=shop.person.actor, now=shop.now)
    assert everything(shop.world) == before


def test_another_partner_finds_nothing(shop: Shop, other_team: Team) -> None:
    buyer = shop.buyer()
    with pytest.raises(NotFound):
        door.preview(buyer.to("Business"), actor=other_team.owner.actor, now=shop.now)


def test_who_may_not_touch_money_is_refused(shop: Shop, team: Team) -> None:
    buyer = shop.buyer()
    for role in (Role.SUPPORT, Role.READ_ONLY):
        with pytest.raises(Forbidden):
            door.preview(buyer.to("Business"), actor=team[role].actor, now=shop.now)


def test_what_moved_since_the_preview_is_shown_and_nothing_is_done(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    verb = buyer.to("Business")
    quote = door.preview(verb, actor=shop.person.actor, now=shop.now)
    with pytest.raises(door.FactsMoved) as moved:
        door.commit(verb, quote=quote.token, actor=shop.person.actor, now=shop.now + timedelta(days=1))
    told = {one.label.rpartition(" · ")[2]: (one.shown, one.now) for one in moved.value.differences}
    assert told["due now"] == ("90.00 EUR", "93.33 EUR")
    assert buyer.plan == "Basic"


def test_confirming_twice_does_it_once(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12)
    verb = buyer.to("Business")
    quote = door.preview(verb, actor=shop.person.actor, now=shop.now)
    door.commit(verb, quote=quote.token, actor=shop.person.actor, now=shop.now)
    with pytest.raises((door.FactsMoved, door.Refused)):
        door.commit(verb, quote=quote.token, actor=shop.person.actor, now=shop.now)
    assert buyer.charged == ["90.00"]


def test_the_service_is_told_of_the_plan_exactly_as_the_preview_says(shop: Shop) -> None:
    shop.sells("Team", "120.00", allowances={"connections": 5})
    buyer = shop.buyer("Basic", days_ago=12)
    name = shop.world.read_account(buyer.subscription).username
    for verb, step, told in (
        (buyer.to("Team"), "Set the login to Team (connections: 5)", ServiceTerms("Team", (("connections", 5),))),
        (buyer.back_to("Basic"), "Set the login to Basic", ServiceTerms("Basic")),
    ):
        quote = door.preview(verb, actor=shop.person.actor, now=shop.now)
        assert [(one.title, one.to) for one in quote.steps] == [(step, name)]
        buyer.does(verb)
        with tenant(shop.world.id):
            assert allowed_to(shop.world.id, name) == told


def test_a_change_that_waits_tells_the_service_nothing_yet(shop: Shop) -> None:
    buyer = shop.buyer("Business", days_ago=12)
    quote = door.preview(buyer.to("Basic"), actor=shop.person.actor, now=shop.now)
    assert quote.steps == ()
    buyer.changes("Basic")
    name = shop.world.read_account(buyer.subscription).username
    with tenant(shop.world.id):
        assert allowed_to(shop.world.id, name) == ServiceTerms("Business")
    buyer.lives_until(NOW + timedelta(days=18))
    with tenant(shop.world.id):
        assert allowed_to(shop.world.id, name) == ServiceTerms("Basic")
