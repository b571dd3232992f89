"""What comes of a subscription that stays unpaid, for the events that say so."""

from __future__ import annotations

from datetime import date
from typing import Any

from billing.rules.facts import BillingFacts
from partnerpanel.policy.rules.ahead import ahead


def said_coming(facts: BillingFacts, *, first_on: date) -> dict[str, Any]:
    """By the policy that its case has pinned, or without one by the policy in force; counted from the first attempt."""
    policy = facts.case.policy if facts.case else facts.policy
    return ahead(policy, first_on=first_on, has_free=facts.fallback is not None).as_data()
