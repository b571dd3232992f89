"""What is recorded of an order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from partnerpanel.actions.checkout.models import Checkout
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor, ActorKind


def buyer_of_row(row: Checkout) -> Actor:
    """Who buys, acting for itself."""
    return Actor(ActorKind.CUSTOMER, row.partner_id, customer_id=row.customer_id)


def tell(row: Checkout, what: str, *, now: datetime, **data: Any) -> None:
    """Counts the row's version on and records it; the caller saves the row."""
    row.version += 1
    said = {"link": str(row.link_id), **data}
    if row.subscription_id:
        said["subscription"] = str(row.subscription_id)
    draft = EventDraft(f"checkout.{what}", "checkout", row.pk, row.version, row.customer_id, said)
    record([draft], actor=Actor.system(row.partner_id), action_id=uuid7(), now=now)
