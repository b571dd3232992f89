"""What must be true of orders: whoever has paid is seen to the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.actions.checkout.models import Checkout
from partnerpanel.actions.checkout.states import CARD_WITHIN, CheckoutState
from partnerpanel.invariants.registry import Broken, Invariant
from partnerpanel.kernel.ids import public
from subscriptions.queries.standings import standings_of
from subscriptions.rules.states import SERVED

# The sweep looks every minute at what was ordered just now.
SETTLED_WITHIN = timedelta(minutes=30)


def _left_behind(partner_id: UUID, now: datetime, limit: int) -> list[Broken]:
    """Ordered, with its card given or its subscription served, and not ended; or waiting longer than anything does."""
    rows = Checkout.objects.for_partner(partner_id).filter(
        state=CheckoutState.PAYING, ordered_at__lt=now - SETTLED_WITHIN
    )
    paid = rows.filter(Q(subscription__isnull=False) | Q(method_id__isnull=False)).order_by("ordered_at", "pk")
    late = rows.filter(subscription=None, ordered_at__lt=now - CARD_WITHIN - SETTLED_WITHIN)
    found = [*paid[: 10 * limit], *late[:limit]]
    served = standings_of(partner_id, [row.subscription_id for row in found if row.subscription_id])
    return [
        Broken(public("chk", row.pk), row.customer_id, row.state)
        for row in found
        if row.subscription_id is None or served[row.subscription_id].lifecycle in SERVED
    ][:limit]


INVARIANT = Invariant(
    name="who_has_paid_is_served",
    sentence=_("Who has ordered and paid at the checkout has a subscription, and the order is complete."),
    remedy=_("Look at the parked orders on Home and try them again; nothing is bought or charged twice."),
    find=_left_behind,
)
