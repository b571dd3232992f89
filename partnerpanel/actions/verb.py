"""The shape of every verb: whom it concerns, what it would do, and writing it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol, Self
from uuid import UUID

from partnerpanel.actions.ban_plan import BanPlan
from partnerpanel.actions.erasure_plan import ErasurePlan
from partnerpanel.actions.message_plan import MessagePlan
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.tag_plan import TagPlan
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.facts import load_facts
from subscriptions.rules.access_plan import AccessPlan
from subscriptions.rules.facts import CustomerFacts

ActionPlan = AccessPlan | BanPlan | ErasurePlan | MessagePlan | MoneyPlan | TagPlan


def foreseen_events(plans: Sequence[ActionPlan]) -> list[EventDraft]:
    """All that the plans will record, and what follows where a card is charged at once."""
    return [event for plan in plans for event in (plan.foreseen if isinstance(plan, MoneyPlan) else plan.events)]


class OverlappingTargets(DomainError):
    """The same customer or subscription is named twice."""

    code = "overlapping_targets"


@dataclass(frozen=True, slots=True)
class Target:
    """A customer with all of its subscriptions, or one of them."""

    customer_id: UUID
    subscription_id: UUID | None = None


class Verb(Protocol):
    """A request with all its inputs, not yet carried out.

    `plan` runs in the partner's scope, locks what it loads when asked to, and gives one plan per target in their
    order. `apply` writes plans made under that lock.
    """

    name: ClassVar[str]

    @property
    def targets(self) -> tuple[Target, ...]: ...

    def permissions(self) -> frozenset[Permission]: ...

    def inputs(self) -> dict[str, Any]:
        """What was asked for besides the targets, as JSON: signed into the quote, kept by a job."""

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self: ...

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> Sequence[ActionPlan]: ...

    def apply(self, plans: Sequence[Any], *, actor: Actor, action_id: UUID, now: datetime) -> None: ...


def load_targets(
    targets: Collection[Target], *, partner_id: UUID, now: datetime, lock: bool
) -> dict[UUID, CustomerFacts]:
    """Facts of all customers concerned.

    Raises NotFound if a target does not exist for this partner, OverlappingTargets if two concern the same thing.
    """
    refuse_overlap(targets)
    facts = load_facts(partner_id, {target.customer_id for target in targets}, now=now, lock=lock)
    for target in targets:
        customer = facts.get(target.customer_id)
        known = customer and {subscription.id for subscription in customer.subscriptions} | {None}
        if not known or target.subscription_id not in known:
            raise NotFound("There is no such customer or subscription.", field=missing(target))
    return facts


def missing(target: Target) -> str:
    """The field that names what is not there."""
    return "subscription" if target.subscription_id else "customer"


def refuse_parts(targets: Collection[Target], error: type[DomainError], message: str) -> None:
    """Raises the error for a subscription, where a verb concerns customers as a whole."""
    if any(target.subscription_id is not None for target in targets):
        raise error(message, field="subscription")


def refuse_overlap(targets: Collection[Target]) -> None:
    """Raises OverlappingTargets: all are planned from the same facts, so two about one thing would both be wrong."""
    wide = {target.customer_id for target in targets if target.subscription_id is None}
    narrow = {target.customer_id for target in targets if target.subscription_id is not None}
    if len(set(targets)) != len(targets) or wide & narrow:
        raise OverlappingTargets("Name each customer or subscription once.", field="targets")
