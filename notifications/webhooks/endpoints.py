"""Endpoints by people and programs of the partner: each in a scope of its own, locked, and told in the record."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from notifications.webhooks.consumer import QUEUE
from notifications.webhooks.models import WebhookDelivery, WebhookEndpoint
from notifications.webhooks.rules.states import DisabledReason
from notifications.webhooks.rules.topics import PING, TOPICS
from notifications.webhooks.secrets import LONGEST_OVERLAP, forget_secrets, new_secret
from notifications.webhooks.switching import KIND, changed, drop_waiting, switch_off, switch_on, told
from notifications.webhooks.targets import target_of
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import Conflict, DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.queries import is_test_mode
from partnerpanel.tenancy.scope import tenant

MOST_ENDPOINTS = 16
DESCRIPTION_LENGTH = 200


class TooManyEndpoints(DomainError):
    """A partner has no more endpoints than that."""

    code = "too_many_endpoints"


class UnknownEvent(DomainError):
    """A kind of event that there is none of."""

    code = "unknown_event"


class InvalidOverlap(DomainError):
    """An old secret is taken for at most a day."""

    code = "invalid_overlap"


class EndpointMoved(Conflict):
    """Somebody changed the endpoint since it was shown."""

    code = "endpoint_moved"


class EndpointDisabled(Conflict):
    """Nothing is sent to an endpoint that is switched off."""

    code = "endpoint_disabled"


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """`secret` is shown once and kept sealed."""

    id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class EndpointChange:
    """None leaves it as it is; no kinds at all mean every kind."""

    url: str | None = None
    description: str | None = None
    kinds: Collection[str] | None = None
    enabled: bool | None = None


def create_endpoint(*, url: str, description: str, kinds: Collection[str], actor: Actor) -> NewEndpoint:
    """Raises UnsafeAddress, UnknownEvent, TooManyEndpoints."""
    wanted = _checked_kinds(kinds)
    with tenant(actor.partner_id):
        target_of(url, only_https=not is_test_mode(actor.partner_id))
        there = WebhookEndpoint.objects.for_partner(actor.partner_id).filter(removed_at=None)
        if there.count() >= MOST_ENDPOINTS:
            raise TooManyEndpoints(_("There are %(many)s endpoints already; remove one.") % {"many": MOST_ENDPOINTS})
        endpoint = WebhookEndpoint(
            id=uuid7(),
            partner_id=actor.partner_id,
            url=url,
            description=description,
            kinds=wanted,
            created_at=system_now(),
        )
        endpoint.save(force_insert=True)
        secret = new_secret(actor.partner_id, endpoint.pk, overlap=timedelta(0), at=system_now())
        told(endpoint, "created", actor=actor)
    return NewEndpoint(endpoint.pk, secret)


def change_endpoint(endpoint_id: UUID, change: EndpointChange, *, actor: Actor) -> None:
    """What is as it should be already is no change. Raises NotFound, UnsafeAddress, UnknownEvent."""
    with locked_endpoint(endpoint_id, actor) as endpoint:
        before = (endpoint.url, endpoint.description, endpoint.kinds)
        if change.url is not None and change.url != endpoint.url:
            target_of(change.url, only_https=not is_test_mode(actor.partner_id))
            # Another address has not failed yet.
            endpoint.url, endpoint.failing_since, endpoint.warned_at = change.url, None, None
        if change.description is not None:
            endpoint.description = change.description
        if change.kinds is not None:
            endpoint.kinds = _checked_kinds(change.kinds)
        if (endpoint.url, endpoint.description, endpoint.kinds) != before:
            changed(endpoint, "updated", actor=actor)
        if change.enabled is False and endpoint.disabled_at is None:
            switch_off(endpoint, DisabledReason.BY_HAND, actor=actor, at=system_now())
        if change.enabled is True and endpoint.disabled_at is not None:
            switch_on(endpoint, actor=actor)


def remove_endpoint(endpoint_id: UUID, *, version: int | None, actor: Actor) -> None:
    """Its secrets are forgotten, and its log is there no longer. Raises NotFound; EndpointMoved where it is no longer
    of the version that was looked at, if one was."""
    with locked_endpoint(endpoint_id, actor) as endpoint:
        if version not in (None, endpoint.version):
            raise EndpointMoved(_("Somebody changed the endpoint since you looked. Nothing was done; look again."))
        endpoint.removed_at = system_now()
        drop_waiting(endpoint)
        forget_secrets(actor.partner_id, endpoint_id)
        changed(endpoint, "deleted", actor=actor)


def rotate_secret(endpoint_id: UUID, *, overlap: timedelta, actor: Actor) -> str:
    """The new secret; the one before signs too until the overlap ends. Raises NotFound, InvalidOverlap."""
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise InvalidOverlap(_("An old secret stays for 24 hours at most."), field="overlap_hours")
    with locked_endpoint(endpoint_id, actor) as endpoint:
        secret = new_secret(actor.partner_id, endpoint_id, overlap=overlap, at=system_now())
        changed(endpoint, "secret_rotated", actor=actor)
    return secret


def send_test(endpoint_id: UUID, *, actor: Actor) -> UUID:
    """A test event, sent once and at once; the delivery's id. Raises NotFound, EndpointDisabled."""
    with locked_endpoint(endpoint_id, actor) as endpoint:
        refuse_disabled(endpoint)
        row_id = uuid7()
        changed(endpoint, "tested", actor=actor, data={"delivery": str(row_id)})
        row = WebhookDelivery(
            id=row_id,
            partner_id=actor.partner_id,
            endpoint=endpoint,
            kind=PING,
            object_type=KIND,
            object_id=endpoint.pk,
            sequence=endpoint.version,
            created_at=system_now(),
            due_at=system_now(),
        )
        row.save(force_insert=True)
        wake(QUEUE, actor.partner_id)
    return row_id


def refuse_disabled(endpoint: WebhookEndpoint) -> None:
    """Raises EndpointDisabled."""
    if endpoint.disabled_at is not None:
        raise EndpointDisabled(_("This endpoint is switched off; switch it on first."))


@contextmanager
def locked_endpoint(endpoint_id: UUID, actor: Actor) -> Iterator[WebhookEndpoint]:
    """In a scope that is opened for it. Raises NotFound."""
    with tenant(actor.partner_id):
        rows = WebhookEndpoint.objects.for_partner(actor.partner_id).filter(removed_at=None)
        endpoint = rows.select_for_update().filter(pk=endpoint_id).first()
        if endpoint is None:
            raise NotFound(_("There is no such endpoint."), field="id")
        yield endpoint


def _checked_kinds(kinds: Collection[str]) -> list[str]:
    for kind in kinds:
        if kind not in TOPICS:
            raise UnknownEvent(_("“%(kind)s” is no kind of event.") % {"kind": kind[:60]}, field="events")
    return sorted(set(kinds))
