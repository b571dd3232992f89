"""Sending again: one message, or what a span of time brought. A message keeps its id, and begins its tries anew."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from notifications.webhooks.consumer import QUEUE, plan_messages
from notifications.webhooks.endpoints import locked_endpoint, refuse_disabled
from notifications.webhooks.models import WebhookDelivery, WebhookEndpoint
from notifications.webhooks.rules.states import DeliveryState
from notifications.webhooks.rules.topics import TOPICS
from notifications.webhooks.switching import changed
from partnerpanel.events.queries import recorded_between
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.rows import TenantQuerySet
from partnerpanel.tenancy.scope import tenant

MOST_AT_ONCE = 10_000


class InvalidSpan(DomainError):
    """A span of time that ends before it begins."""

    code = "invalid_span"


class TooManyToReplay(DomainError):
    """More messages than are replayed at once; take a shorter span."""

    code = "too_many_to_replay"


def replay(delivery_id: UUID, *, actor: Actor) -> None:
    """Whatever became of it. Raises NotFound, EndpointDisabled."""
    with tenant(actor.partner_id):
        rows = WebhookDelivery.objects.for_partner(actor.partner_id).filter(endpoint__removed_at=None)
        endpoint_id = rows.filter(pk=delivery_id).values_list("endpoint_id", flat=True).first()
    if endpoint_id is None:
        raise NotFound(_("There is no such delivery."), field="id")
    with locked_endpoint(endpoint_id, actor) as endpoint:
        refuse_disabled(endpoint)
        _again(WebhookDelivery.objects.for_partner(actor.partner_id).filter(pk=delivery_id))
        _tell(endpoint, 1, actor)


def replay_span(endpoint_id: UUID, *, since: datetime, until: datetime, arrived_too: bool, actor: Actor) -> int:
    """What was recorded from `since` to before `until` and has not arrived: failed, dropped, or never planned because
    the endpoint was off. With `arrived_too` also what has. How many are sent.

    Instants are of the system's clock. Raises NotFound, EndpointDisabled, InvalidSpan, TooManyToReplay.
    """
    if since >= until:
        raise InvalidSpan(_("This span ends before it begins."), field="until")
    with locked_endpoint(endpoint_id, actor) as endpoint:
        refuse_disabled(endpoint)
        events = recorded_between(
            actor.partner_id, since, until, kinds=endpoint.kinds or sorted(TOPICS), limit=MOST_AT_ONCE + 1
        )
        if len(events) > MOST_AT_ONCE:
            message = _("At most %(many)s messages are sent again at once; take a shorter span.")
            raise TooManyToReplay(message % {"many": MOST_AT_ONCE}, field="until")
        ids = [event.pk for event in events]
        rows = WebhookDelivery.objects.for_partner(actor.partner_id).filter(endpoint=endpoint, event__in=ids)
        ended = rows.exclude(state=DeliveryState.PENDING)
        many = _again(ended if arrived_too else ended.exclude(state=DeliveryState.SUCCEEDED))
        many += plan_messages(actor.partner_id, events, [(endpoint.pk, endpoint.kinds)])
        _tell(endpoint, many, actor)
    return many


def _again(rows: TenantQuerySet[WebhookDelivery]) -> int:
    return rows.update(
        state=DeliveryState.PENDING, due_at=system_now(), attempts=0, leased_until=None, arrived_at=None, last_error=""
    )


def _tell(endpoint: WebhookEndpoint, many: int, actor: Actor) -> None:
    changed(endpoint, "replayed", actor=actor, data={"messages": many})
    wake(QUEUE, actor.partner_id)
