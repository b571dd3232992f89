"""Reading one level of a policy: what it says itself, what holds above it, and how it came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from partnerpanel.policy.queries import Scope, Stored, Target, history, newest, speaking
from partnerpanel.policy.rules.documents import canonical, check_together
from partnerpanel.policy.rules.editing import changed_keys
from partnerpanel.policy.rules.errors import InvalidPolicy
from partnerpanel.policy.rules.presets import Preset, preset_named
from partnerpanel.policy.rules.resolution import Layer, ResolvedPolicy, resolve
from partnerpanel.policy.rules.scopes import ScopeKind


@dataclass(frozen=True, slots=True)
class Level:
    """`own` is what the level says now, `above` what speaks before it."""

    own: Stored
    above: tuple[Layer, ...]

    @property
    def resolved(self) -> ResolvedPolicy:
        """What holds at this level now."""
        return resolve([*self.above, *self.own.layers])

    def proposed(self, *, preset: str | None, document: Mapping[str, object]) -> Stored:
        """The version that setting this would write. Raises InvalidPolicy naming the key."""
        if preset is not None and self.own.scope.kind is not ScopeKind.PARTNER:
            raise InvalidPolicy("A preset is chosen for the partner as a whole.", field="preset")
        chosen: Preset | None = None if preset is None else preset_named(preset)
        return Stored(self.own.scope, self.own.version + 1, chosen, canonical(document))

    def with_(self, stored: Stored) -> ResolvedPolicy:
        """What would hold if the level said this. Raises InvalidPolicy for values that do not go together."""
        found = resolve([*self.above, *stored.layers])
        check_together(found.policy)
        return found

    @property
    def without(self) -> ResolvedPolicy:
        """What would hold if the level set no key, on the preset that it has chosen."""
        return resolve([*self.above, *Stored(self.own.scope, self.own.version, self.own.preset).layers])


@dataclass(frozen=True, slots=True)
class Past:
    """One version, and the keys in which it differs from the one before."""

    stored: Stored
    changed: tuple[str, ...]
    preset_changed: bool


def level_of(partner_id: UUID, scope: Scope, target: Target) -> Level:
    """The level `scope` as it stands for `target`, in one query."""
    scopes = speaking(partner_id, target)
    found = newest(partner_id, scopes)
    above = scopes[: scopes.index(scope)]
    return Level(
        found.get(scope, Stored(scope)), tuple(layer for one in above if one in found for layer in found[one].layers)
    )


def past_of(partner_id: UUID, scope: Scope, *, limit: int) -> list[Past]:
    """The newest versions of a level, each with what it changed."""
    versions = history(partner_id, scope)
    before = [*versions[1:], Stored(scope)]
    return [
        Past(one, tuple(changed_keys(old.document or {}, one.document or {})), one.preset != old.preset)
        for one, old in list(zip(versions, before, strict=False))[:limit]
    ]


def version_of(partner_id: UUID, scope: Scope, number: int) -> Stored:
    """This version as it was written; version 0 says nothing. Raises InvalidPolicy where there is none."""
    if number == 0:
        return Stored(scope)
    found = next((one for one in history(partner_id, scope) if one.version == number), None)
    if found is None:
        raise InvalidPolicy("There is no such version of this policy.", field="version")
    return found
