"""What came of a request: the log, the message's next try or its end, and what it means for the endpoint."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from notifications.webhooks.alarms import Alarm, tell
from notifications.webhooks.consumer import QUEUE
from notifications.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from notifications.webhooks.posting import Answer
from notifications.webhooks.rules.schedule import GONE, SUCCESS, Sentence, next_wait, read_retry_after, sentence
from notifications.webhooks.rules.states import DeliveryState, DisabledReason
from notifications.webhooks.rules.topics import PING
from notifications.webhooks.switching import switch_off
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.rows import due
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant


@dataclass(frozen=True, slots=True)
class Sent:
    """`is_ours`: it failed before anybody was asked, which says nothing of the receiver."""

    delivery: WebhookDelivery
    at: datetime
    headers: Mapping[str, str]
    body: str
    answer: Answer
    is_ours: bool = False

    @property
    def arrived(self) -> bool:
        return self.answer.status in SUCCESS


def settle(sent: Sent) -> None:
    """Opens a scope of its own; what people are to be told goes out after it."""
    row, at = sent.delivery, system_now()
    with tenant(row.partner_id):
        WebhookAttempt.objects.bulk_create([_logged(sent)])
        _move(sent, at)
        alarm = _judge(sent, at)
        waiting = WebhookDelivery.objects.filter(endpoint=row.endpoint_id, state=DeliveryState.PENDING)
        if due(waiting, partner_id=row.partner_id, now=at).exists():
            wake(QUEUE, row.partner_id)
    if alarm is not None:
        tell(alarm)


def _logged(sent: Sent) -> WebhookAttempt:
    row, answer = sent.delivery, sent.answer
    return WebhookAttempt(
        id=uuid7(),
        partner_id=row.partner_id,
        delivery_id=row.pk,
        sent_at=sent.at,
        milliseconds=answer.milliseconds,
        url=row.endpoint.url,
        request_headers=dict(sent.headers),
        request_body=sent.body,
        status=answer.status,
        answer_headers=dict(answer.headers),
        answer=answer.text,
        error=answer.error[:300],
    )


def _move(sent: Sent, at: datetime) -> None:
    """Compare-and-set: whoever took the message since, or began it anew, decides about it."""
    row, answer = sent.delivery, sent.answer
    mine = WebhookDelivery.objects.for_partner(row.partner_id).filter(
        pk=row.pk, attempts=row.attempts, leased_until=row.leased_until, state=DeliveryState.PENDING
    )
    if sent.arrived:
        mine.update(
            state=DeliveryState.SUCCEEDED,
            arrived_at=at,
            due_at=None,
            leased_until=None,
            last_error="",
            last_status=answer.status,
        )
        return
    wait = None
    if answer.status != GONE and row.kind != PING:
        asked = read_retry_after(answer.status, answer.header("retry-after"), now=at)
        wait = next_wait(row.attempts, chance=random.random(), retry_after=asked)  # noqa: S311 no secret
    mine.update(
        state=DeliveryState.FAILED if wait is None else DeliveryState.PENDING,
        due_at=None if wait is None else at + wait,
        leased_until=None,
        last_error=answer.error[:500],
        last_status=answer.status,
    )


def _judge(sent: Sent, at: datetime) -> Alarm | None:
    """What the answer means for the endpoint; a test, or a failure of our own, means nothing unless it arrived."""
    row = sent.delivery
    rows = WebhookEndpoint.objects.for_partner(row.partner_id).filter(pk=row.endpoint_id)
    if sent.arrived:
        rows.filter(failing_since__isnull=False).update(failing_since=None, warned_at=None)
        return None
    if sent.is_ours or (row.kind == PING and sent.answer.status != GONE):
        return None
    endpoint = rows.filter(disabled_at=None, removed_at=None).select_for_update().first()
    if endpoint is None or endpoint.url != row.endpoint.url:
        return None
    if sent.answer.status == GONE:
        return _off(endpoint, DisabledReason.GONE)
    failing_since = endpoint.failing_since or at
    match sentence(failing_since=failing_since, warned_at=endpoint.warned_at, now=at):
        case Sentence.DISABLE:
            return _off(endpoint, DisabledReason.FAILING)
        case Sentence.WARN:
            rows.update(failing_since=failing_since, warned_at=at)
            return Alarm(row.partner_id, endpoint.pk, endpoint.url, failing_since, warned_at=at)
        case _:
            rows.filter(failing_since=None).update(failing_since=failing_since)
            return None


def _off(endpoint: WebhookEndpoint, reason: DisabledReason) -> Alarm:
    failing_since: datetime | None = endpoint.failing_since
    partner_id: UUID = endpoint.partner_id
    switch_off(endpoint, reason, actor=Actor.system(partner_id), at=system_now())
    return Alarm(partner_id, endpoint.pk, endpoint.url, failing_since, reason=reason)
