"""Access that is limited in grace, and full again once nothing is owed any more."""

from __future__ import annotations

from dataclasses import replace

from billing.rules.own_events import own_event
from billing.rules.plan import BillingPlan


def with_full_access(plan: BillingPlan) -> BillingPlan:
    """The plan that closes the case, giving back what grace had limited; as it is where nothing was."""
    facts = plan.facts
    if not facts.is_limited:
        return plan
    lifted = own_event(facts, "subscription.limits_lifted", plan.version - facts.version + 1)
    return replace(plan, events=(*plan.events, lifted), values={**plan.values, "is_limited": False})
