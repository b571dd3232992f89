"""Host names wished for, proved, chosen and given up; each change with its event, in the open scope."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.hosts.dns import Proof
from partnerpanel.hosts.rules.names import InvalidHost, is_ours, normal
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.hosts import is_proved, lock_hosts
from partnerpanel.tenancy.models import Host, Partner

MOST_HOSTS = 10
# So many days in a row without proof, and the portal answers there no more.
DAYS = 7
PREFIX = "partnerpanel-"


class HostTaken(Conflict):
    """Another partner has proved it."""

    code = "host_taken"


class TooManyHosts(Conflict):
    """More than any portal needs."""

    code = "too_many_hosts"


class NotProved(Conflict):
    """The proof is not in the DNS."""

    code = "host_not_proved"


def add_host(name: str, *, actor: Actor, now: datetime) -> UUID:
    """One that is to be proved; the same again is the one there is. Raises InvalidHost, HostTaken, TooManyHosts."""
    wanted = normal(name)
    if is_ours(wanted, [*settings.ALLOWED_HOSTS, _public_host()]):
        raise InvalidHost("This installation itself answers there. Take a host name of your own.", field="name")
    Partner.objects.select_for_update().get(pk=actor.partner_id)
    held = lock_hosts(actor.partner_id)
    for one in held:
        if one.name == wanted:
            return _id(one)
    if len(held) >= MOST_HOSTS:
        raise TooManyHosts(f"A portal has {MOST_HOSTS} host names at most. Remove one first.", field="name")
    if is_proved(wanted):
        raise HostTaken("This host name is in use here already.", field="name")
    made = Host(partner_id=actor.partner_id, name=wanted, token=PREFIX + secrets.token_hex(20), added_at=now)
    _record("added", made, actor, now)
    made.save(force_insert=True)
    return _id(made)


def settle(host_id: UUID, proof: Proof, *, actor: Actor, now: datetime, on: date) -> Host:
    """What a look for the proof means: proved, one day more without it, or off after the last one.

    Raises NotFound, HostTaken. A day counts once, however often it is looked at.
    """
    held = lock_hosts(actor.partner_id)
    host = _held(held, host_id)
    host.looked_at = now
    if proof is Proof.THERE:
        _prove(host, held, actor, now)
    elif proof is Proof.MISSING and host.proved_at is not None and host.failed_on != on:
        host.failed_days, host.failed_on = host.failed_days + 1, on
        if host.failed_days >= DAYS:
            host.proved_at, host.is_primary, host.lapsed_at = None, False, now
            _record("lapsed", host, actor, now)
    host.save()
    return host


def _prove(host: Host, held: list[Host], actor: Actor, now: datetime) -> None:
    host.failed_days, host.failed_on, host.lapsed_at = 0, None, None
    if host.proved_at is not None:
        return
    host.proved_at = now
    host.is_primary = not any(one.is_primary for one in held)
    try:
        with transaction.atomic():
            host.save()
    except IntegrityError as error:
        raise HostTaken("Another partner has proved this host name.", field="name") from error
    _record("proved", host, actor, now)


def make_primary(host_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Links lead there from now on. Raises NotFound, NotProved."""
    held = lock_hosts(actor.partner_id)
    host = _held(held, host_id)
    if host.proved_at is None:
        raise NotProved("Prove the host name first.", field="name")
    if host.is_primary:
        return
    Host.objects.filter(partner=actor.partner_id, is_primary=True).update(is_primary=False)
    host.is_primary = True
    _record("made_primary", host, actor, now)
    host.save(update_fields=["is_primary", "version"])


def remove_host(host_id: UUID, *, actor: Actor, now: datetime) -> str:
    """The portal answers there no more; the next proved one takes the links. Raises NotFound."""
    held = lock_hosts(actor.partner_id)
    host = _held(held, host_id)
    was_primary = host.is_primary
    _record("removed", host, actor, now)
    Host.objects.filter(pk=host.pk).delete()
    heir = next((one for one in held if one.pk != host.pk and one.proved_at is not None), None)
    if was_primary and heir is not None:
        Host.objects.filter(pk=heir.pk).update(is_primary=True)
    return str(host.name)


def _held(held: list[Host], host_id: UUID) -> Host:
    for one in held:
        if one.pk == host_id:
            return one
    raise NotFound("There is no such host name.", field="host")


def _record(what: str, host: Host, actor: Actor, now: datetime) -> None:
    host.version += 1
    draft = EventDraft(f"host.{what}", "host", host.pk, host.version, words={"name": host.name})
    record([draft], actor=actor, action_id=uuid7(), now=now)


def _public_host() -> str:
    return str(settings.PUBLIC_URL).partition("://")[2].partition("/")[0].partition(":")[0]


def _id(host: Host) -> UUID:
    found: UUID = host.pk
    return found
