"""Asking a customer to show who they are, and what the answer does: pure, from facts to a plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from subscriptions.rules.access_plan import (
    AccessPlan,
    Caution,
    Demand,
    HoldDraft,
    Refusal,
    plan_holds,
    refused,
    with_warnings,
)
from subscriptions.rules.facts import CustomerFacts
from subscriptions.rules.states import HoldKind

REQUIRED, VERIFIED = "customer.verification_required", "customer.verified"


class VerificationPreset(StrEnum):
    """What is asked for most often."""

    PHOTO_ID = "photo_id"
    PROOF_OF_PAYMENT = "proof_of_payment"
    PROOF_OF_ADDRESS = "proof_of_address"


class VerificationOutcome(StrEnum):
    VERIFIED = "verified"
    NOT_VERIFIED = "not_verified"


@dataclass(frozen=True, slots=True)
class OpenVerification:
    """What a customer is asked for, and since when."""

    id: UUID
    customer_id: UUID
    presets: tuple[VerificationPreset, ...]
    asks: str
    blocks: bool
    asked_at: datetime
    asked_by: UUID | None


def plan_verification(facts: CustomerFacts, present: OpenVerification | None, demand: Demand) -> AccessPlan:
    """The demand, and where it blocks a hold for review on the whole customer, unless one lies there already.

    Refused while another demand is open.
    """
    if present is not None:
        return refused(facts, None, Refusal("asked_already", "This customer is asked to verify already."))
    reviewed = any(hold.kind is HoldKind.FRAUD_REVIEW for hold in facts.holds)
    placed = (HoldDraft(HoldKind.FRAUD_REVIEW, demand.asks, None),) if demand.blocks and not reviewed else ()
    words = {"asks": demand.asks} if demand.asks else {}
    plan = plan_holds(facts, kind=REQUIRED, subscription_id=None, placed=placed, released=(), words=words)
    said = {"presets": list(demand.presets), "blocks": demand.blocks}
    first = replace(plan.events[0], data={**plan.events[0].data, **said})
    return replace(plan, demand=demand, events=(first, *plan.events[1:]))


def plan_verified(facts: CustomerFacts, present: OpenVerification | None, *, reason: str) -> AccessPlan:
    """The demand is met, and the review of the whole customer over. Refused where nothing is asked for."""
    if present is None:
        return refused(facts, None, Refusal("not_asked", "This customer is not asked to verify."))
    released = tuple(hold for hold in facts.holds if hold.kind is HoldKind.FRAUD_REVIEW)
    words = {"reason": reason} if reason else {}
    plan = plan_holds(facts, kind=VERIFIED, subscription_id=None, placed=(), released=released, words=words)
    plan = answered(plan, present, VerificationOutcome.VERIFIED)
    others = {hold.kind for hold in facts.open_holds} - {HoldKind.FRAUD_REVIEW, HoldKind.PROVISIONING}
    return with_warnings(plan, Caution.STAYS_BLOCKED) if others else plan


def answered(plan: AccessPlan, present: OpenVerification | None, outcome: VerificationOutcome) -> AccessPlan:
    """The plan, closing the demand that is open, if any, with this outcome."""
    return plan if present is None or plan.refusal else replace(plan, answered=(present.id, outcome.value))


def review_closed(plan: AccessPlan, present: OpenVerification | None) -> AccessPlan:
    """The plan, meeting a demand that blocked where it releases the review of the whole customer behind it."""
    wide = any(hold.kind is HoldKind.FRAUD_REVIEW and hold.subscription_id is None for hold in plan.released)
    met = present is not None and present.blocks and wide
    return answered(plan, present, VerificationOutcome.VERIFIED) if met else plan
