"""What a customer's only card is needed for."""

from __future__ import annotations

from billing.rules.facts import BillingFacts
from subscriptions.rules.states import Lifecycle


def needs_card(facts: BillingFacts) -> bool:
    """Whether something is open that is still to be charged, or the subscription renews at a price."""
    if facts.invoice is not None or facts.change_invoice is not None or facts.case is not None:
        return True
    renews = facts.lifecycle is not Lifecycle.ENDED and facts.auto_renew and not facts.cancel_at_period_end
    return renews and facts.price.amount > 0
