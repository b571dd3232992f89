"""Suspend and reactivate: pure, from facts to a plan."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from subscriptions.rules.access_plan import (
    AccessPlan,
    Caution,
    HoldDraft,
    Refusal,
    plan_holds,
    refused,
    with_warnings,
)
from subscriptions.rules.facts import CustomerFacts, HoldFacts
from subscriptions.rules.states import Access, HoldKind, Lifecycle

# The kinds that a person may place; the others belong to collection and to provisioning.
PLACEABLE = (HoldKind.MANUAL, HoldKind.ABUSE, HoldKind.FRAUD_REVIEW)
# The kinds that can be released: those a person placed by a person, and nonpayment with a payment, an extension or a
# waiver, which say what becomes of the period that was not paid. Provisioning ends when the service is set up.
RELEASABLE = (HoldKind.NONPAYMENT, *PLACEABLE)


def plan_suspension(
    facts: CustomerFacts, *, subscription_id: UUID | None, kind: HoldKind, reason: str, undoes: UUID | None = None
) -> AccessPlan:
    """Puts a hold on the subscription, or without one on the customer and so on all of its subscriptions.

    Refused where such a hold lies already, and for a subscription that has ended. No billing date moves.
    """
    target, holds = "customer", facts.holds
    if subscription_id is not None:
        subscription = facts.subscription(subscription_id)
        target, holds = "subscription", subscription.holds
        if subscription.lifecycle is Lifecycle.ENDED:
            return refused(facts, subscription_id, Refusal("already_ended", "This subscription has ended."))
    if any(hold.kind is kind for hold in holds):
        refusal = Refusal("already_suspended", f"A hold of this kind ({kind}) lies on this {target} already.")
        return refused(facts, subscription_id, refusal)
    plan = plan_holds(
        facts,
        kind=f"{target}.suspended",
        subscription_id=subscription_id,
        placed=(HoldDraft(kind, reason, subscription_id),),
        released=(),
        words={"reason": reason},
        undoes=undoes,
    )
    blocks = any(change.before.access is Access.OPEN for change in plan.changes)
    return plan if blocks else with_warnings(plan, Caution.NOTHING_TO_BLOCK)


def plan_reactivation(
    facts: CustomerFacts,
    *,
    subscription_id: UUID | None,
    kinds: frozenset[HoldKind],
    reason: str,
    undoes: UUID | None = None,
    placed_by: UUID | None = None,
) -> AccessPlan:
    """Releases holds of these kinds: on the subscription, or without one all on the customer and its subscriptions.

    `placed_by` narrows them to those that one action placed. Refused where there is none. Any hold left keeps access
    blocked, and the plan warns of it.
    """
    target, holds = "customer", facts.open_holds
    if subscription_id is not None:
        target, holds = "subscription", facts.subscription(subscription_id).holds
    released = tuple(
        hold
        for hold in holds
        if hold.kind in kinds & frozenset(RELEASABLE) and placed_by in (None, hold.placed_action_id)
    )
    if not released:
        return refused(facts, subscription_id, Refusal("not_suspended", f"No such hold lies on this {target}."))
    plan = plan_holds(
        facts,
        kind=f"{target}.reactivated",
        subscription_id=subscription_id,
        placed=(),
        released=released,
        words={"reason": reason} if reason else {},
        undoes=undoes,
    )
    return with_warnings(plan, *_warnings(facts, plan, released))


def plan_replacement(
    facts: CustomerFacts,
    *,
    subscription_id: UUID | None,
    holds: Sequence[HoldFacts],
    undoes: UUID,
) -> AccessPlan:
    """Puts released holds back as they were: the inverse of a reactivation.

    Refused where a hold of the same kind lies on the same object again.
    """
    target = "customer" if subscription_id is None else "subscription"
    present = {(hold.kind, hold.subscription_id) for hold in facts.open_holds}
    if not holds or any((hold.kind, hold.subscription_id) in present for hold in holds):
        return refused(facts, subscription_id, Refusal("already_suspended", "It is suspended again already."))
    return plan_holds(
        facts,
        kind=f"{target}.suspended",
        subscription_id=subscription_id,
        placed=tuple(HoldDraft(hold.kind, hold.reason, hold.subscription_id) for hold in holds),
        released=(),
        words={"reason": holds[0].reason} if holds[0].reason else {},
        undoes=undoes,
    )


def _warnings(facts: CustomerFacts, plan: AccessPlan, released: tuple[HoldFacts, ...]) -> list[Caution]:
    found = []
    if any(change.after.is_suspended for change in plan.changes) or _others_left(facts, plan):
        found.append(Caution.STAYS_BLOCKED)
    if any(hold.kind is HoldKind.NONPAYMENT for hold in released):
        found.append(Caution.UNPAID)
    if any(hold.kind is HoldKind.FRAUD_REVIEW for hold in released):
        found.append(Caution.REVIEW_OPEN)
    return found


def _others_left(facts: CustomerFacts, plan: AccessPlan) -> bool:
    changed = {change.subscription_id for change in plan.changes}
    concerned = [one for one in facts.subscriptions if plan.subscription_id in (None, one.id)]
    return any(one.is_suspended and one.id not in changed for one in concerned)
