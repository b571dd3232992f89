"""What is due may come earlier than anybody thought: subscriptions are looked at again now."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.queues.wake import wake
from subscriptions.models import Subscription
from subscriptions.rules.states import SERVED


def look_again(
    partner_id: UUID,
    *,
    plan_id: UUID | None = None,
    customer_id: UUID | None = None,
    subscription_id: UUID | None = None,
    now: datetime,
) -> None:
    """Those of the plan, of the customer, this one, or all that are served, in the open scope and one statement."""
    named = {"plan": plan_id, "customer": customer_id, "pk": subscription_id}
    rows = Subscription.objects.for_partner(partner_id).filter(lifecycle__in=SERVED, due_at__gt=now)
    rows.filter(**{name: id_ for name, id_ in named.items() if id_ is not None}).update(due_at=now)
    wake("subscriptions", partner_id)
