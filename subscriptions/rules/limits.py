"""Setting an allowance strictly, and lifting that again: pure, from facts to a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from partnerpanel.events.drafts import EventDraft
from subscriptions.rules.access_plan import AccessPlan, LimitChange, Refusal, refused
from subscriptions.rules.facts import CustomerFacts
from subscriptions.rules.states import Lifecycle
from subscriptions.rules.usage import AllowanceUse

LIMIT_SET, LIMIT_LIFTED = "subscription.limit_set", "subscription.limit_lifted"


@dataclass(frozen=True, slots=True)
class LimitByHand:
    """A limit as somebody set it, and why."""

    value: int
    reason: str
    set_at: datetime
    set_by: UUID | None


def plan_limit(
    facts: CustomerFacts,
    uses: Mapping[str, AllowanceUse],
    present: LimitByHand | None,
    *,
    subscription_id: UUID,
    allowance: str,
    value: int | None,
    reason: str,
    undoes: UUID | None = None,
) -> AccessPlan:
    """Sets the allowance to the value; with None what plan, add-ons and packs give holds again.

    `uses` are the subscription's allowances by name, `present` the limit that is set. Refused for a subscription that
    has ended, an allowance that it has not, and where nothing would change.
    """
    subscription = facts.subscription(subscription_id)
    if refusal := _refusal(subscription.lifecycle, uses, present, allowance, value):
        return refused(facts, subscription_id, refusal)
    use, version = uses[allowance], subscription.version + 1
    given = use.given
    before, after = present.value if present else None, value
    limit = [given if before is None else before, given if after is None else after]
    data = {
        "allowance": allowance,
        "limit": limit,
        "set": [before, after],
        **({"undoes": str(undoes)} if undoes else {}),
    }
    words = {"reason": reason, "was": present.reason if present else ""}
    kind = LIMIT_LIFTED if value is None else LIMIT_SET
    said = {name: text for name, text in words.items() if text}
    change = LimitChange(subscription_id, subscription.plan_name, allowance, limit[0], limit[1], value, reason, version)
    return AccessPlan(
        customer_id=facts.id,
        customer_name=facts.name,
        subscription_id=subscription_id,
        limits=(change,),
        events=(EventDraft(kind, "subscription", subscription_id, version, facts.id, data, said),),
    )


def _refusal(
    lifecycle: Lifecycle,
    uses: Mapping[str, AllowanceUse],
    present: LimitByHand | None,
    allowance: str,
    value: int | None,
) -> Refusal | None:
    if lifecycle is Lifecycle.ENDED:
        return Refusal("already_ended", "This subscription has ended.")
    if allowance not in uses:
        return Refusal("no_such_allowance", "It has no such allowance.", "allowance")
    if value is None and present is None:
        return Refusal("not_limited", "No limit is set for this allowance.", "allowance")
    if present is not None and value == present.value:
        return Refusal("limited_already", "The limit is set to this already.", "value")
    return None
