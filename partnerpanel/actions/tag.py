"""Tag: names put on customers, and others taken off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from customers.queries.facts import CustomerIdentity, identities
from customers.queries.lists import tags_of
from customers.rules.tagging import tag_change, tag_names
from customers.services.tagging import change_tags
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.tag_plan import TagPlan, tag_plan
from partnerpanel.actions.verb import OverlappingTargets, Target
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.tenancy.actor import Actor


class InvalidTags(DomainError):
    """Nothing to add or remove, or the same name for both; `field` names which input."""

    code = "invalid_tags"


@dataclass(frozen=True, slots=True)
class Tag:
    """Raises InvalidTags, and InvalidCustomer for a name that cannot be a tag."""

    name: ClassVar[str] = "tag"

    targets: tuple[Target, ...]
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "add", tag_names(self.add))
        object.__setattr__(self, "remove", tag_names(self.remove))
        if not self.add and not self.remove:
            raise InvalidTags(_("Name a tag to add or to remove."), field="add")
        if set(self.add) & set(self.remove):
            raise InvalidTags(_("The same tag cannot be added and removed."), field="remove")

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.EDIT_CUSTOMERS})

    def inputs(self) -> dict[str, Any]:
        return {"add": list(self.add), "remove": list(self.remove)}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, tuple(inputs["add"]), tuple(inputs["remove"]))

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[TagPlan]:
        plans = []
        for customer, present in customers_with_tags(self.targets, partner_id=partner_id, lock=lock):
            plans.append(tag_plan(customer, present, tag_change(present, add=self.add, remove=self.remove)))
        return plans

    def apply(self, plans: Sequence[TagPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        apply_tags(plans, actor=actor, action_id=action_id, now=now)


def customers_with_tags(
    targets: Sequence[Target], *, partner_id: UUID, lock: bool
) -> list[tuple[CustomerIdentity, tuple[str, ...]]]:
    """Each target's customer with its tags. Raises NotFound, OverlappingTargets."""
    ids = [target.customer_id for target in targets]
    if len(set(ids)) != len(ids):
        raise OverlappingTargets(_("Name each customer or subscription once."), field="targets")
    found = identities(partner_id, ids, lock=lock)
    if len(found) != len(ids):
        raise NotFound(_("There is no such customer or subscription."), field="customer")
    tags = tags_of(partner_id, ids)
    return [(found[id_], tuple(sorted(tags.get(id_, ())))) for id_ in ids]


def apply_tags(plans: Sequence[TagPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
    """Writes what was planned under the lock."""
    acting = [plan for plan in plans if not plan.refusal]
    changes = {plan.customer_id: plan.change for plan in acting}
    drafts = [event for plan in acting for event in plan.events]
    change_tags(changes, drafts, actor=actor, action_id=action_id, now=now)
