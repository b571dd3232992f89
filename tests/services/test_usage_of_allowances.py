"""Usage is counted once, against the plan first and packs after it, and told at 80 and 100 percent."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from partnerpanel.events.models import Event
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription, SubscriptionAddon
from subscriptions.queries.addons import offers
from subscriptions.queries.usage import usage_of
from subscriptions.rules.addons import AddonKind, HeldAddon
from subscriptions.rules.meter import InvalidUsage, UsageKeyReused
from subscriptions.rules.usage import AllowanceUse
from subscriptions.services.addon_catalogue import AddonTerms, create_addon
from subscriptions.services.addons import add_addons
from subscriptions.services.usage import record_usage
from tests.threads import in_threads
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def uses(world: World, subscription: UUID, amount: int, key: str, *, allowance: str = "calls") -> AllowanceUse:
    with tenant(world.id):
        return record_usage(
            subscription,
            allowance=allowance,
            amount=amount,
            key=key,
            used_at=world.now - timedelta(minutes=5),
            actor=world.system,
            now=world.now,
        )


def caller(world: World, calls: int = 100) -> UUID:
    return world.subscription(plan_id=world.plan(allowances={"calls": calls}), started_at=world.now - timedelta(days=3))


def buys_pack(world: World, subscription: UUID, calls: int) -> None:
    with tenant(world.id):
        row = Subscription.objects.for_partner(world.id).select_related("plan").get(pk=subscription)
        terms = AddonTerms(f"{calls} calls", [Money(500, row.currency)], allowances={"calls": calls})
        addon = create_addon(
            product_id=row.plan.product_id,
            kind=AddonKind.PACK,
            interval=None,
            terms=terms,
            actor=world.system,
            now=world.now,
        )
        [offer] = offers(world.id, row.currency, [addon])
        add_addons(world.id, [(subscription, HeldAddon(uuid7(), offer, 1, world.now.date()))], now=world.now)


def alerts(world: World) -> list[int]:
    with tenant(world.id):
        rows = Event.objects.for_partner(world.id).filter(kind="subscription.usage_alert").order_by("pk")
        return [row.data["level"] for row in rows]


def test_the_plan_is_used_first_and_then_the_pack(world: World) -> None:
    id_ = caller(world)
    buys_pack(world, id_, 50)
    assert uses(world, id_, 90, "a").left == 60
    use = uses(world, id_, 30, "b")
    assert (use.used, use.from_packs, use.pack_left, use.left, use.over) == (120, 20, 30, 30, 0)
    over = uses(world, id_, 40, "c")
    assert (over.used, over.from_packs, over.left, over.over) == (160, 50, 0, 10)
    with tenant(world.id):
        assert not SubscriptionAddon.objects.for_partner(world.id).filter(ended_at=None).exists()
        assert usage_of(world.id, [id_])[id_] == [over]


def test_somebody_is_told_once_at_each_level(world: World) -> None:
    id_ = caller(world)
    for key, amount in {"a": 79, "b": 1, "c": 5, "d": 15, "e": 30}.items():
        uses(world, id_, amount, key)
    assert alerts(world) == [80, 100]


def test_the_same_key_counts_once_and_another_record_with_it_is_refused(world: World) -> None:
    id_ = caller(world)
    assert uses(world, id_, 10, "a") == uses(world, id_, 10, "a")
    with pytest.raises(UsageKeyReused):
        uses(world, id_, 11, "a")


def test_recorded_twice_at_once_it_counts_once(world: World) -> None:
    id_ = caller(world)
    in_threads(lambda: uses(world, id_, 10, "a"), lambda: uses(world, id_, 10, "a"), lambda: uses(world, id_, 5, "b"))
    with tenant(world.id):
        assert [one.used for one in usage_of(world.id, [id_])[id_]] == [15]


def test_nonsense_and_strangers_are_refused(world: World, other_world: World) -> None:
    id_ = caller(world)
    for amount, key, allowance in ((0, "a", "calls"), (1, "", "calls"), (1, "a", "")):
        with pytest.raises(InvalidUsage):
            uses(world, id_, amount, key, allowance=allowance)
    with pytest.raises(NotFound):
        uses(other_world, id_, 1, "a")
