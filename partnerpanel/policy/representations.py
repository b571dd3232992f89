"""Levels of a policy as programs see them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef
from rest_framework import serializers

from partnerpanel.kernel.ids import public
from partnerpanel.policy.models import PolicyVersion
from partnerpanel.policy.rules.presets import Preset
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.tenancy.rows import TenantQuerySet
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Shape, Whole, anything, constant, one_of
from partnerpanel.wire.values import instant

PREFIXES = {
    ScopeKind.PARTNER: "par",
    ScopeKind.PLAN: "plan",
    ScopeKind.CUSTOMER: "cus",
    ScopeKind.SUBSCRIPTION: "sub",
}


class PolicyLevelShape(Shape):
    """What one level says itself; `id` is whose it is. Keys that it does not set come from the levels above."""

    id = serializers.CharField()
    object = constant("policy_level")
    level = one_of(ScopeKind)
    version = Whole()
    preset = one_of(Preset, allow_null=True)
    overrides = anything("Values by key.")
    created_at = At()

    class Meta:
        ref_name = "PolicyOverride"


def show(_showing: Showing, rows: Sequence[PolicyVersion]) -> list[Shown]:
    return [
        {
            "id": public(PREFIXES[ScopeKind(row.scope_kind)], row.scope_id),
            "object": "policy_level",
            "level": row.scope_kind,
            "version": row.version,
            "preset": row.preset or None,
            "overrides": row.document,
            "created_at": instant(row.created_at),
        }
        for row in rows
    ]


def _newest(partner_id: UUID) -> TenantQuerySet[PolicyVersion]:
    same = {"partner": OuterRef("partner"), "scope_kind": OuterRef("scope_kind"), "scope_id": OuterRef("scope_id")}
    newer = PolicyVersion.objects.filter(**same, version__gt=OuterRef("version"))
    return PolicyVersion.objects.for_partner(partner_id).filter(~Exists(newer))


POLICIES = Resource(
    name="policies",
    kind="policy",
    prefix="pol",
    shape=PolicyLevelShape,
    rows=_newest,
    show=show,
    filters={"level": filters.word("scope_kind", ScopeKind)},
)
