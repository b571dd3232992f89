"""Setting a policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.policy.models import PolicyVersion
from partnerpanel.policy.queries import Scope, Stored, newest
from partnerpanel.policy.rules.documents import canonical, check_together
from partnerpanel.policy.rules.editing import changed_keys
from partnerpanel.policy.rules.errors import InvalidPolicy
from partnerpanel.policy.rules.kinds import Json
from partnerpanel.policy.rules.presets import Preset, preset_named
from partnerpanel.policy.rules.resolution import resolve
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.tenancy.actor import Actor

MOVED = "Somebody else has changed this policy meanwhile; look at the new version and repeat your change."


def set_policy(
    *,
    scope_kind: ScopeKind,
    scope_id: UUID,
    preset: str | None,
    document: Mapping[str, object],
    actor: Actor,
    now: datetime,
    based_on: int | None = None,
    customer_id: UUID | None = None,
) -> int:
    """Makes this what the scope says, in the open scope of the partner; returns the version that counts now.

    The document replaces the one before: a key left out falls back to the level above. `preset` belongs to the
    partner's own level; None there means the platform's. What says the same as before writes nothing. `based_on` is
    the version that the editor saw (0 for none); `customer_id` whose timeline the change of a subscription belongs to.
    Raises InvalidPolicy naming the key, Conflict where the version has moved, NotFound for another partner's id.
    """
    if scope_kind is ScopeKind.PARTNER and scope_id != actor.partner_id:
        raise NotFound("There is no such partner.", field="scope_id")
    if scope_kind is not ScopeKind.PARTNER and preset is not None:
        raise InvalidPolicy("A preset is chosen for the partner as a whole.", field="preset")
    chosen = None if preset is None else preset_named(preset)
    wanted = canonical(document)
    scope, whole = Scope(scope_kind, scope_id), Scope(ScopeKind.PARTNER, actor.partner_id)
    found = newest(actor.partner_id, {scope, whole})
    before = found.get(scope, Stored(scope))
    if based_on not in (None, before.version):
        raise Conflict(MOVED, field="based_on")
    after = Stored(scope, before.version + 1, chosen, wanted)
    above = () if scope == whole else found.get(whole, Stored(whole)).layers
    check_together(resolve([*above, *after.layers]).policy)
    if before.preset == chosen and (before.document or {}) == wanted:
        return before.version
    _write(after, wanted, actor=actor, now=now)
    draft = EventDraft(
        kind="policy.changed",
        object_type="policy",
        object_id=scope_id,
        sequence=after.version,
        customer_id=scope_id if scope_kind is ScopeKind.CUSTOMER else customer_id,
        data={"scope": scope_kind.value, "preset": chosen, "keys": changed_keys(before.document or {}, wanted)},
    )
    record([draft], actor=actor, action_id=uuid7(), now=now)
    return after.version


def _write(stored: Stored, document: Mapping[str, Json], *, actor: Actor, now: datetime) -> None:
    preset: Preset | str = stored.preset or ""
    try:
        with transaction.atomic():
            PolicyVersion.objects.create(
                partner_id=actor.partner_id,
                scope_kind=stored.scope.kind.value,
                scope_id=stored.scope.id,
                version=stored.version,
                preset=str(preset),
                document=dict(document),
                created_at=now,
                actor_kind=actor.kind,
                actor_id=actor.id,
            )
    except IntegrityError as error:
        if "one_policy_per_version" not in str(error):
            raise
        raise Conflict(MOVED, field="based_on") from None
