"""An order becomes a subscription: once, under its row's lock, by the verb that staff sell with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.methods.queries import methods_of
from partnerpanel.actions.checkout.events import buyer_of_row
from partnerpanel.actions.checkout.models import Checkout
from partnerpanel.actions.checkout.quoting import verb_of, wanted_of
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.kernel.ids import uuid7


def begin(row: Checkout, plan: MoneyPlan, *, method_id: UUID | None, now: datetime) -> None:
    """Writes what was planned under the locks of the order, its link and the customer; the caller saves the row.

    A charge is an attempt that nobody has been asked for yet.
    """
    if row.customer_id is None or row.subscription_id is not None:
        raise ValueError("an order begins once, and for somebody")
    verb = verb_of(row.link, wanted_of(row), row.customer_id, method_id=method_id)
    verb.apply([plan], actor=buyer_of_row(row), action_id=uuid7(), now=now)
    row.subscription_id, row.method_id, row.due_at = plan.subscription_id, method_id, now
    row.link.uses += 1
    row.link.save(update_fields=["uses"])


def note_card(row: Checkout, *, gateway: str, ref: str) -> None:
    """The card that the buyer gave is to pay what is ordered, and no other; the caller saves the row."""
    if row.customer_id is None or row.subscription_id is not None:
        return
    cards = [one for one in methods_of(row.partner_id, row.customer_id) if one.gateway == gateway]
    row.method_id = next((one.id for one in cards if one.gateway_ref == ref and one.is_default), row.method_id)
