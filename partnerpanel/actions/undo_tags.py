"""Undoing tags: what was put on is taken off, and the other way round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from customers.queries.facts import CustomerIdentity
from customers.rules.tagging import tag_change
from partnerpanel.actions.tag import customers_with_tags
from partnerpanel.actions.tag_plan import TagPlan, refused_tags, tag_plan
from partnerpanel.actions.undone import Undone, changed_since, nothing_to_undo, too_late
from partnerpanel.actions.verb import Target
from partnerpanel.events.queries import Entry, of_action

TAGGED = "customer.tagged"


def plan_tags(
    targets: Sequence[Target], undone: Undone, *, partner_id: UUID, now: datetime, lock: bool
) -> list[TagPlan]:
    """One plan for each target. Raises NotFound, OverlappingTargets."""
    found = customers_with_tags(targets, partner_id=partner_id, lock=lock)
    entries = of_action(partner_id, undone.action_id, [customer.id for customer, _present in found])
    tagged = {entry.object_id: entry for entry in entries if entry.kind == TAGGED}
    return [_inverse(customer, present, tagged.get(customer.id), undone, now) for customer, present in found]


def _inverse(
    customer: CustomerIdentity, present: tuple[str, ...], entry: Entry | None, undone: Undone, now: datetime
) -> TagPlan:
    if entry is None:
        return refused_tags(customer, nothing_to_undo())
    if late := too_late(entry, now):
        return refused_tags(customer, late)
    if customer.version != entry.sequence:
        return refused_tags(customer, changed_since())
    change = tag_change(present, add=entry.data["removed"], remove=entry.data["added"])
    return tag_plan(customer, present, change, undoes=undone.action_id)
