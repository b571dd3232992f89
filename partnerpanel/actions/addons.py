"""Add-ons of a subscription: added, taken off with the next renewal, kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.rules.changes.addon import AddonWish, plan_addon, plan_addon_kept, plan_addon_removal
from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import NotFound
from partnerpanel.policy.rules.change import Unpaid
from subscriptions.queries.addons import addon_exists, offers


@dataclass(frozen=True, slots=True)
class AddAddon(SubscriptionVerb):
    """So many of an add-on; `unpaid` left out is the policy's."""

    name: ClassVar[str] = "add_addon"

    targets: tuple[Target, ...]
    addon_id: UUID
    quantity: int = 1
    unpaid: Unpaid | None = None

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CHANGE_PLAN})

    def inputs(self) -> dict[str, Any]:
        return {"addon": str(self.addon_id), "quantity": self.quantity, "unpaid": self.unpaid}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        unpaid = Unpaid(inputs["unpaid"]) if inputs["unpaid"] else None
        return cls(targets, UUID(inputs["addon"]), inputs["quantity"], unpaid)

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        if not addon_exists(partner_id, self.addon_id):
            raise NotFound(_("There is no such add-on."), field="addon")
        currencies = {one.billing.price.currency for one in facts}
        offered = {one: offers(partner_id, one, [self.addon_id]) for one in currencies}

        def planned(one: ChangeFacts, ids: ChangeIds, now: datetime) -> Planned:
            found = offered[one.billing.price.currency]
            if not found:
                raise CannotChange("addon_currency", _("It has no price in this currency."), field="addon")
            return plan_addon(one, AddonWish(found[0], self.quantity, self.unpaid), ids=ids, now=now)

        return planned


@dataclass(frozen=True, slots=True)
class RemoveAddon(SubscriptionVerb):
    """It ends with the period. `held_id` is the subscription's own, not the catalogue's."""

    name: ClassVar[str] = "remove_addon"
    while_banned: ClassVar[bool] = True

    targets: tuple[Target, ...]
    held_id: UUID

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CHANGE_PLAN})

    def inputs(self) -> dict[str, Any]:
        return {"held": str(self.held_id)}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, UUID(inputs["held"]))

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        return lambda one, _ids, _now: plan_addon_removal(one, self.held_id)


@dataclass(frozen=True, slots=True)
class KeepAddon(RemoveAddon):
    """It goes on with the next period: a removal is withdrawn, or the policy's question answered."""

    name: ClassVar[str] = "keep_addon"

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        return lambda one, _ids, _now: plan_addon_kept(one, self.held_id)
