"""New subscriptions as they count for recurring revenue: without the tax that their prices contain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from billing.tax.queries import net_shares
from partnerpanel.kernel.clock import local_date
from partnerpanel.tenancy.actor import Actor
from subscriptions.rules.start import NewSubscription


def without_tax(new: Sequence[NewSubscription], *, actor: Actor, now: datetime) -> list[NewSubscription]:
    """The same, each with what is left of its price by the taxes of today; in the open scope."""
    days = {one.timezone: local_date(now, one.timezone) for one in new}
    shares = {
        zone: net_shares(actor.partner_id, {one.customer_id for one in new if one.timezone == zone}, day)
        for zone, day in days.items()
    }
    return [replace(one, net_share=shares[one.timezone].get(one.customer_id, one.net_share)) for one in new]
