"""API keys by people of the partner: made, rotated, revoked; each is told in the record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.actions.scopes import checked_scopes
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.queries import of_object
from partnerpanel.events.services import record
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy import api_keys
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import ApiKey
from partnerpanel.tenancy.queries import partner_by_id
from partnerpanel.tenancy.scope import tenant

# The version of the API that a new key keeps.
NEWEST_VERSION = "2026-11-01"


@dataclass(frozen=True, slots=True)
class NewKey:
    """`secret` is shown once and kept nowhere."""

    key: ApiKey
    secret: str


def create_key(
    *,
    name: str,
    scopes: Collection[str],
    networks: Sequence[str] = (),
    expires_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> NewKey:
    """Of the actor's partner or its test mode. Raises Forbidden, UnknownScope, InvalidKeySettings naming the field."""
    permit(actor, Permission.MANAGE_SETTINGS)
    wanted = checked_scopes(scopes)
    with tenant(actor.partner_id):
        key, secret = api_keys.create_key(
            partner_by_id(actor.partner_id),
            name=name,
            scopes=wanted,
            version=NEWEST_VERSION,
            networks=networks,
            expires_at=expires_at,
            created_by=actor.id,
            at=system_now(),
        )
        _tell("api_key.created", key, actor=actor, now=now)
    return NewKey(key, secret)


def rotate_key(key_id: UUID, *, overlap: timedelta, actor: Actor, now: datetime) -> NewKey:
    """Raises Forbidden, NotFound, KeyRevoked, InvalidKeySettings."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        key, secret = api_keys.rotate_key(
            key_id, partner_id=actor.partner_id, overlap=overlap, by=actor.id, at=system_now()
        )
        _tell("api_key.rotated", key, actor=actor, now=now, replaces=key_id)
    return NewKey(key, secret)


def revoke_key(key_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, KeyRevoked."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        key = api_keys.revoke_key(key_id, partner_id=actor.partner_id, at=system_now())
        _tell("api_key.revoked", key, actor=actor, now=now)


def _tell(kind: str, key: ApiKey, *, actor: Actor, now: datetime, replaces: UUID | None = None) -> None:
    last = of_object(actor.partner_id, "api_key", key.pk, limit=1)
    data = {"replaces": str(replaces)} if replaces else {}
    draft = EventDraft(kind, "api_key", key.pk, last[0].sequence + 1 if last else 1, data=data)
    record([draft], actor=actor, action_id=uuid7(), now=now)
