"""Banning a customer, and lifting that again: pure, from facts to a plan."""

from __future__ import annotations

from subscriptions.rules.access_plan import AccessPlan, Caution, HoldDraft, Refusal, plan_holds, refused, with_warnings
from subscriptions.rules.facts import CustomerFacts
from subscriptions.rules.states import HoldKind

BANNED, BAN_LIFTED = "customer.banned", "customer.ban_lifted"


def plan_ban(facts: CustomerFacts, *, reason: str) -> AccessPlan:
    """A hold on the whole customer that no reactivation releases. Refused for who is banned already.

    `facts` are as they stand once its subscriptions are ended.
    """
    if is_banned(facts):
        return refused(facts, None, Refusal("already_banned", "This customer is banned already."))
    placed = (HoldDraft(HoldKind.BAN, reason, None),)
    return plan_holds(facts, kind=BANNED, subscription_id=None, placed=placed, released=(), words={"reason": reason})


def plan_ban_lifted(facts: CustomerFacts, *, reason: str) -> AccessPlan:
    """The ban's hold is released; what has ended stays ended. Refused for who is not banned."""
    released = tuple(hold for hold in facts.holds if hold.kind is HoldKind.BAN)
    if not released:
        return refused(facts, None, Refusal("not_banned", "This customer is not banned."))
    plan = plan_holds(
        facts, kind=BAN_LIFTED, subscription_id=None, placed=(), released=released, words={"reason": reason}
    )
    others = [hold for hold in facts.open_holds if hold.kind not in (HoldKind.BAN, HoldKind.PROVISIONING)]
    return with_warnings(plan, Caution.STAYS_BLOCKED) if others else plan


def is_banned(facts: CustomerFacts) -> bool:
    """Whether the customer is banned."""
    return any(hold.kind is HoldKind.BAN for hold in facts.holds)
