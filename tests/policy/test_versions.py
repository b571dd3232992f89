"""Setting a policy writes versions that stay, and reading them costs one query for any number of targets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from partnerpanel.events.models import Event
from partnerpanel.events.queries import timeline
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.policy.models import PolicyVersion
from partnerpanel.policy.queries import Scope, Target, history, pinned, resolve
from partnerpanel.policy.rules.errors import InvalidPolicy
from partnerpanel.policy.rules.resolution import PLATFORM, ResolvedPolicy, SourceKind
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.services import set_policy
from partnerpanel.tenancy.scope import tenant
from tests.people import Person
from tests.world import NOW, World

PLAN, CUSTOMER, SUBSCRIPTION = ScopeKind.PLAN, ScopeKind.CUSTOMER, ScopeKind.SUBSCRIPTION


def put(
    person: Person,
    kind: ScopeKind,
    id_: UUID | None = None,
    preset: str | None = None,
    based_on: int | None = None,
    **said: Any,
) -> int:
    document = {key.replace("__", "."): value for key, value in said.items()}
    scope_id = id_ or person.partner.pk
    with tenant(person.partner.pk):
        return set_policy(
            scope_kind=kind,
            scope_id=scope_id,
            preset=preset,
            document=document,
            actor=person.actor,
            now=NOW,
            based_on=based_on,
        )


def grace_days(person: Person, target: Target) -> int:
    with tenant(person.partner.pk):
        [resolved] = resolve(person.partner.pk, [target])
    return resolved.policy.grace.days


def test_a_partner_that_chose_nothing_follows_the_platform(owner: Person) -> None:
    with tenant(owner.partner.pk):
        [resolved] = resolve(owner.partner.pk, [Target()])
    assert resolved.source("grace.days") == PLATFORM.source


def test_every_level_speaks_and_the_newest_version_counts(owner: Person) -> None:
    plan, customer, subscription = uuid7(), uuid7(), uuid7()
    target = Target(plan, customer, subscription)
    put(owner, ScopeKind.PARTNER, preset="extended")
    assert grace_days(owner, target) == 15
    put(owner, ScopeKind.PARTNER, preset="extended", grace__days=14)
    assert grace_days(owner, target) == 14
    assert put(owner, PLAN, plan, grace__days=13) == 1
    assert grace_days(owner, target) == 13
    put(owner, CUSTOMER, customer, grace__days=12)
    put(owner, SUBSCRIPTION, subscription, grace__days=11)
    assert grace_days(owner, target) == 11
    assert put(owner, SUBSCRIPTION, subscription) == 2
    assert grace_days(owner, target) == 12
    assert grace_days(owner, Target(plan)) == 13
    assert grace_days(owner, Target(uuid7())) == 14


def test_a_hundred_targets_cost_one_query_and_keep_their_order(
    owner: Person, django_assert_num_queries: object
) -> None:
    plans = [uuid7() for _ in range(3)]
    for days, plan in enumerate(plans, start=1):
        put(owner, PLAN, plan, grace__days=days)
    special = uuid7()
    put(owner, CUSTOMER, special, grace__days=40)
    targets = [Target(plans[n % 3], uuid7(), uuid7()) for n in range(99)] + [Target(plans[0], special, uuid7())]
    with tenant(owner.partner.pk), django_assert_num_queries(1):  # type: ignore[operator]
        found = resolve(owner.partner.pk, targets)
    assert [one.policy.grace.days for one in found] == [n % 3 + 1 for n in range(99)] + [40]
    assert found[0] is found[3]


def test_a_version_and_its_event_are_written_together(world: World, owner: Person) -> None:
    customer = world.customer()
    put(owner, CUSTOMER, customer, grace__days=10, catchup="latest")
    put(owner, CUSTOMER, customer, grace__days=11, catchup="latest")
    with tenant(world.id):
        newest = timeline(world.id, customer)[0]
        events = Event.objects.for_partner(world.id).filter(object_type="policy", object_id=customer)
        assert sorted(events.values_list("sequence", flat=True)) == [1, 2]
        rows = history(world.id, Scope(CUSTOMER, customer))
    assert newest.kind == "policy.changed"
    assert newest.data == {"scope": "customer", "preset": None, "keys": ["grace.days"]}
    assert [(row.version, row.actor_id) for row in rows] == [(2, owner.user.pk), (1, owner.user.pk)]
    assert rows[1].document == {"catchup": "latest", "grace.days": 10}


def test_what_says_the_same_writes_nothing(owner: Person) -> None:
    plan = uuid7()
    assert put(owner, PLAN, plan) == 0
    assert put(owner, PLAN, plan, grace__days=10, catchup="each") == 1
    assert put(owner, PLAN, plan, catchup="each", grace__days=10) == 1
    assert put(owner, ScopeKind.PARTNER, preset="strict") == 1
    assert put(owner, ScopeKind.PARTNER, preset="strict") == 1
    assert put(owner, ScopeKind.PARTNER, preset="lenient") == 2
    with tenant(owner.partner.pk):
        assert PolicyVersion.objects.count() == Event.objects.filter(kind="policy.changed").count() == 3


@pytest.mark.parametrize(
    ("kind", "preset", "said", "field"),
    [
        (PLAN, None, {"grace__nights": 3}, "grace.nights"),
        (PLAN, None, {"grace__days": 0}, "grace.days"),
        (PLAN, "strict", {}, "preset"),
        (ScopeKind.PARTNER, "generous", {}, "preset"),
        (PLAN, None, {"retry__offsets_days": [2, 2]}, "retry.offsets_days"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(
    owner: Person, kind: ScopeKind, preset: str | None, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidPolicy) as refusal:
        put(owner, kind, None if kind is ScopeKind.PARTNER else uuid7(), preset, **said)
    assert refusal.value.field == field
    with tenant(owner.partner.pk):
        assert not PolicyVersion.objects.exists()
        assert not Event.objects.exists()


def test_values_are_checked_together_with_the_level_above(owner: Person) -> None:
    put(owner, ScopeKind.PARTNER, retry__counted_from="previous")
    assert put(owner, PLAN, uuid7(), retry__offsets_days=[2, 2]) == 1


def test_who_saw_an_older_version_is_told(owner: Person) -> None:
    plan = uuid7()
    put(owner, PLAN, plan, based_on=0, grace__days=10)
    put(owner, PLAN, plan, based_on=1, grace__days=11)
    with pytest.raises(Conflict):
        put(owner, PLAN, plan, based_on=1, grace__days=12)


def test_a_version_that_somebody_else_took_is_a_conflict(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = uuid7()
    put(owner, PLAN, plan, grace__days=10)
    monkeypatch.setattr("partnerpanel.policy.services.newest", lambda *_: {})
    with pytest.raises(Conflict):
        put(owner, PLAN, plan, grace__days=11)


def test_another_partners_versions_are_invisible(owner: Person, stranger: Person) -> None:
    shared = uuid7()
    put(stranger, ScopeKind.PARTNER, preset="lenient")
    put(stranger, PLAN, shared, grace__days=99)
    assert grace_days(owner, Target(shared)) == 7
    with tenant(owner.partner.pk):
        assert history(owner.partner.pk, Scope(PLAN, shared)) == []
    assert put(owner, PLAN, shared, grace__days=5) == 1
    assert grace_days(stranger, Target(shared)) == 99


def test_nobody_sets_another_partners_policy(owner: Person, stranger: Person) -> None:
    with pytest.raises(NotFound):
        put(owner, ScopeKind.PARTNER, stranger.partner.pk, preset="strict")


def test_a_case_keeps_what_it_opened_with(owner: Person) -> None:
    plan = uuid7()
    put(owner, PLAN, plan, grace__days=10)
    with tenant(owner.partner.pk):
        snapshot = resolve(owner.partner.pk, [Target(plan)])[0].snapshot()
    put(owner, PLAN, plan, grace__days=20, catchup="latest")
    assert ResolvedPolicy.from_snapshot(snapshot).policy.grace.days == 10
    with tenant(owner.partner.pk):
        found = pinned(owner.partner.pk, snapshot, Target(plan))
    assert found.resolved.policy.grace.days == 10
    assert (found.resolved.source("grace.days").kind, found.resolved.source("grace.days").version) == (
        SourceKind.PLAN,
        1,
    )
    assert found.current.policy.grace.days == 20
    assert found.moved == ("grace.days", "catchup")


def test_the_database_refuses_to_change_or_delete_a_version(owner: Person) -> None:
    put(owner, PLAN, uuid7(), grace__days=10)
    with tenant(owner.partner.pk):
        rows = PolicyVersion.objects.for_partner(owner.partner.pk)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows.update(document={})
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows.delete()


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"version": 0}, "policy_versions_count_from_one"),
        ({"scope_kind": "planet"}, "policy_scope_kind_known"),
        ({"scope_kind": "partner"}, "policy_of_the_partner_itself"),
        ({"preset": "strict"}, "policy_preset_of_the_partner_alone"),
    ],
)
def test_the_database_holds_what_must_be_true(owner: Person, wrong: dict[str, object], constraint: str) -> None:
    row = {"scope_kind": "plan", "scope_id": uuid7(), "version": 1, "created_at": NOW, "actor_kind": "system"} | wrong
    with tenant(owner.partner.pk), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PolicyVersion.objects.create(partner_id=owner.partner.pk, **row)
