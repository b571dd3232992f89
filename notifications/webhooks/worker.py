"""Sending what is due. A message that was sent and not settled is sent again, with the id by which receivers know it.

Retries are of the system's clock, in a test mode too: receivers are servers in the present, whatever a test clock says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from celery.signals import worker_process_shutdown
from prometheus_client import Counter

from notifications.webhooks.bodies import bodies_of
from notifications.webhooks.claiming import claim
from notifications.webhooks.models import WebhookDelivery
from notifications.webhooks.posting import Answer, post, request_headers
from notifications.webhooks.rules.signing import signed_headers
from notifications.webhooks.secrets import live_secrets
from notifications.webhooks.sending import Senders
from notifications.webhooks.settling import Sent, settle
from notifications.webhooks.targets import UnsafeAddress, target_of
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.queries import is_test_mode
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.resources import Showing

WEBHOOKS = Counter("partnerpanel_webhooks", "Webhooks that a receiver was asked to take", ["outcome"])
PREFIX = "whd"
# A worker whose threads are all busy waits for so long; then the next sweep looks again.
SECONDS_FOR_ROOM = 2.0
SECONDS_TO_END = 20.0
SENDERS: Senders[Sent] = Senders()


@dataclass(frozen=True, slots=True)
class _Message:
    """All that sending needs, so that it asks the database nothing."""

    delivery: WebhookDelivery
    body: bytes
    secrets: Sequence[str]
    only_https: bool


def drain_webhooks(partner_id: UUID, now: datetime) -> int:
    """Begins to send a batch of what is due, without waiting for the answers; returns its size."""
    rows = claim(partner_id, room=SENDERS.room(seconds=SECONDS_FOR_ROOM))
    if not rows:
        return 0
    bodies = bodies_of(rows, showing=Showing(partner_id, now))
    with tenant(partner_id):
        secrets = live_secrets(partner_id, {row.endpoint_id for row in rows}, at=system_now())
    only_https = not is_test_mode(partner_id)
    for row in rows:
        message = _Message(row, bodies.get(row.pk, b""), secrets.get(row.endpoint_id, ()), only_https)
        SENDERS.send(partial(_send, message), settle)
    return len(rows)


def _send(message: _Message) -> Sent:
    """Runs in a thread of its own."""
    row, at = message.delivery, system_now()
    if not message.body or not message.secrets:
        return Sent(row, at, {}, "", Answer(0, error="The message could not be written."), is_ours=True)
    try:
        target = target_of(row.endpoint.url, only_https=message.only_https)
    except UnsafeAddress as error:
        return Sent(row, at, {}, message.body.decode(), Answer(0, error=error.message))
    signed = signed_headers(public(PREFIX, row.pk), body=message.body, at=at, secrets=message.secrets)
    headers = request_headers(target, message.body, signed)
    answer = post(target, message.body, headers)
    WEBHOOKS.labels(f"{answer.status // 100}xx" if answer.status else "none").inc()
    return Sent(row, at, headers, message.body.decode(), answer)


@worker_process_shutdown.connect
def finish_sending(**_: object) -> None:
    """A worker that stops waits for what it has begun."""
    SENDERS.wait(seconds=SECONDS_TO_END)
