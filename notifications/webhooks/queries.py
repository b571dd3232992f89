"""Reading the log of an endpoint; in the open scope."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from notifications.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from notifications.webhooks.representations import show_attempt
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.paging import Page
from partnerpanel.tenancy import keyset
from partnerpanel.wire.resources import Shown

# More than a message has in one round; of replayed ones the newest.
MOST_ATTEMPTS = 50
PAGE = 25


def attempts_of(partner_id: UUID, delivery_id: UUID) -> list[WebhookAttempt]:
    """The newest first."""
    rows = WebhookAttempt.objects.for_partner(partner_id).filter(delivery=delivery_id)
    return list(rows.order_by("-id")[:MOST_ATTEMPTS])


def shown_attempts(partner_id: UUID, delivery_id: UUID) -> list[Shown]:
    """The same as programs see them."""
    return [show_attempt(row) for row in attempts_of(partner_id, delivery_id)]


def endpoints_of(partner_id: UUID) -> Sequence[WebhookEndpoint]:
    """The oldest first."""
    return list(WebhookEndpoint.objects.for_partner(partner_id).filter(removed_at=None).order_by("id"))


def endpoint_of(partner_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
    """Raises NotFound."""
    row = WebhookEndpoint.objects.for_partner(partner_id).filter(removed_at=None, pk=endpoint_id).first()
    if row is None:
        raise NotFound(_("There is no such endpoint."))
    return row


def deliveries_of(
    partner_id: UUID, endpoint_id: UUID, *, state: str = "", cursor: str | None = None
) -> Page[WebhookDelivery]:
    """A page of what was sent to an endpoint, the newest first. Raises InvalidCursor."""
    rows = WebhookDelivery.objects.for_partner(partner_id).filter(endpoint=endpoint_id)
    if state:
        rows = rows.filter(state=state)
    return keyset.page(rows, key="id", descending=True, cursor=cursor, limit=PAGE)


def delivery_of(partner_id: UUID, delivery_id: UUID) -> WebhookDelivery:
    """With its endpoint. Raises NotFound."""
    rows = WebhookDelivery.objects.for_partner(partner_id).select_related("endpoint")
    row = rows.filter(endpoint__removed_at=None, pk=delivery_id).first()
    if row is None:
        raise NotFound(_("There is no such delivery."))
    return row
