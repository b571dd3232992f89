"""The host names of the partner's portal, changed by its people."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.hosts import services
from partnerpanel.hosts.dns import look_for
from partnerpanel.hosts.rules.names import InvalidHost, challenge
from partnerpanel.hosts.services import HostTaken, NotProved, TooManyHosts
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.hosts import hosts_of
from partnerpanel.tenancy.models import Host
from partnerpanel.tenancy.scope import tenant

__all__ = [
    "HostTaken",
    "InvalidHost",
    "NotProved",
    "TooManyHosts",
    "add",
    "challenge",
    "check",
    "host_named",
    "hosts_of",
]


def host_named(partner_id: UUID, host_id: UUID) -> Host:
    """Raises NotFound, also for another partner's."""
    for one in hosts_of(partner_id):
        if one.pk == host_id:
            return one
    raise NotFound("There is no such host name.", field="host")


def add(name: str, *, actor: Actor, now: datetime) -> UUID:
    """One that is to be proved. Raises Forbidden, InvalidHost, HostTaken, TooManyHosts."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        return services.add_host(name, actor=actor, now=now)


def check(host_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Looks for the proof now; from then on the portal answers there.

    Raises Forbidden, NotFound, NotProved, HostTaken.
    """
    permit(actor, Permission.MANAGE_SETTINGS)
    host = host_named(actor.partner_id, host_id)
    proof = look_for(host.name, host.token)
    with tenant(actor.partner_id):
        after = services.settle(host_id, proof, actor=actor, now=now, on=system_now().date())
    if after.proved_at is None:
        raise NotProved("The TXT record is not there yet. New records may take some minutes.", field="name")


def make_primary(host_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Links lead there. Raises Forbidden, NotFound, NotProved."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        services.make_primary(host_id, actor=actor, now=now)


def remove(host_id: UUID, *, actor: Actor, now: datetime) -> str:
    """The portal answers there no more. Raises Forbidden, NotFound."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        return services.remove_host(host_id, actor=actor, now=now)
