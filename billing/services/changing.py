"""One subscription changed as a rule plans it: locked, loaded, planned, written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from billing.queries.change_facts import load_changes
from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.facts import ChangeFacts
from billing.services.apply import apply
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor

Rule = Callable[[ChangeFacts, ChangeIds], Planned]


def change(subscription_id: UUID, rule: Rule, *, actor: Actor, now: datetime, action_id: UUID | None = None) -> Planned:
    """Writes what the rule plans, in the open scope. Raises NotFound, and CannotChange as the rule does."""
    found = load_changes(actor.partner_id, [subscription_id], now=now, lock=True)
    facts = found.get(subscription_id)
    if facts is None:
        raise NotFound("There is no such subscription.", field="subscription")
    planned = rule(facts, ChangeIds(uuid7(), uuid7(), uuid7(), uuid7()))
    apply([planned.plan], actor=actor, action_id=action_id or uuid7(), now=now)
    return planned
