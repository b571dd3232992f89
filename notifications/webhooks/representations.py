"""Webhook endpoints and deliveries as programs see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rest_framework import serializers

from notifications.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from notifications.webhooks.rules.states import DeliveryState, DisabledReason
from notifications.webhooks.rules.topics import PING, TOPICS
from notifications.webhooks.secrets import shown_secrets
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.rows import TenantQuerySet
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Shape, Whole, constant, id_field, one_of, ref_field
from partnerpanel.wire.values import instant, ref

ENDPOINT, DELIVERY = "whe", "whd"
ENABLED, DISABLED = "enabled", "disabled"


class WebhookSecretShape(Shape):
    """A secret that messages are signed with now. The newest has no end."""

    last4 = serializers.CharField()
    ends_at = At(allow_null=True)

    class Meta:
        ref_name = "WebhookSecret"


class WebhookEndpointShape(Shape):
    """An address of yours that is told of events. Its instants are of the real clock, also in a test mode."""

    id = id_field(ENDPOINT)
    object = constant("webhook_endpoint")
    url = serializers.CharField()
    description = serializers.CharField()
    events = serializers.ListField(child=one_of(sorted(TOPICS)), help_text="What it hears of; empty: everything.")
    status = one_of((ENABLED, DISABLED))
    disabled_reason = one_of(DisabledReason, allow_null=True)
    disabled_at = At(allow_null=True)
    failing_since = At(allow_null=True, help_text="The first failure after the last success.")
    secrets = WebhookSecretShape(many=True)
    created_at = At()
    version = Whole(help_text="Counts its changes.")

    class Meta:
        ref_name = "WebhookEndpoint"


class WebhookDeliveryShape(Shape):
    """A message to one endpoint; its id is the `webhook-id` of every attempt."""

    id = id_field(DELIVERY)
    object = constant("webhook_delivery")
    endpoint = ref_field(ENDPOINT, "WebhookEndpoint")
    type = one_of((*sorted(TOPICS), PING), help_text="The kind of event.")
    event = ref_field("evt", "Event", nullable=True, help_text="Null for a test.")
    sequence = Whole(help_text="Which change of the object it was.")
    state = one_of(DeliveryState)
    tries = Whole(help_text="Since it was made, or replayed.")
    next_attempt_at = At(allow_null=True)
    created_at = At()
    arrived_at = At(allow_null=True)
    last_status = Whole(allow_null=True, help_text="The newest answer’s; null where there was none.")
    last_error = serializers.CharField()

    class Meta:
        ref_name = "WebhookDelivery"


def show_endpoints(showing: Showing, rows: Sequence[WebhookEndpoint]) -> list[Shown]:
    secrets = shown_secrets(showing.partner_id, [row.pk for row in rows], at=system_now())
    return [
        {
            "id": public(ENDPOINT, row.pk),
            "object": "webhook_endpoint",
            "url": row.url,
            "description": row.description,
            "events": row.kinds,
            "status": DISABLED if row.disabled_at else ENABLED,
            "disabled_reason": row.disabled_reason or None,
            "disabled_at": instant(row.disabled_at),
            "failing_since": instant(row.failing_since),
            "secrets": [{"last4": last4, "ends_at": instant(ends_at)} for last4, ends_at in secrets.get(row.pk, [])],
            "created_at": instant(row.created_at),
            "version": row.version,
        }
        for row in rows
    ]


def show_deliveries(_showing: Showing, rows: Sequence[WebhookDelivery]) -> list[Shown]:
    return [
        {
            "id": public(DELIVERY, row.pk),
            "object": "webhook_delivery",
            "endpoint": public(ENDPOINT, row.endpoint_id),
            "type": row.kind,
            "event": ref("evt", row.event_id),
            "sequence": row.sequence,
            "state": row.state,
            "tries": row.attempts,
            "next_attempt_at": instant(row.due_at),
            "created_at": instant(row.created_at),
            "arrived_at": instant(row.arrived_at),
            "last_status": row.last_status,
            "last_error": row.last_error,
        }
        for row in rows
    ]


def show_attempt(row: WebhookAttempt) -> Shown:
    """One request and what came of it."""
    return {
        "sent_at": instant(row.sent_at),
        "milliseconds": row.milliseconds,
        "url": row.url,
        "request_headers": row.request_headers,
        "request_body": row.request_body,
        "status": row.status,
        "response_headers": row.answer_headers,
        "response_body": row.answer,
        "error": row.error,
    }


def _endpoints(partner_id: UUID) -> TenantQuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.for_partner(partner_id).filter(removed_at=None)


def _deliveries(partner_id: UUID) -> TenantQuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.for_partner(partner_id).filter(endpoint__removed_at=None)


def _switched(rows: filters.Rows, word: str) -> filters.Rows:
    return rows.filter(disabled_at__isnull=word == ENABLED)


_STATUS: Any = {"type": "string", "enum": [ENABLED, DISABLED]}
RESOURCES = [
    Resource(
        name="webhook_endpoints",
        kind="webhook_endpoint",
        prefix=ENDPOINT,
        shape=WebhookEndpointShape,
        rows=_endpoints,
        show=show_endpoints,
        filters={
            "status": filters.Filter(
                filters.word("", (ENABLED, DISABLED)).read, _switched, _STATUS, "Switched on, or off."
            ),
            **filters.between("created", "created_at"),
        },
    ),
    Resource(
        name="webhook_deliveries",
        kind="webhook_delivery",
        prefix=DELIVERY,
        shape=WebhookDeliveryShape,
        rows=_deliveries,
        show=show_deliveries,
        filters={
            "endpoint": filters.by_id("endpoint", ENDPOINT, "endpoint"),
            "state": filters.word("state", DeliveryState),
            "type": filters.word("kind", (*sorted(TOPICS), PING), "Of this kind of event."),
            "event": filters.by_id("event", "evt", "event"),
            **filters.between("created", "created_at"),
        },
        refs={"endpoint": "webhook_endpoints", "event": "events"},
    ),
]
