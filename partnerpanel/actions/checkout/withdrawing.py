"""Whoever ordered and has not paid takes the order back: nothing is tried again, and nothing is owed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.rules.changes.cancelling import CancelReason, CancelWhen
from partnerpanel.actions.cancel import Cancel
from partnerpanel.actions.checkout.desk import CheckoutOver, find
from partnerpanel.actions.checkout.events import buyer_of_row
from partnerpanel.actions.checkout.models import Checkout
from partnerpanel.actions.checkout.settle import end
from partnerpanel.actions.checkout.states import CheckoutState
from partnerpanel.actions.door import Refused
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.scope import refuse_open_scope, tenant
from subscriptions.rules.states import Lifecycle


def withdraw(partner_id: UUID, id_: UUID, *, now: datetime) -> None:
    """Opens its own scope. Raises NotFound; CheckoutOver for one that is paid or ended, Refused while a charge is being
    checked, and then nothing is written."""
    refuse_open_scope("An order")
    with tenant(partner_id):
        row = find(partner_id, id_, lock=True)
        if row.state != CheckoutState.PAYING:
            raise CheckoutOver("This order has ended already.")
        if row.subscription_id is not None:
            _cancel(row, now)
        end(row, CheckoutState.ABANDONED, now)
        row.save()


def _cancel(row: Checkout, now: datetime) -> None:
    """Under the customer's lock, so that a payment which comes at the same instant is before it or after it."""
    if row.customer_id is None:
        return
    target = Target(row.customer_id, row.subscription_id)
    verb = Cancel((target,), CancelWhen.NOW, CancelReason.OTHER)
    [plan] = verb.plan(partner_id=row.partner_id, now=now, lock=True)
    if plan.refusal is not None:
        raise Refused(plan.refusal.message, reason=plan.refusal.code)
    if plan.before.lifecycle is not Lifecycle.INCOMPLETE:
        raise CheckoutOver("This order is paid already.")
    verb.apply([plan], actor=buyer_of_row(row), action_id=uuid7(), now=now)
