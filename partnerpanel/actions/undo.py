"""Undo: the inverse of an action, planned anew, for 24 hours and only for what nobody has changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.actions.permission import Permission
from partnerpanel.actions.reactivate import permissions_to_release
from partnerpanel.actions.verb import Target, load_targets
from partnerpanel.events.queries import Entry, of_action
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.facts import holds_released_by, kinds_placed_by
from subscriptions.rules.access_plan import AccessPlan, Refusal, refused
from subscriptions.rules.facts import CustomerFacts, HoldFacts
from subscriptions.rules.states import HoldKind
from subscriptions.rules.suspension import plan_reactivation, plan_replacement
from subscriptions.services import access

HOURS = 24
SUSPENDED = ("customer.suspended", "subscription.suspended")
REACTIVATED = ("customer.reactivated", "subscription.reactivated")


@dataclass(frozen=True, slots=True)
class Undo:
    """Undoes what one action did to these targets; `of` makes it for all that the action concerned.

    `kinds` are the holds that it placed: releasing them needs the permissions that any release of them needs.
    """

    name: ClassVar[str] = "undo"

    targets: tuple[Target, ...]
    action_id: UUID
    kinds: frozenset[HoldKind] = frozenset()

    @classmethod
    def of(cls, action_id: UUID, *, partner_id: UUID) -> Self:
        """In the open scope. Raises NotFound for an action that never was or has nothing to undo."""
        entries = [entry for entry in of_action(partner_id, action_id) if entry.kind in SUSPENDED + REACTIVATED]
        if not entries:
            raise NotFound(_("There is nothing to undo."))
        targets = tuple(_target(entry) for entry in entries)
        return cls(targets, action_id, kinds_placed_by(partner_id, action_id))

    def permissions(self) -> frozenset[Permission]:
        return permissions_to_release(self.kinds)

    def inputs(self) -> dict[str, Any]:
        return {"action_id": str(self.action_id), "kinds": sorted(kind.value for kind in self.kinds)}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, UUID(inputs["action_id"]), frozenset(map(HoldKind, inputs["kinds"])))

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[AccessPlan]:
        facts = load_targets(self.targets, partner_id=partner_id, now=now, lock=lock)
        entries = self._entries(partner_id, facts)
        released = holds_released_by(partner_id, self.action_id, facts)
        return [
            self._inverse(target, facts[target.customer_id], entries[target.customer_id], released, now)
            for target in self.targets
        ]

    def apply(self, plans: Sequence[AccessPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        access.apply(plans, actor=actor, action_id=action_id, now=now)

    def _entries(self, partner_id: UUID, facts: Mapping[UUID, CustomerFacts]) -> dict[UUID, list[Entry]]:
        concerned = [id_ for one in facts.values() for id_ in (one.id, *(s.id for s in one.subscriptions))]
        found: defaultdict[UUID, list[Entry]] = defaultdict(list)
        for entry in of_action(partner_id, self.action_id, concerned):
            if entry.customer_id is not None:
                found[entry.customer_id].append(entry)
        return found

    def _inverse(
        self,
        target: Target,
        facts: CustomerFacts,
        entries: Sequence[Entry],
        released: Mapping[UUID, Sequence[HoldFacts]],
        now: datetime,
    ) -> AccessPlan:
        asked = [entry for entry in entries if entry.object_id == (target.subscription_id or target.customer_id)]
        if not asked:
            return refused(facts, target.subscription_id, Refusal("nothing_to_undo", _("There is nothing to undo.")))
        if now - asked[0].occurred_at > timedelta(hours=HOURS):  # hours of business time
            message = _("This was done more than 24 hours ago and can no longer be undone.")
            return refused(facts, target.subscription_id, Refusal("too_late_to_undo", message))
        if _changed_since(facts, entries):
            message = _("It has been changed since, so undoing is no longer safe.")
            return refused(facts, target.subscription_id, Refusal("changed_since", message))
        if asked[0].kind in SUSPENDED:
            return plan_reactivation(
                facts,
                subscription_id=target.subscription_id,
                kinds=self.kinds,
                reason="",
                undoes=self.action_id,
                placed_by=self.action_id,
            )
        return plan_replacement(
            facts,
            subscription_id=target.subscription_id,
            holds=[
                hold
                for hold in released.get(target.customer_id, ())
                if target.subscription_id in (None, hold.subscription_id)
            ],
            undoes=self.action_id,
        )


def _target(entry: Entry) -> Target:
    if entry.customer_id is None or entry.object_type == "customer":
        return Target(entry.object_id)
    return Target(entry.customer_id, entry.object_id)


def _changed_since(facts: CustomerFacts, entries: Sequence[Entry]) -> bool:
    versions = {facts.id: facts.version} | {one.id: one.version for one in facts.subscriptions}
    return any(versions.get(entry.object_id) != entry.sequence for entry in entries)
