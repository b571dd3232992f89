"""Policies: what holds for a partner, plan, customer or subscription and who said so, and what a level says itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from partnerpanel.actions.set_policy import level, preview_policy, set_policy
from partnerpanel.api.operations import Operation
from partnerpanel.api.views import ApiView, WritingView
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.policy.queries import Scope, Stored
from partnerpanel.policy.representations import PREFIXES
from partnerpanel.policy.rules.documents import dump
from partnerpanel.policy.rules.policy import KEYS
from partnerpanel.policy.rules.presets import Preset
from partnerpanel.policy.rules.resolution import ResolvedPolicy
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.wire.shapes import Shape, Whole, anything, constant, one_of


class PolicyShape(Shape):
    """`values` is what holds, by key; `sources` who said each: `platform`, `preset`, or a level with its version."""

    id = serializers.CharField(help_text="Whose it is.")
    object = constant("policy")
    level = one_of(ScopeKind)
    version = Whole(help_text="Of what this level says itself; 0 while it says nothing.")
    preset = one_of(Preset, allow_null=True)
    overrides = anything("What this level says itself, by key.")
    values = anything("What holds, by key.")
    sources = serializers.DictField(child=serializers.CharField())

    class Meta:
        ref_name = "Policy"


class PolicyInput(Shape):
    """Replaces what the level says: a key left out falls back to the level above. A preset is the partner's alone."""

    preset = one_of(Preset, required=False, allow_null=True)
    overrides = serializers.DictField(child=serializers.JSONField(allow_null=True), help_text="Values by key.")
    based_on = Whole(min_value=0, max_value=2**31 - 1, help_text="The version that you saw.")


class PolicyProposalShape(Shape):
    """What would hold, and the keys whose values would differ."""

    object = constant("policy_proposal")
    changed = serializers.ListField(child=serializers.CharField())
    before = anything("What holds now, of those keys.")
    after = anything("What would hold, of those keys.")
    version = Whole()

    class Meta:
        ref_name = "PolicyProposal"


class _OfScope(ApiView):
    tag: ClassVar[str] = "policies"

    def scope(self, public_id: str) -> Scope:
        """Raises NotFound."""
        head = public_id.partition("_")[0]
        for kind, prefix in PREFIXES.items():
            if prefix == head:
                return Scope(kind, parse(prefix, public_id))
        raise NotFound("There is no such policy.", field="id")


class Policy(WritingView, _OfScope):
    """`GET` and `PATCH /api/v1/policies/<id>`: the id of the partner, a plan, a customer or a subscription."""

    scopes: ClassVar[Mapping[str, str]] = {"GET": "policies:read", "PATCH": "policies:write"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        if method == "GET":
            summary = "What holds, and who said so"
            return Operation("retrieve_policy", summary, cls.tag, gives=PolicyShape, scope=cls.scopes[method])
        return Operation(
            "update_policy",
            "Set what a level says",
            cls.tag,
            takes=PolicyInput,
            gives=PolicyShape,
            scope=cls.scopes[method],
            once=True,
        )

    def get(self, _request: Request, public_id: str) -> Response:
        return Response(self._shown(public_id))

    def patch(self, _request: Request, public_id: str) -> Response:
        return self.once(lambda: self._set(public_id), lambda _acted: Response(self._shown(public_id)))

    def _set(self, public_id: str) -> Response:
        wanted = self.cleaned(PolicyInput)
        set_policy(
            self.scope(public_id),
            preset=wanted.get("preset"),
            document=wanted["overrides"],
            based_on=wanted["based_on"],
            actor=self.caller.actor,
            now=self.caller.now,
        )
        return Response(self._shown(public_id))

    def _shown(self, public_id: str) -> dict[str, Any]:
        scope = self.scope(public_id)
        found = level(scope, actor=self.caller.actor)
        own: Stored = found.own
        resolved: ResolvedPolicy = found.resolved
        return {
            "id": public_id,
            "object": "policy",
            "level": scope.kind.value,
            "version": own.version,
            "preset": own.preset,
            "overrides": dict(own.document or {}),
            "values": dump(resolved.policy),
            "sources": {key: str(resolved.source(key)) for key in KEYS},
        }


class PreviewPolicy(_OfScope):
    scopes: ClassVar[Mapping[str, str]] = {"POST": "policies:write"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        return Operation(
            "preview_policy",
            "Preview: set what a level says",
            cls.tag,
            takes=PolicyInput,
            gives=PolicyProposalShape,
            scope=cls.scopes[method],
        )

    def post(self, _request: Request, public_id: str) -> Response:
        wanted = self.cleaned(PolicyInput)
        found = preview_policy(
            self.scope(public_id),
            preset=wanted.get("preset"),
            document=wanted["overrides"],
            actor=self.caller.actor,
        )
        before, after = dump(found.before.policy), dump(found.after.policy)
        changed = [key for key in KEYS if before[key] != after[key]]
        return Response(
            {
                "object": "policy_proposal",
                "changed": changed,
                "before": {key: before[key] for key in changed},
                "after": {key: after[key] for key in changed},
                "version": found.stored.version,
            }
        )
