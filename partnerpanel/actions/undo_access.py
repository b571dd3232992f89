"""Undoing suspensions and reactivations: holds released again, or put back as they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from partnerpanel.actions.undone import Undone, changed_since, nothing_to_undo, too_late
from partnerpanel.actions.verb import Target, load_targets
from partnerpanel.events.queries import Entry, of_action
from subscriptions.queries.facts import holds_released_by
from subscriptions.rules.access_plan import AccessPlan, refused
from subscriptions.rules.facts import CustomerFacts, HoldFacts
from subscriptions.rules.suspension import plan_reactivation, plan_replacement

SUSPENDED = ("customer.suspended", "subscription.suspended")
REACTIVATED = ("customer.reactivated", "subscription.reactivated")


def plan_access(
    targets: Sequence[Target], undone: Undone, *, partner_id: UUID, now: datetime, lock: bool
) -> list[AccessPlan]:
    """One plan for each target. Raises NotFound, OverlappingTargets."""
    facts = load_targets(targets, partner_id=partner_id, now=now, lock=lock)
    entries = _entries(partner_id, undone.action_id, facts)
    released = holds_released_by(partner_id, undone.action_id, facts)
    return [
        _inverse(target, undone, facts[target.customer_id], entries[target.customer_id], released, now)
        for target in targets
    ]


def _entries(partner_id: UUID, action_id: UUID, facts: Mapping[UUID, CustomerFacts]) -> dict[UUID, list[Entry]]:
    concerned = [id_ for one in facts.values() for id_ in (one.id, *(s.id for s in one.subscriptions))]
    found: defaultdict[UUID, list[Entry]] = defaultdict(list)
    for entry in of_action(partner_id, action_id, concerned):
        if entry.customer_id is not None:
            found[entry.customer_id].append(entry)
    return found


def _inverse(
    target: Target,
    undone: Undone,
    facts: CustomerFacts,
    entries: Sequence[Entry],
    released: Mapping[UUID, Sequence[HoldFacts]],
    now: datetime,
) -> AccessPlan:
    asked = [entry for entry in entries if entry.object_id == (target.subscription_id or target.customer_id)]
    if not asked:
        return refused(facts, target.subscription_id, nothing_to_undo())
    if late := too_late(asked[0], now):
        return refused(facts, target.subscription_id, late)
    if _changed_since(facts, entries):
        return refused(facts, target.subscription_id, changed_since())
    if asked[0].kind in SUSPENDED:
        return plan_reactivation(
            facts,
            subscription_id=target.subscription_id,
            kinds=undone.kinds,
            reason="",
            undoes=undone.action_id,
            placed_by=undone.action_id,
        )
    return plan_replacement(
        facts,
        subscription_id=target.subscription_id,
        holds=[
            hold
            for hold in released.get(target.customer_id, ())
            if target.subscription_id in (None, hold.subscription_id)
        ],
        undoes=undone.action_id,
    )


def _changed_since(facts: CustomerFacts, entries: Sequence[Entry]) -> bool:
    versions = {facts.id: facts.version} | {one.id: one.version for one in facts.subscriptions}
    return any(versions.get(entry.object_id) != entry.sequence for entry in entries)
