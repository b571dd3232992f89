"""Charges that wait for the customer to confirm them at the bank, while another card is there by now.

Nobody will confirm such a charge, and while it is open nothing else may be charged. It is taken back at the gateway.
Only when that says that it takes no money any more is the new card charged, in the transaction that settles it; where
the customer was first, it has paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from billing.charging.models import PaymentAttempt
from billing.charging.states import AttemptStatus
from billing.methods.queries import charged_methods
from partnerpanel.queues.wake import wake


def superseded(partner_id: UUID, rows: Sequence[PaymentAttempt]) -> set[UUID]:
    """Those of the attempts whose card is not the one that would be charged now. In the open scope."""
    waiting = [row for row in rows if row.status == AttemptStatus.ACTION_REQUIRED]
    if not waiting:
        return set()
    methods = charged_methods(partner_id, {(row.customer_id, row.subscription_id) for row in waiting})
    charged = {row.pk: methods.get((row.customer_id, row.subscription_id)) for row in waiting}
    return {row.pk for row in waiting if (now := charged[row.pk]) is not None and now.id != row.method_id}


def look_again(partner_id: UUID, customer_id: UUID, *, now: datetime) -> list[UUID]:
    """The customer has a new card: what waits for a confirmation is looked at next, also what waited for a person.

    Returns these attempts. In the open scope, under the customer's lock.
    """
    rows = PaymentAttempt.objects.for_partner(partner_id).filter(
        customer=customer_id, status=AttemptStatus.ACTION_REQUIRED
    )
    found = list(rows.values_list("pk", flat=True))
    if found:
        rows.filter(pk__in=found).update(due_at=now, parked_at=None, last_error="")
        wake("charges", partner_id)
    return found
