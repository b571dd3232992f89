"""Events that a plan records on the subscription itself, and what is said with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from billing.rules.facts import BillingFacts, limits_access
from partnerpanel.events.drafts import EventDraft
from partnerpanel.policy.rules.resolution import ResolvedPolicy


def own_event(facts: BillingFacts, kind: str, number: int = 1, **data: Any) -> EventDraft:
    """Event number `number` of this plan on the subscription itself."""
    version = facts.version + number
    return EventDraft(kind, "subscription", facts.subscription_id, version, facts.customer_id, data)


def said_limits(policy: ResolvedPolicy) -> dict[str, Any]:
    """What an event about an unpaid renewal says of access in grace; nothing where it is full."""
    return {"limited": True} if limits_access(policy) else {}


def with_note(event: EventDraft, note: str) -> EventDraft:
    """The event with what a person wrote about it."""
    return replace(event, words={"note": note.strip()}) if note.strip() else event
