"""Taking due messages for a while: some of each endpoint, so that none of them keeps another waiting."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Count

from notifications.webhooks.models import WebhookDelivery, WebhookEndpoint
from notifications.webhooks.rules.states import DeliveryState
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.rows import due, unleased
from partnerpanel.tenancy.bulk import update_rows
from partnerpanel.tenancy.scope import tenant

# So many requests to one endpoint at once, and to one that fails; so many to all of a partner's.
PER_ENDPOINT, PER_FAILING, PER_PARTNER = 4, 1, 24
# Longer than the slowest name server and the slowest receiver together.
LEASE = timedelta(seconds=120)


def claim(partner_id: UUID, *, room: int) -> list[WebhookDelivery]:
    """Leases at most so many due messages, with their endpoints, counting the attempt. Opens a scope of its own."""
    at = system_now()
    with tenant(partner_id):
        endpoints = list(WebhookEndpoint.objects.for_partner(partner_id).filter(disabled_at=None, removed_at=None))
        if not endpoints:
            return []
        sending = _sending(partner_id)
        left, taken = min(room, PER_PARTNER - sum(sending.values())), list[WebhookDelivery]()
        for endpoint in sorted(endpoints, key=lambda one: sending.get(one.pk, 0)):
            most = PER_FAILING if endpoint.failing_since else PER_ENDPOINT
            many = min(most - sending.get(endpoint.pk, 0), left - len(taken))
            rows = WebhookDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.PENDING)
            locked = due(rows, partner_id=partner_id, now=at).select_for_update(skip_locked=True, of=("self",))
            for row in locked[: max(many, 0)]:
                row.endpoint = endpoint
                taken.append(row)
        for row in taken:
            row.leased_until, row.attempts = at + LEASE, row.attempts + 1
        leases = [(row.pk, row.leased_until, row.attempts) for row in taken]
        update_rows(WebhookDelivery, partner_id=partner_id, columns=("leased_until", "attempts"), rows=leases)
    return taken


def _sending(partner_id: UUID) -> dict[UUID, int]:
    """By endpoint, how many of its messages somebody has taken."""
    at = system_now()
    rows = WebhookDelivery.objects.for_partner(partner_id).filter(state=DeliveryState.PENDING)
    taken = rows.filter(leased_until__isnull=False).exclude(unleased(at))
    return dict(taken.order_by().values_list("endpoint").annotate(many=Count("pk")))
