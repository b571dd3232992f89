"""Undoing limits: what was set before is set again, or nothing where nothing was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from partnerpanel.actions.undone import Undone, changed_since, nothing_to_undo, too_late
from partnerpanel.actions.verb import Target, load_targets
from partnerpanel.events.queries import Entry, of_action
from subscriptions.queries.limits import limits_of
from subscriptions.queries.usage import usage_of
from subscriptions.rules.access_plan import AccessPlan, refused
from subscriptions.rules.facts import CustomerFacts
from subscriptions.rules.limits import LIMIT_LIFTED, LIMIT_SET, LimitByHand, plan_limit
from subscriptions.rules.usage import AllowanceUse

LIMITED = (LIMIT_SET, LIMIT_LIFTED)


def plan_limits(
    targets: Sequence[Target], undone: Undone, *, partner_id: UUID, now: datetime, lock: bool
) -> list[AccessPlan]:
    """One plan for each target. Raises NotFound, OverlappingTargets."""
    facts = load_targets(targets, partner_id=partner_id, now=now, lock=lock)
    ids = [target.subscription_id for target in targets if target.subscription_id]
    entries = {
        entry.object_id: entry for entry in of_action(partner_id, undone.action_id, ids) if entry.kind in LIMITED
    }
    uses, limits = usage_of(partner_id, ids), limits_of(partner_id, ids)
    plans = []
    for target in targets:
        id_ = target.subscription_id
        entry = entries.get(id_) if id_ else None
        customer = facts[target.customer_id]
        if id_ is None or entry is None:
            plans.append(refused(customer, id_, nothing_to_undo()))
        else:
            plans.append(_inverse(customer, entry, uses[id_], limits.get(id_, {}), undone, now))
    return plans


def _inverse(
    facts: CustomerFacts,
    entry: Entry,
    uses: Sequence[AllowanceUse],
    limits: Mapping[str, LimitByHand],
    undone: Undone,
    now: datetime,
) -> AccessPlan:
    id_, name = entry.object_id, entry.data["allowance"]
    if late := too_late(entry, now):
        return refused(facts, id_, late)
    if facts.subscription(id_).version != entry.sequence:
        return refused(facts, id_, changed_since())
    return plan_limit(
        facts,
        {use.name: use for use in uses},
        limits.get(name),
        subscription_id=id_,
        allowance=name,
        value=entry.data["set"][0],
        reason=entry.words.get("was", ""),
        undoes=undone.action_id,
    )
