"""Endpoints on and off, and what each change of one is told by; in the open scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from notifications.webhooks.models import WebhookDelivery, WebhookEndpoint
from notifications.webhooks.rules.states import DeliveryState, DisabledReason
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.clocks import business_now_of

KIND = "webhook_endpoint"


def switch_off(endpoint: WebhookEndpoint, reason: DisabledReason, *, actor: Actor, at: datetime) -> None:
    """Nothing is sent to it any more; what waited is dropped, and comes back by a replay alone."""
    endpoint.disabled_at, endpoint.disabled_reason = at, reason.value
    drop_waiting(endpoint)
    changed(endpoint, "disabled", actor=actor, data={"reason": reason.value})


def switch_on(endpoint: WebhookEndpoint, *, actor: Actor) -> None:
    """Events from now on are sent."""
    endpoint.disabled_at, endpoint.disabled_reason = None, ""
    endpoint.failing_since = endpoint.warned_at = None
    changed(endpoint, "enabled", actor=actor)


def drop_waiting(endpoint: WebhookEndpoint) -> None:
    rows = WebhookDelivery.objects.for_partner(endpoint.partner_id)
    waiting = rows.filter(endpoint=endpoint, state=DeliveryState.PENDING)
    waiting.update(state=DeliveryState.DROPPED, due_at=None, leased_until=None)


def changed(endpoint: WebhookEndpoint, word: str, *, actor: Actor, data: Mapping[str, Any] | None = None) -> None:
    """Saves the endpoint as its next version and records the change."""
    endpoint.version += 1
    endpoint.save()
    told(endpoint, word, actor=actor, data=data)


def told(endpoint: WebhookEndpoint, word: str, *, actor: Actor, data: Mapping[str, Any] | None = None) -> None:
    """Records it at the endpoint's version."""
    draft = EventDraft(f"{KIND}.{word}", KIND, endpoint.pk, endpoint.version, data=dict(data or {}))
    record([draft], actor=actor, action_id=uuid7(), now=business_now_of(actor.partner_id))
