"""Every key that is said to act changes what happens: two customers who differ in that key alone live through the same.

Each pair of customers has the key's default and another value, set for the customer. All live side by side in one
calendar, so that the whole list costs a few stories. A key that begins to act and is not here fails the suite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest

from billing.models import Payment
from billing.refunds.states import RefundReason
from billing.rules.refunds.refunding import RefundHow
from billing.services.preview import preview_payment
from partnerpanel.actions import door
from partnerpanel.actions.addons import AddAddon
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.refund import Refund
from partnerpanel.actions.rollback_plan import RollbackPlan
from partnerpanel.actions.subscribe import Subscribe
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.events.queries import timeline
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.policy.rules.acting import ACTING
from partnerpanel.policy.rules.policy import KEYS
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.services import set_policy
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import SubscriptionAddon, Term
from subscriptions.rules.addons import AddonKind
from subscriptions.services.addon_catalogue import AddonTerms, create_addon
from subscriptions.services.catalogue import create_plan
from subscriptions.services.usage import record_usage
from tests.policy.values import OTHER
from tests.scenarios.story import Story

MONTHLY, YEARLY = Interval(Unit.MONTH), Interval(Unit.YEAR)
# What else has to hold so that a key shows.
CONTEXT: Mapping[str, Mapping[str, Any]] = {
    "grace.renew_after.basis": {"grace.renew_after.percent": 50},
    "grace.renew_after.cap": {"grace.renew_after.percent": 100},
    "loyalty.every_months": {"loyalty.enabled": True},
    "loyalty.bonus_months": {"loyalty.enabled": True},
    "grace.renew_after.waivable": {"grace.renew_after.percent": 50},
}
Outcome = Callable[[Story], Any]


def lives(story: Story, key: str, value: Any, *, interval: Interval = MONTHLY, card: str = "declines") -> Story:
    """One more customer, for whom the key says this; the period begins today."""
    one = Story(story.twin, story.zone)
    one.now, one.world = story.now, story.world
    one.customer = one.world.customer(timezone=one.zone)
    one._add_card(card)
    with tenant(one.twin.pk):
        set_policy(
            scope_kind=ScopeKind.CUSTOMER,
            scope_id=one.customer,
            preset=None,
            document={**CONTEXT.get(key, {}), key: value},
            actor=one.world.system,
            now=one.now,
        )
    one.subscription = one.world.subscription(
        customer=one.customer,
        plan_id=one.world.plan(f"Basic {interval.unit}", price="30.00", interval=interval, allowances={"calls": 100}),
        started_at=one.now,
        currency="EUR",
        price=Money(3_000, "EUR"),
        timezone=one.zone,
    )
    return one


def pairs(story: Story, keys: list[str], **other: Any) -> dict[str, tuple[Story, Story]]:
    made = {
        key: (
            lives(story, key, KEYS[key].kind.write(KEYS[key].default), **other),
            lives(story, key, OTHER[key], **other),
        )
        for key in keys
    }
    story._settle()
    return made


def days(one: Story) -> list[tuple[str, str]]:
    """What happened, by local days."""
    with tenant(one.twin.pk):
        entries = timeline(one.twin.pk, one.customer, limit=200)
    found = [(local_date(entry.occurred_at, one.zone).isoformat(), entry.kind) for entry in entries]
    return sorted(day for day in found if day[1] != "policy.changed")


def until(one: Story) -> list[Any]:
    with tenant(one.twin.pk):
        rows = Term.objects.for_partner(one.twin.pk).filter(subscription=one.subscription).order_by("number")
        return [(row.starts_on, row.ends_on) for row in rows]


def owed(one: Story) -> Any:
    with tenant(one.twin.pk):
        found = preview_payment(one.twin.pk, one.subscription, now=one.now)
    return found.due, found.waivable


def asked(one: Story, verb: Verb) -> Any:
    """What a verb would do where the policy decides."""
    quote = door.preview(verb, actor=one.world.system, now=one.now)
    if quote.refusals:
        return [refusal.code for refusal in quote.refusals]
    [plan] = quote.money
    assert plan.planned is not None
    change = plan.planned.plan.change
    state = (change.state, change.change.direction) if change else None
    after = (plan.after.plan_name, plan.after.period, plan.after.lifecycle, plan.after.cancels)
    return plan.planned.at_once, plan.planned.due_now, plan.planned.to_balance, state, after


def differs(found: Mapping[str, tuple[Story, Story]], outcome: Outcome) -> None:
    for key, (default, other) in found.items():
        one, another = outcome(default), outcome(other)
        assert one != another, f"{key} is said to move {ACTING[key].by}, and nothing moved: {one}"


LOYALTY = ["loyalty.enabled", "loyalty.every_months", "loyalty.bonus_months"]
UNPAID = [
    "renewal.reminders_days",
    "retry.offsets_days",
    "retry.counted_from",
    "grace.starts",
    "grace.days",
    "grace.counted_from",
    "grace.then",
]
IN_GRACE = ["grace.access"]
PAYS_IN_GRACE = ["grace.renew_inside"]
PAYS_LATE = [
    "grace.renew_after.percent",
    "grace.renew_after.basis",
    "grace.renew_after.cap",
    "grace.renew_after.waivable",
]


def test_of_a_renewal_that_nobody_pays(story: Story) -> None:
    story.on("2024-01-31")
    unpaid, access = pairs(story, UNPAID), pairs(story, IN_GRACE)
    paying, late = pairs(story, PAYS_IN_GRACE), pairs(story, PAYS_LATE)
    at(story, "2024-03-06", access, paying)
    differs(access, lambda one: one._service())
    for one in paying["grace.renew_inside"]:
        one.pays()
    differs(paying, until)
    at(story, "2024-03-09", late)
    differs(late, owed)
    at(story, "2024-03-20", unpaid)
    differs(unpaid, days)


def test_of_a_yearly_plan(story: Story) -> None:
    story.on("2024-01-31")
    found = pairs(story, ["renewal.reminders_days_yearly"], interval=YEARLY, card="ok")
    at(story, "2025-01-31", found)
    differs(found, days)


def test_of_an_outage(story: Story) -> None:
    story.on("2024-01-31")
    found = pairs(story, ["catchup"], card="ok")
    story.outage("2024-02-10", "2024-04-10")
    story.catches_up()
    for pair in found.values():
        for one in pair:
            one.now = story.now
    differs(found, until)


def uses(one: Story, calls: int) -> None:
    with tenant(one.twin.pk):
        record_usage(
            one.subscription,
            allowance="calls",
            amount=calls,
            key="first days",
            used_at=one.now,
            actor=one.world.system,
            now=one.now,
        )


UP = ["change.upgrade.when", "change.upgrade.anchor", "change.unpaid"]


def test_of_changes_of_plan(story: Story) -> None:
    story.on("2024-01-31")
    up, down = pairs(story, UP, card="ok"), pairs(story, ["change.downgrade"], card="ok")
    lateral, by = pairs(story, ["change.lateral"], card="ok"), pairs(story, ["change.direction_by"], card="ok")
    back = pairs(story, ["change.rollback.money"], card="ok")
    at(story, "2024-02-10", up, down, lateral, by, back)
    dearer = story.world.plan("Dearer", price="60.00", rank=20)
    cheaper = story.world.plan("Cheaper", price="10.00", rank=-1)
    equal = story.world.plan("Equal", price="30.00")
    product_id = by["change.direction_by"][0].row().plan.product_id
    with tenant(story.twin.pk):
        # Ranks are compared within a product.
        lower_and_dearer = create_plan(
            product_id=product_id,
            name="Lower rank",
            interval=MONTHLY,
            prices=[Money(6_000, "EUR")],
            rank=-5,
            actor=story.world.system,
            now=story.now,
        )

    def to(plan: UUID) -> Outcome:
        return lambda one: asked(one, ChangePlan((Target(one.customer, one.subscription),), plan))

    differs(up, to(dearer))
    differs(down, to(cheaper))
    differs(lateral, to(equal))
    differs(by, to(lower_and_dearer))
    for one in back["change.rollback.money"]:
        verb = ChangePlan((Target(one.customer, one.subscription),), dearer)
        quote = door.preview(verb, actor=one.world.system, now=one.now)
        door.commit(verb, quote=quote.token, actor=one.world.system, now=one.now)
        one._settle()
    at(story, "2024-02-12", back)
    differs(back, lambda one: asked(one, RollbackPlan((Target(one.customer, one.subscription),))))


def test_of_what_a_change_gives_back(story: Story) -> None:
    story.on("2024-01-31")
    found = pairs(story, ["change.measure"], card="ok")
    at(story, "2024-03-02", found)
    for one in found["change.measure"]:
        uses(one, 90)
    dearer = story.world.plan("Dearer", price="60.00", rank=20)
    by_days, by_usage = (
        asked(one, ChangePlan((Target(one.customer, one.subscription),), dearer)) for one in found["change.measure"]
    )
    assert by_days[1] == Money(6_000 - 2_806, "EUR"), "29 of 31 days unused"
    assert by_usage[1] == Money(6_000 - 300, "EUR"), "10 of 100 calls unused"


def test_of_refunds(story: Story) -> None:
    story.on("2024-01-31")
    found = pairs(story, ["refund.window_hours", "refund.access"], card="ok")
    at(story, "2024-02-29", found)
    at(story, "2024-03-02", found)

    def refunded(one: Story) -> Any:
        with tenant(one.twin.pk):
            payment = Payment.objects.for_partner(one.twin.pk).filter(customer=one.customer).latest("recorded_at").pk
        target = Target(one.customer, one.subscription)
        return asked(one, Refund((target,), payment, RefundHow.FULL, RefundReason.REQUESTED, "as agreed"))

    differs(found, refunded)


def test_of_what_is_kept_of_those_who_left(story: Story) -> None:
    story.on("2024-01-31")
    found = pairs(story, ["retention.days_after_end"], card="ok")
    for one in found["retention.days_after_end"]:
        one.cancels("now")
    at(story, "2024-03-05", found)
    differs(found, lambda one: one.world.read_customer(one.customer).erased_at is None)


def test_of_add_ons(story: Story) -> None:
    story.on("2024-01-31")
    month = pairs(story, ["addon.month"], interval=YEARLY, card="ok")
    renewal = pairs(story, ["addon.on_renewal"], card="ok")
    at(story, "2024-02-10", month, renewal)
    _adds(story, month["addon.month"], AddonKind.EXPIRING)
    _adds(story, renewal["addon.on_renewal"], AddonKind.RECURRING)
    differs(month, addons)
    at(story, "2024-03-01", renewal)
    differs(renewal, addons)


def _adds(story: Story, pair: tuple[Story, Story], kind: AddonKind) -> None:
    product_id = pair[0].row().plan.product_id
    with tenant(story.twin.pk):
        addon = create_addon(
            product_id=product_id,
            kind=kind,
            interval=MONTHLY,
            terms=AddonTerms("Number", [Money(500, "EUR")]),
            actor=story.world.system,
            now=story.now,
        )
    for one in pair:
        verb = AddAddon((Target(one.customer, one.subscription),), addon)
        quote = door.preview(verb, actor=one.world.system, now=one.now)
        door.commit(verb, quote=quote.token, actor=one.world.system, now=one.now)
        one._settle()


def addons(one: Story) -> list[Any]:
    """Those held, with the instant at which they end by themselves."""
    with tenant(one.twin.pk):
        rows = SubscriptionAddon.objects.for_partner(one.twin.pk).filter(subscription=one.subscription, ended_at=None)
        return list(rows.values_list("addon__name", "ends_at"))


def test_of_mails_that_follow_by_days(story: Story) -> None:
    story.on("2024-01-31")
    welcome = pairs(story, ["welcome.days"], card="ok")
    for one in welcome["welcome.days"]:
        verb = Subscribe((Target(one.customer),), story.world.plan(price="30.00"), "EUR")
        door.commit(verb, quote=None, actor=one.world.system, now=story.now)
    story._settle()
    leaving = pairs(story, ["winback.days_before_end"], card="ok")
    for one in leaving["winback.days_before_end"]:
        one.now = story.now
        one.cancels()
    at(story, "2024-03-02", welcome, leaving)
    differs(welcome, days)
    differs(leaving, days)


def test_of_bonus_months(story: Story) -> None:
    story.on("2024-01-31")
    found = pairs(story, LOYALTY, card="ok")
    at(story, "2025-02-02", found)
    differs(found, until)


PROVED = {
    *LOYALTY,
    "welcome.days",
    "winback.days_before_end",
    "addon.month",
    "addon.on_renewal",
    *UNPAID,
    *IN_GRACE,
    *PAYS_IN_GRACE,
    *PAYS_LATE,
    *UP,
    "renewal.reminders_days_yearly",
    "catchup",
    "change.downgrade",
    "change.lateral",
    "change.measure",
    "change.direction_by",
    "change.rollback.money",
    "refund.window_hours",
    "refund.access",
    "retention.days_after_end",
}


def test_no_key_is_said_to_act_without_a_story_here() -> None:
    assert {key for key, acting in ACTING.items() if acting.acts} == PROVED


@pytest.mark.parametrize("key", KEYS)
def test_both_values_are_right_and_differ(key: str) -> None:
    default = KEYS[key].kind.write(KEYS[key].default)
    assert KEYS[key].kind.read(key, OTHER[key]) != KEYS[key].kind.read(key, default)


def at(story: Story, day: str, *found: Mapping[str, tuple[Story, Story]]) -> None:
    story.on(day)
    for pair in (pair for one in found for pair in one.values()):
        for one in pair:
            one.now = story.now
