"""Reading policies: what counts for whom, how it came about, and what an open case has pinned."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from partnerpanel.policy.models import PolicyVersion
from partnerpanel.policy.rules import resolution
from partnerpanel.policy.rules.kinds import Json
from partnerpanel.policy.rules.policy import KEYS
from partnerpanel.policy.rules.presets import Preset
from partnerpanel.policy.rules.resolution import Layer, ResolvedPolicy, Source, preset_layer
from partnerpanel.policy.rules.scopes import SOURCES, ScopeKind
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read


class Scope(NamedTuple):
    """What a version belongs to."""

    kind: ScopeKind
    id: UUID


class Target(NamedTuple):
    """For whom a policy is asked; None leaves a level out, such as the plan of a customer."""

    plan_id: UUID | None = None
    customer_id: UUID | None = None
    subscription_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """One version as it was written; version 0 is a level that says nothing."""

    scope: Scope
    version: int = 0
    preset: Preset | None = None
    document: Mapping[str, Json] | None = None
    created_at: datetime | None = None
    actor_kind: str = ""
    actor_id: UUID | None = None

    @property
    def layers(self) -> tuple[Layer, ...]:
        base = () if self.preset is None else (preset_layer(self.preset),)
        if not self.document:
            return base
        return (*base, Layer(Source(SOURCES[self.scope.kind], str(self.scope.id), self.version), self.document))


@dataclass(frozen=True, slots=True)
class Pinned:
    """What a case opened with, what would hold for it now, and the keys of which the values differ."""

    resolved: ResolvedPolicy
    current: ResolvedPolicy
    moved: tuple[str, ...]


def resolve(partner_id: UUID, targets: Sequence[Target]) -> list[ResolvedPolicy]:
    """The policy for each target in their order, in one query. Raises InvalidPolicy for a stored value that is wrong.

    Targets for whom the same levels speak share one object.
    """
    ids = ({id_ for target in targets if (id_ := target[level]) is not None} for level in range(len(Target._fields)))
    found = {stored.scope: stored for stored in _stored(_SPEAKING(partner_id, partner_id, *ids))}
    if not found:
        return [resolution.PLATFORMS] * len(targets)
    made: dict[tuple[Scope, ...], ResolvedPolicy] = {}
    answers = []
    for target in targets:
        heard = tuple(scope for scope in speaking(partner_id, target) if scope in found)
        if heard not in made:
            made[heard] = resolution.resolve(layer for scope in heard for layer in found[scope].layers)
        answers.append(made[heard])
    return answers


def policies_ahead(
    partner_id: UUID, *, plans: Collection[UUID], customers: Collection[UUID], subscriptions: Collection[UUID]
) -> Asked:
    """What `resolve` asks for targets of all three levels."""
    return Asked(_SPEAKING, (partner_id, partner_id, plans, customers, subscriptions))


def any_version(partner_id: UUID) -> QuerySet[PolicyVersion]:
    """What the partner ever set, to ask whether there is anything: else the platform's own policy holds for all."""
    return PolicyVersion.objects.for_partner(partner_id)


def newest(partner_id: UUID, scopes: Collection[Scope]) -> dict[Scope, Stored]:
    """The versions that count, for those scopes that have one."""
    return _newest(partner_id, {kind: {scope.id for scope in scopes if scope.kind is kind} for kind in ScopeKind})


def _newest(partner_id: UUID, ids: Mapping[ScopeKind, Collection[UUID | None]]) -> dict[Scope, Stored]:
    wanted = Q()
    for kind, its_ids in ids.items():
        if known := [id_ for id_ in its_ids if id_ is not None]:
            wanted |= Q(scope_kind=kind.value, scope_id__among=known)
    if not wanted:
        return {}
    return {stored.scope: stored for stored in _stored(_each_newest(partner_id, wanted))}


def _each_newest(partner_id: UUID, wanted: Q) -> QuerySet[PolicyVersion]:
    rows = PolicyVersion.objects.for_partner(partner_id).filter(wanted)
    return rows.order_by("scope_kind", "scope_id", "-version").distinct("scope_kind", "scope_id")


_SPEAKING = Read(
    lambda partner_id, itself, plans, customers, subscriptions: _each_newest(
        partner_id,
        Q(scope_kind=ScopeKind.PARTNER.value, scope_id=itself)
        | Q(scope_kind=ScopeKind.PLAN.value, scope_id__among=plans)
        | Q(scope_kind=ScopeKind.CUSTOMER.value, scope_id__among=customers)
        | Q(scope_kind=ScopeKind.SUBSCRIPTION.value, scope_id__among=subscriptions),
    )
)


def history(partner_id: UUID, scope: Scope) -> list[Stored]:
    """Every version of one scope, newest first."""
    rows = PolicyVersion.objects.for_partner(partner_id).filter(scope_kind=scope.kind.value, scope_id=scope.id)
    return list(_stored(rows.order_by("-version")))


def pinned(partner_id: UUID, snapshot: Mapping[str, Any], target: Target) -> Pinned:
    """The policy that a case pinned beside the one that its target would get now, in one query.

    Whoever only follows the pinned policy needs no query: `ResolvedPolicy.from_snapshot`. Raises InvalidPolicy.
    """
    then, [current] = ResolvedPolicy.from_snapshot(snapshot), resolve(partner_id, [target])
    moved = tuple(name for name, key in KEYS.items() if key.of(then.policy) != key.of(current.policy))
    return Pinned(then, current, moved)


def speaking(partner_id: UUID, target: Target) -> tuple[Scope, ...]:
    """The levels that may speak for a target, the most general first."""
    plan_id, customer_id, subscription_id = target
    levels = (
        (ScopeKind.PARTNER, partner_id),
        (ScopeKind.PLAN, plan_id),
        (ScopeKind.CUSTOMER, customer_id),
        (ScopeKind.SUBSCRIPTION, subscription_id),
    )
    return tuple(Scope(kind, id_) for kind, id_ in levels if id_ is not None)


def _stored(rows: Iterable[PolicyVersion]) -> Iterable[Stored]:
    for row in rows:
        yield Stored(
            scope=Scope(ScopeKind(row.scope_kind), row.scope_id),
            version=row.version,
            preset=Preset(row.preset) if row.preset else None,
            document=row.document,
            created_at=row.created_at,
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
        )
