"""A new price for everybody who holds a plan: who gets it, what it comes to, and its undo."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from billing.rules.changes.cancelling import CancelReason, CancelWhen
from billing.rules.changes.price_notice import Holders
from partnerpanel.actions import door
from partnerpanel.actions.announce_price import AnnouncePrice, InvalidPriceNotice
from partnerpanel.actions.bulk import control, queries
from partnerpanel.actions.cancel import Cancel
from partnerpanel.actions.door import FactsMoved, Refused
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.change import When
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.plan_holders import holders_of
from subscriptions.rules.catalogue import PlanChange
from subscriptions.services.catalogue_changes import change_plan
from tests.actions.jobs import begun, carried_out, confirmed, job_of, rows_of, states_of
from tests.actions.selling import Buyer, Shop, books_balance
from tests.people import Person, Team
from tests.world import NOW, World

MAY = date(2026, 5, 1)


@pytest.fixture
def shop(world: World, owner: Person) -> Shop:
    return Shop(world, owner)


def euros(text: str) -> Money:
    return Money.parse(text, "EUR")


def to(
    shop: Shop,
    price: str,
    *targets: Target,
    plan: str = "Basic",
    holders: Holders = Holders.AT_LIST,
    from_on: date = MAY,
    notice_days: int = 30,
) -> AnnouncePrice:
    return AnnouncePrice(targets, shop.plans[plan], (euros(price),), from_on, holders, notice_days)


def announced(buyer: Buyer) -> tuple[int | None, date | None]:
    row = buyer.row()
    return row.next_price_amount, row.next_price_from


def test_one_subscription_is_told_and_pays_it_from_its_first_period_on(shop: Shop) -> None:
    buyer = shop.buyer()
    verb = to(shop, "120.00", *buyer.target)
    plan = buyer.preview(verb)
    assert plan.planned is not None
    assert not plan.planned.due_now
    assert plan.after.next_price is not None
    quote = door.preview(verb, actor=shop.person.actor, now=shop.now)
    [mail] = quote.mails
    assert "€120.00 per period instead of €100.00" in mail.body
    assert "May 1, 2026 or later" in mail.body or "1 May 2026 or later" in mail.body
    buyer.does(verb)
    assert announced(buyer) == (12000, MAY)
    assert buyer.charged == []
    buyer.lives_until(NOW + timedelta(days=60))
    # Periods of 30 days end on 2 April and 2 May.
    assert buyer.charged == ["100.00", "120.00"]
    assert buyer.movements[-1] == ("expansion", "20.28")
    books_balance(shop.world)


def test_all_holders_with_their_monthly_revenue_before_and_after(shop: Shop, world: World, owner: Person) -> None:
    buyers = [shop.buyer(), shop.buyer()]
    own, leaving, other = shop.buyer(price=euros("80.00")), shop.buyer(), shop.buyer("Business")
    with tenant(world.id):
        customers = holders_of(world.id, shop.plans["Basic"])
    assert other.customer not in customers
    job = begun(world, owner, [*customers, other.customer], to(shop, "120.00"))
    rows = {row.customer_id: row for row in rows_of(world, job)}
    assert rows[buyers[0].customer].before.startswith("Basic: 100.00 EUR, ")
    assert rows[buyers[0].customer].after == "Basic: 120.00 EUR, 2026-05-01, announced"
    assert rows[own.customer].state == "refused"
    assert rows[other.customer].message == "No subscription on this plan."
    with tenant(world.id):
        [total] = queries.totals(world.id, job)
    assert (total.due, total.mrr_before, total.mrr_after) == (euros("0.00"), euros("304.17"), euros("365.01"))
    assert job_of(world, job).mails == 3
    leaving.does(Cancel(leaving.target, CancelWhen.PERIOD_END, CancelReason.OTHER))
    confirmed(world, owner, job)
    assert states_of(world, job) == {"done": 2, "refused": 2, "skipped": 1}
    assert [announced(one) for one in (*buyers, own, leaving, other)] == [
        (12000, MAY),
        (12000, MAY),
        (None, None),
        (None, None),
        (None, None),
    ]


def test_only_those_at_an_older_price(shop: Shop, world: World, owner: Person) -> None:
    old = shop.buyer()
    with tenant(world.id):
        dearer = PlanChange(prices=[euros("120.00")])
        change_plan(shop.plans["Basic"], dearer, version=1, actor=world.system, now=shop.now)
    new, own = shop.buyer(), shop.buyer(price=euros("80.00"))
    job = carried_out(
        world,
        owner,
        [old.customer, new.customer, own.customer],
        to(shop, "120.00", holders=Holders.UNLIKE_LIST),
    )
    assert [row.state for row in rows_of(world, job)] == ["done", "refused", "refused"]
    assert announced(old) == (12000, MAY)


def test_those_with_a_price_of_their_own_too(shop: Shop, world: World, owner: Person) -> None:
    own = shop.buyer(price=euros("80.00"))
    carried_out(world, owner, [own.customer], to(shop, "120.00", holders=Holders.EVERYBODY))
    own.lives_until(NOW + timedelta(days=60))
    assert own.charged == ["80.00", "120.00"]
    assert own.row().price_is_agreed


def test_undone_within_a_day_it_stays_at_the_old_price(shop: Shop, world: World, owner: Person) -> None:
    buyers = [shop.buyer(), shop.buyer()]
    job = carried_out(world, owner, [one.customer for one in buyers], to(shop, "120.00"))
    inverse = control.undo(job, actor=owner.actor, now=NOW + timedelta(hours=23))
    world.drain("bulk", now=NOW + timedelta(hours=23))
    confirmed(world, owner, inverse, now=NOW + timedelta(hours=23))
    assert states_of(world, inverse) == {"done": 2}
    assert [announced(one) for one in buyers] == [(None, None), (None, None)]
    buyers[0].lives_until(NOW + timedelta(days=60))
    assert buyers[0].charged == ["100.00", "100.00"]


def test_undoing_a_second_announcement_brings_back_the_first(shop: Shop, world: World, owner: Person) -> None:
    buyer = shop.buyer()
    buyer.does(to(shop, "120.00", *buyer.target))
    job = carried_out(world, owner, [buyer.customer], to(shop, "130.00", from_on=date(2026, 6, 1)))
    assert announced(buyer) == (13000, date(2026, 6, 1))
    inverse = control.undo(job, actor=owner.actor, now=NOW)
    world.drain("bulk", now=NOW)
    confirmed(world, owner, inverse)
    assert announced(buyer) == (12000, MAY)


def test_what_was_announced_since_the_preview_is_not_overwritten(shop: Shop) -> None:
    buyer = shop.buyer()
    verb = to(shop, "120.00", *buyer.target)
    quote = door.preview(verb, actor=shop.person.actor, now=shop.now)
    buyer.does(to(shop, "130.00", *buyer.target))
    with pytest.raises(FactsMoved) as moved:
        door.commit(verb, quote=quote.token, actor=shop.person.actor, now=shop.now)
    assert any("130.00 EUR" in one.now for one in moved.value.differences)
    assert announced(buyer) == (13000, MAY)


def test_another_plan_does_without_it_and_says_so(shop: Shop) -> None:
    buyer = shop.buyer()
    buyer.does(to(shop, "120.00", *buyer.target))
    plan = buyer.preview(buyer.to("Business", When.IMMEDIATE))
    assert "drops_announced_price" in plan.warnings
    assert plan.after.next_price is None
    buyer.changes("Business", When.IMMEDIATE)
    assert announced(buyer) == (None, None)


def test_somebody_on_another_plan_is_refused(shop: Shop) -> None:
    buyer = shop.buyer("Business")
    with pytest.raises(Refused, match="another plan"):
        door.commit(to(shop, "120.00", *buyer.target), quote=None, actor=shop.person.actor, now=shop.now)


@pytest.mark.parametrize(
    ("field", "prices", "notice_days"),
    [("prices", [], 30), ("prices", [100, 200], 30), ("prices", [-1], 30), ("notice_days", [100], -1)],
)
def test_a_request_that_cannot_be_is_refused_by_its_field(
    shop: Shop, field: str, prices: list[int], notice_days: int
) -> None:
    with pytest.raises(InvalidPriceNotice) as refused:
        AnnouncePrice((), shop.plans["Basic"], tuple(Money(one, "EUR") for one in prices), MAY, notice_days=notice_days)
    assert refused.value.field == field


@pytest.mark.parametrize("role", [Role.BILLING, Role.SUPPORT, Role.READ_ONLY])
def test_only_who_edits_the_catalogue_announces_prices(shop: Shop, team: Team, role: Role) -> None:
    buyer = shop.buyer()
    with pytest.raises(Forbidden):
        door.commit(to(shop, "120.00", *buyer.target), quote=None, actor=team[role].actor, now=NOW)
    with pytest.raises(Forbidden):
        control.start(to(shop, "120.00"), [buyer.customer], actor=team[role].actor, now=NOW)
    assert announced(buyer) == (None, None)


def test_another_partner_meets_nobody(shop: Shop, stranger: Person) -> None:
    buyer = shop.buyer()
    with pytest.raises(NotFound):
        door.commit(to(shop, "120.00", *buyer.target), quote=None, actor=stranger.actor, now=NOW)
    with pytest.raises(NotFound):
        control.start(to(shop, "120.00"), [buyer.customer], actor=stranger.actor, now=NOW)
    assert announced(buyer) == (None, None)
