"""Webhook endpoints by people and programs of the partner. Whoever manages the settings may."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from notifications.webhooks import endpoints, replaying
from notifications.webhooks.endpoints import EndpointChange, NewEndpoint
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.tenancy.actor import Actor


def create_endpoint(*, url: str, description: str = "", kinds: Collection[str] = (), actor: Actor) -> NewEndpoint:
    """Without kinds it hears of everything. Raises Forbidden, UnsafeAddress, UnknownEvent, TooManyEndpoints."""
    permit(actor, Permission.MANAGE_SETTINGS)
    return endpoints.create_endpoint(url=url, description=description, kinds=kinds, actor=actor)


def change_endpoint(endpoint_id: UUID, change: EndpointChange, *, actor: Actor) -> None:
    """Also switches it on and off. Raises Forbidden, NotFound, UnsafeAddress, UnknownEvent."""
    permit(actor, Permission.MANAGE_SETTINGS)
    endpoints.change_endpoint(endpoint_id, change, actor=actor)


def remove_endpoint(endpoint_id: UUID, *, version: int | None = None, actor: Actor) -> None:
    """Of the version that was looked at, if one was. Raises Forbidden, NotFound, EndpointMoved."""
    permit(actor, Permission.MANAGE_SETTINGS)
    endpoints.remove_endpoint(endpoint_id, version=version, actor=actor)


def rotate_secret(endpoint_id: UUID, *, overlap: timedelta, actor: Actor) -> str:
    """The new secret. Raises Forbidden, NotFound, InvalidOverlap."""
    permit(actor, Permission.MANAGE_SETTINGS)
    return endpoints.rotate_secret(endpoint_id, overlap=overlap, actor=actor)


def send_test(endpoint_id: UUID, *, actor: Actor) -> UUID:
    """The delivery's id. Raises Forbidden, NotFound, EndpointDisabled."""
    permit(actor, Permission.MANAGE_SETTINGS)
    return endpoints.send_test(endpoint_id, actor=actor)


def replay(delivery_id: UUID, *, actor: Actor) -> None:
    """Raises Forbidden, NotFound, EndpointDisabled."""
    permit(actor, Permission.MANAGE_SETTINGS)
    replaying.replay(delivery_id, actor=actor)


def replay_span(endpoint_id: UUID, *, since: datetime, until: datetime, arrived_too: bool = False, actor: Actor) -> int:
    """How many are sent. Raises Forbidden, NotFound, EndpointDisabled, InvalidSpan, TooManyToReplay."""
    permit(actor, Permission.MANAGE_SETTINGS)
    return replaying.replay_span(endpoint_id, since=since, until=until, arrived_too=arrived_too, actor=actor)
