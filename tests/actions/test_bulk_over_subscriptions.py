"""Jobs over subscriptions: each customer's own, with their money summed up before, and each row once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing.rules.changes.cancelling import CancelReason, CancelWhen
from partnerpanel.actions.bulk import control, queries, runner
from partnerpanel.actions.cancel import Cancel
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.coupons import ApplyCoupon
from partnerpanel.actions.extend import Extend
from partnerpanel.actions.tag import InvalidTags, Tag
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.change import When
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.coupons import Discount
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon
from tests.actions.jobs import begun, carried_out, confirmed, job_of, rows_of, states_of
from tests.actions.selling import Shop, books_balance
from tests.people import Person, Team
from tests.world import NOW, World

EXTEND = Extend((), "an outage of ours", days=10)
TO_THE_END = Cancel((), CancelWhen.PERIOD_END, CancelReason.OTHER)


@pytest.fixture
def shop(world: World, owner: Person) -> Shop:
    return Shop(world, owner)


def change(shop: Shop, plan: str, when: When | None = None) -> ChangePlan:
    return ChangePlan((), shop.plans[plan], when)


def euros(text: str) -> Money:
    return Money.parse(text, "EUR")


def test_every_subscription_that_has_not_ended_is_a_row(shop: Shop, world: World, owner: Person) -> None:
    two, gone = shop.buyer(), shop.buyer()
    second = world.subscription(customer=two.customer, plan_id=shop.plans["Starter"], started_at=NOW)
    gone.does(Cancel(gone.target, CancelWhen.NOW, CancelReason.OTHER))
    job = begun(world, owner, [two.customer, gone.customer], EXTEND)
    rows = rows_of(world, job)
    assert [(row.customer_id, row.subscription_id, row.state) for row in rows] == [
        (two.customer, two.subscription, "planned"),
        (two.customer, second, "planned"),
        (gone.customer, None, "refused"),
    ]
    assert rows[2].message == "No subscription that has not ended."
    assert (job_of(world, job).total, job_of(world, job).planned, job_of(world, job).refused) == (3, 2, 1)


def test_an_extension_shows_old_and_new_and_gives_each_its_days(shop: Shop, world: World, owner: Person) -> None:
    buyers = [shop.buyer(), shop.buyer()]
    job = begun(world, owner, [buyer.customer for buyer in buyers], EXTEND)
    for row in rows_of(world, job):
        assert row.before == "Basic: 100.00 EUR, 2026-04-02, open"
        assert row.after == "Basic: 100.00 EUR, 2026-04-12, open"
    confirmed(world, owner, job)
    assert states_of(world, job) == {"done": 2}
    for buyer in buyers:
        assert buyer.terms[-1][1].isoformat() == "2026-04-12"
        assert buyer.row().version == 3
    books_balance(world)


def test_a_change_of_plan_sums_up_what_is_due_and_charges_each_once(shop: Shop, world: World, owner: Person) -> None:
    buyers = [shop.buyer() for _ in range(3)]
    job = begun(world, owner, [buyer.customer for buyer in buyers], change(shop, "Business", When.IMMEDIATE))
    with tenant(world.id):
        [total] = queries.totals(world.id, job)
    assert (total.due, total.given_back) == (euros("270.00"), euros("0.00"))
    assert (total.mrr_before, total.mrr_after) == (euros("304.17"), euros("456.24"))
    assert [buyer.charged for buyer in buyers] == [[], [], []], "a preview asks for nothing"
    confirmed(world, owner, job)
    assert [(buyer.plan, buyer.charged) for buyer in buyers] == [("Business", ["90.00"])] * 3
    rows = rows_of(world, job)
    with tenant(world.id):
        found = queries.charged(world.id, rows)
    assert [found[row.attempt_id].value for row in rows if row.attempt_id] == ["succeeded"] * 3
    books_balance(world)


def test_a_declined_card_leaves_its_row_on_the_old_plan_and_says_so(shop: Shop, world: World, owner: Person) -> None:
    good, bad = shop.buyer(), shop.buyer(card="sandbox_soft_decline")
    job = carried_out(world, owner, [good.customer, bad.customer], change(shop, "Business", When.IMMEDIATE))
    assert (good.plan, bad.plan) == ("Business", "Basic")
    rows = rows_of(world, job)
    with tenant(world.id):
        found = queries.charged(world.id, rows)
    assert [found[row.attempt_id].value for row in rows if row.attempt_id] == ["succeeded", "declined"]
    books_balance(world)


def test_a_later_change_shows_from_when(shop: Shop, world: World, owner: Person) -> None:
    buyer = shop.buyer()
    job = begun(world, owner, [buyer.customer], change(shop, "Starter", When.PERIOD_END))
    [row] = rows_of(world, job)
    assert row.after == "Starter: 40.00 EUR, 2026-04-02, scheduled"
    assert (row.due, row.mrr_before, row.mrr_after) == (0, 10_139, 4_056)
    confirmed(world, owner, job)
    assert buyer.changes_made == [("plan", "scheduled")]


def test_of_several_subscriptions_those_of_the_plans_product_change(shop: Shop, world: World, owner: Person) -> None:
    both, neither, single = shop.buyer(), world.customer(), world.customer()
    world.subscription(customer=both.customer, started_at=NOW)
    other = world.plan("Fax")
    for _ in range(2):
        world.subscription(customer=neither, plan_id=other, started_at=NOW)
    only = world.subscription(customer=single, plan_id=other, started_at=NOW)
    job = begun(world, owner, [both.customer, neither, single], change(shop, "Starter", When.PERIOD_END))
    assert [(row.customer_id, row.subscription_id) for row in rows_of(world, job)] == [
        (both.customer, both.subscription),
        (neither, None),
        (single, only),
    ]
    assert rows_of(world, job)[1].message == "Has several subscriptions, and none is of this plan’s product."


def test_what_a_customer_has_in_credit_is_shared_out_among_the_rows(
    shop: Shop, world: World, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "CHUNK", 1)
    buyer = shop.buyer("Business", days_ago=12)
    world.subscription(
        customer=buyer.customer,
        plan_id=shop.plans["Basic"],
        started_at=NOW - timedelta(days=12),
        paid_elsewhere=True,
    )
    buyer.changes("Free", When.IMMEDIATE)
    assert buyer.balance == "90.00"
    job = begun(world, owner, [buyer.customer], change(shop, "Business", When.IMMEDIATE))
    assert [(row.due, row.given_back) for row in rows_of(world, job)] == [(6000, -9000), (9000, 0)]
    confirmed(world, owner, job)
    assert states_of(world, job) == {"done": 2}
    assert sorted(buyer.charged) == ["60.00"], "its other subscription has its own"
    assert buyer.balance == "0.00"
    books_balance(world)


def test_a_row_whose_money_moved_is_skipped_and_listed(shop: Shop, world: World, owner: Person) -> None:
    same, moved = shop.buyer(), shop.buyer()
    job = begun(world, owner, [same.customer, moved.customer], change(shop, "Business", When.IMMEDIATE))
    moved.does(Extend(moved.target, "sorry", days=3))
    confirmed(world, owner, job)
    assert states_of(world, job) == {"done": 1, "skipped": 1}
    assert (moved.plan, moved.charged) == ("Basic", [])
    with tenant(world.id):
        [reason] = queries.reasons(world.id, job)
    assert (reason.state, reason.rows) == ("skipped", 1)
    assert reason.message == "Changed since the preview; nothing was done."


def test_exceptions_are_counted_by_what_they_say(shop: Shop, world: World, owner: Person) -> None:
    there, here, empty = shop.buyer("Business"), shop.buyer(), world.customer()
    job = begun(world, owner, [there.customer, here.customer, empty], change(shop, "Business", When.PERIOD_END))
    with tenant(world.id):
        found = [(reason.refusal, reason.rows) for reason in queries.reasons(world.id, job)]
    assert found == [("same_plan", 1), ("no_subscription", 1)]


def test_cancelling_many_ends_them_with_their_period(shop: Shop, world: World, owner: Person) -> None:
    buyers = [shop.buyer(), shop.buyer()]
    job = begun(world, owner, [buyer.customer for buyer in buyers], TO_THE_END)
    [total] = _totals(world, job)
    assert (total.mrr_before.amount > 0, total.mrr_after) == (True, euros("0.00"))
    assert {row.after for row in rows_of(world, job)} == {"Basic: 100.00 EUR, 2026-04-02, cancelling"}
    confirmed(world, owner, job)
    assert all(buyer.row().cancel_at_period_end for buyer in buyers)


def _totals(world: World, job: object) -> list[queries.Totals]:
    with tenant(world.id):
        return queries.totals(world.id, job)  # type: ignore[arg-type]


def test_a_coupon_is_redeemed_as_far_as_its_limit_goes_also_beyond_a_chunk(
    shop: Shop, world: World, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "CHUNK", 2)
    with tenant(world.id):
        terms = CouponTerms("SPRING", Discount(percent=25), most=3)
        create_coupon(terms, actor=world.system, now=shop.now)
    buyers = [shop.buyer() for _ in range(5)]
    job = begun(world, owner, [buyer.customer for buyer in buyers], ApplyCoupon((), "spring"))
    rows = rows_of(world, job)
    assert [(row.state, row.refusal) for row in rows] == [("planned", "")] * 3 + [("refused", "coupon_used_up")] * 2
    assert rows[0].after == "Basic: 75.00 EUR, 2026-04-02, discounted"
    confirmed(world, owner, job)
    assert states_of(world, job) == {"done": 3, "refused": 2}
    books_balance(world)


def test_tags_are_put_on_and_taken_off_together(world: World, owner: Person) -> None:
    customers = world.customers(3)
    carried_out(world, owner, customers[:2], Tag((), add=("vip",)))
    job = begun(world, owner, customers, Tag((), add=(" key   account ",), remove=("vip",)))
    assert [(row.before, row.after) for row in rows_of(world, job)] == [
        ("vip", "key account"),
        ("vip", "key account"),
        ("", "key account"),
    ]
    confirmed(world, owner, job)
    again = begun(world, owner, customers, Tag((), add=("key account",)))
    assert states_of(world, again) == {"refused": 3}


def test_a_tag_verb_says_what_it_lacks() -> None:
    for add, remove, field in (((), (), "add"), ((" ",), (), "add"), (("a",), ("a",), "remove")):
        with pytest.raises(InvalidTags) as refusal:
            Tag((), add, remove)
        assert refusal.value.field == field


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.READ_ONLY])
def test_who_may_not_work_in_bulk_begins_no_job(shop: Shop, world: World, team: Team, role: Role) -> None:
    verbs: list[Verb] = [EXTEND, TO_THE_END, change(shop, "Free"), Tag((), ("vip",))]
    for verb in verbs:
        with pytest.raises(Forbidden):
            control.start(verb, [world.customer()], actor=team[role].actor, now=NOW)


def test_another_partners_customers_and_plans_are_unknown(
    shop: Shop, world: World, other_world: World, owner: Person
) -> None:
    theirs = other_world.subscription()
    customer = other_world.read_subscription(theirs).customer_id
    with pytest.raises(NotFound):
        control.start(EXTEND, [customer], actor=owner.actor, now=NOW)
    for plan in (other_world.plan(), uuid7()):
        with pytest.raises(NotFound):
            control.start(ChangePlan((), plan), [shop.buyer().customer], actor=owner.actor, now=NOW)
