"""Plans what one row's customer brings along: noted, corrected until the cut-over, or left alone after it."""

from __future__ import annotations

from uuid import UUID

from partnerpanel.imports.rules.cells import label
from partnerpanel.imports.rules.held import Held
from partnerpanel.imports.rules.mapping import Mapping
from partnerpanel.imports.rules.problems import Unreadable
from partnerpanel.imports.rules.records import Record
from partnerpanel.imports.rules.steps import OpeningStep, Step, SubscriptionStep


def plan_opening(
    record: Record, customer_id: UUID | None, subscription: SubscriptionStep | None, *, held: Held, mapping: Mapping
) -> OpeningStep | None:
    """None where the file says nothing. Raises Unreadable where another subscription of the customer brings it."""
    brought = record.opening
    if brought is None:
        return None
    found = held.openings.get(customer_id) if customer_id else None
    if found is None:
        if subscription is not None and subscription.step is Step.LEFT_ALONE:
            return OpeningStep(Step.LEFT_ALONE, brought)
        return OpeningStep(Step.CREATE, brought) if brought.is_something else None
    if found.is_open:
        return OpeningStep(Step.LEFT_ALONE, brought)
    mine = subscription.subscription_id if subscription else None
    if found.subscription_id is not None and found.subscription_id != mine:
        what = "names a customer who brings balance and invoice along with another subscription"
        expected = "one row with both for each customer"
        raise Unreadable(label(mapping.customer.email) or "email", what, record.profile.email, expected)
    is_same = found.brought == brought and found.subscription_id == mine
    return OpeningStep(Step.UNCHANGED if is_same else Step.UPDATE, brought)
