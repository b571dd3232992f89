"""What a message says: the event, and the object as the API shows it when it is sent. Nothing that was before."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog

from notifications.webhooks.models import WebhookDelivery
from notifications.webhooks.rules.topics import PING
from partnerpanel.events.models import Event
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.queries import is_test_mode
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.resources import Showing, of_kind, shown
from partnerpanel.wire.values import instant

log = structlog.get_logger(__name__)


def bodies_of(rows: Sequence[WebhookDelivery], *, showing: Showing) -> dict[UUID, bytes]:
    """By delivery, what is sent now; opens scopes of its own. One that cannot be written is left out and logged."""
    found: dict[UUID, bytes] = {}
    by_type: defaultdict[str, list[WebhookDelivery]] = defaultdict(list)
    for row in rows:
        by_type[row.object_type].append(row)
    mode = "test" if is_test_mode(showing.partner_id) else "live"
    for object_type, its_rows in by_type.items():
        try:
            with tenant(showing.partner_id):
                found |= _written(object_type, its_rows, mode=mode, showing=showing)
        except Exception:
            log.exception("webhooks_not_written", object_type=object_type, partner_id=str(showing.partner_id))
    return found


def _written(object_type: str, rows: Sequence[WebhookDelivery], *, mode: str, showing: Showing) -> dict[UUID, bytes]:
    events = Event.objects.for_partner(showing.partner_id).in_bulk([row.event_id for row in rows if row.event_id])
    one = of_kind(object_type)
    objects = shown(one, {row.object_id for row in rows if row.object_id}, showing=showing) if one else {}
    prefix = one.prefix if one else ""
    return {
        row.pk: _body(
            row, events.get(row.event_id or row.pk), objects.get(row.object_id or row.pk) or _thin(row, prefix), mode
        )
        for row in rows
    }


def _body(row: WebhookDelivery, event: Event | None, shown_object: dict[str, Any], mode: str) -> bytes:
    at = event.occurred_at if event else row.created_at
    data = {
        "object": shown_object,
        "sequence": row.sequence,
        "event": public("evt", event.pk) if event else None,
        "action": public("act", event.action_id) if event else None,
        "mode": mode,
    }
    text = json.dumps({"type": row.kind, "timestamp": instant(at), "data": data}, ensure_ascii=False)
    return text.encode()


def _thin(row: WebhookDelivery, prefix: str) -> dict[str, Any]:
    """An object that the API does not show, or that is not there any more: what it is, and its id."""
    if row.object_id is None:
        return {"object": PING}
    return {"object": row.object_type, "id": public(prefix, row.object_id) if prefix else str(row.object_id)}
