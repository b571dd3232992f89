"""Undo: the inverse of an action, planned anew, for 24 hours and only for what nobody has changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.services.apply import apply as apply_billing
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.reactivate import permissions_to_release
from partnerpanel.actions.tag import apply_tags
from partnerpanel.actions.undo_access import REACTIVATED, SUSPENDED, plan_access
from partnerpanel.actions.undo_billing import is_undoable, permissions_for, plan_billing
from partnerpanel.actions.undo_limits import LIMITED, plan_limits
from partnerpanel.actions.undo_tags import TAGGED, plan_tags
from partnerpanel.actions.undone import Undone, too_late
from partnerpanel.actions.verb import ActionPlan, Target
from partnerpanel.events.queries import Entry, kinds_of_action, of_action
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.facts import kinds_placed_by
from subscriptions.rules.ban import BANNED
from subscriptions.rules.states import HoldKind
from subscriptions.services import access


class Sort(StrEnum):
    """What an action was about, and so what its undo plans with."""

    ACCESS = "access"
    BILLING = "billing"
    TAGS = "tags"
    LIMITS = "limits"


@dataclass(frozen=True, slots=True)
class Undo:
    """Undoes what one action did to these targets. `of` makes it for all that the action concerned, `in_bulk` for
    those that a job names.

    `kinds` are the holds that it placed; `needs` what one must be allowed to, as for the inverse itself.
    """

    name: ClassVar[str] = "undo"

    targets: tuple[Target, ...]
    action_id: UUID
    sort: Sort
    kinds: frozenset[HoldKind]
    needs: frozenset[Permission]

    @classmethod
    def of(cls, action_id: UUID, *, partner_id: UUID) -> Self:
        """In the open scope. Raises NotFound for an action that never was or has nothing to undo."""
        verb = cls.in_bulk(action_id, partner_id=partner_id)
        entries = [entry for entry in of_action(partner_id, action_id) if _is_of(entry, verb.sort)]
        if not entries:
            raise NotFound(_("There is nothing to undo."))
        targets = tuple(dict.fromkeys(_target(entry) for entry in entries))
        return cls(targets, action_id, verb.sort, verb.kinds, verb.needs)

    @classmethod
    def in_bulk(cls, action_id: UUID, *, partner_id: UUID) -> Self:
        """Without targets, in the open scope. Raises NotFound as `of`."""
        recorded = kinds_of_action(partner_id, action_id)
        if BANNED in recorded:
            raise NotFound(_("There is nothing to undo."))
        if needs := permissions_for(recorded):
            return cls((), action_id, Sort.BILLING, frozenset(), needs)
        if recorded & {*SUSPENDED, *REACTIVATED}:
            kinds = kinds_placed_by(partner_id, action_id)
            return cls((), action_id, Sort.ACCESS, kinds, permissions_to_release(kinds))
        if recorded & {*LIMITED}:
            return cls((), action_id, Sort.LIMITS, frozenset(), frozenset({Permission.SUSPEND}))
        if TAGGED in recorded:
            return cls((), action_id, Sort.TAGS, frozenset(), frozenset({Permission.EDIT_CUSTOMERS}))
        raise NotFound(_("There is nothing to undo."))

    def permissions(self) -> frozenset[Permission]:
        return self.needs

    def inputs(self) -> dict[str, Any]:
        return {
            "action_id": str(self.action_id),
            "sort": self.sort.value,
            "kinds": sorted(kind.value for kind in self.kinds),
            "needs": sorted(permission.value for permission in self.needs),
        }

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(
            targets,
            UUID(inputs["action_id"]),
            Sort(inputs["sort"]),
            frozenset(map(HoldKind, inputs["kinds"])),
            frozenset(map(Permission, inputs["needs"])),
        )

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> Sequence[ActionPlan]:
        undone = Undone(self.action_id, self.kinds)
        if self.sort is Sort.BILLING:
            return plan_billing(self.targets, undone, partner_id=partner_id, now=now, lock=lock)
        if self.sort is Sort.TAGS:
            return plan_tags(self.targets, undone, partner_id=partner_id, now=now, lock=lock)
        if self.sort is Sort.LIMITS:
            return plan_limits(self.targets, undone, partner_id=partner_id, now=now, lock=lock)
        return plan_access(self.targets, undone, partner_id=partner_id, now=now, lock=lock)

    def apply(self, plans: Sequence[Any], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        if self.sort is Sort.BILLING:
            acting = [plan.planned.plan for plan in plans if plan.planned]
            apply_billing(acting, actor=actor, action_id=action_id, now=now)
        elif self.sort is Sort.TAGS:
            apply_tags(plans, actor=actor, action_id=action_id, now=now)
        else:
            access.apply(plans, actor=actor, action_id=action_id, now=now)


def is_offered(entry: Entry, *, now: datetime) -> bool:
    """Whether what the entry says can be undone still, if nothing has happened since."""
    return too_late(entry, now) is None and any(_is_of(entry, sort) for sort in Sort)


def _is_of(entry: Entry, sort: Sort) -> bool:
    if sort is Sort.BILLING:
        return is_undoable(entry)
    return entry.kind in _KINDS[sort]


_KINDS: Mapping[Sort, tuple[str, ...]] = {
    Sort.ACCESS: SUSPENDED + REACTIVATED,
    Sort.TAGS: (TAGGED,),
    Sort.LIMITS: LIMITED,
}


def _target(entry: Entry) -> Target:
    if entry.customer_id is None or entry.object_type == "customer":
        return Target(entry.object_id)
    return Target(entry.customer_id, entry.object_id)
