"""Old news of gateways go: what they were about stands in the books, and no gateway tells again after so long."""

from __future__ import annotations

from datetime import timedelta

from billing.incoming.models import GatewayNews
from billing.incoming.states import NewsState
from partnerpanel.queues.purging import Purge

# A gateway tells again for some days, and people ask about a payment for some weeks. What waits, for a worker or for a
# person, is kept however old it is.
NEWS = Purge(
    name="news",
    model=GatewayNews,
    kept_for=timedelta(days=90),
    old=lambda rows, before: (
        rows.filter(received_at__lt=before).exclude(state=NewsState.WAITING).order_by("received_at", "pk")
    ),
)
