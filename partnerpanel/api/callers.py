"""Who asks: the key behind `Authorization: Bearer …`, and the partner whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest
from structlog.contextvars import bind_contextvars, get_contextvars

from partnerpanel.actions.scopes import permissions_of
from partnerpanel.api.errors import AddressNotAllowed, InvalidKey, MissingScope
from partnerpanel.api.limits import Quota, count_request, count_stranger
from partnerpanel.api.versions import HEADER, Version, version_of
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.api_keys import key_behind, note_use, works_from
from partnerpanel.tenancy.clocks import business_now
from partnerpanel.tenancy.frozen import refuse_frozen
from partnerpanel.tenancy.visitors import client_address

if TYPE_CHECKING:
    from partnerpanel.tenancy.models import ApiKey, Partner

MESSAGE = "Send a valid API key: Authorization: Bearer pp_live_…."


@dataclass(frozen=True, slots=True)
class Caller:
    """One request of one program; `now` is the partner's business time."""

    key: ApiKey
    partner: Partner
    actor: Actor
    now: datetime
    version: Version
    quota: Quota

    def need(self, scope: str) -> None:
        """Raises MissingScope naming it."""
        if scope not in self.key.scopes:
            raise MissingScope(f"This key has not got the scope “{scope}”.", scope=scope)


def caller_of(request: HttpRequest) -> Caller:
    """Raises InvalidKey, AddressNotAllowed, RateLimited, UnknownVersion, PartnerFrozen."""
    address = client_address(request)
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    key = key_behind(secret.strip()) if kind.lower() == "bearer" and secret.strip() else None
    at = system_now()
    if key is None or key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= at):
        count_stranger(address)
        raise InvalidKey(MESSAGE)
    if not works_from(key, address):
        count_stranger(address)
        raise AddressNotAllowed(f"This key does not work from {address}.")
    quota = count_request(key.pk, key.partner_id)
    version = version_of(request.headers.get(HEADER), key.version)
    partner = key.partner
    refuse_frozen(partner)
    note_use(key, address=address, at=at)
    actor = Actor(
        ActorKind.KEY,
        partner.pk,
        key.pk,
        request_id=get_contextvars().get("request_id", ""),
        permissions=permissions_of(key.scopes),
    )
    bind_contextvars(partner_id=str(partner.pk), actor=actor.kind.value)
    return Caller(key, partner, actor, business_now(partner), version, quota)
