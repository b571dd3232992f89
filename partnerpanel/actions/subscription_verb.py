"""The shape of verbs that bill: one subscription a target, planned by a rule of billing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from billing.queries.change_facts import load_changes
from billing.rules.changes.ahead import facts_ahead
from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange, refuse_banned
from billing.rules.facts import ChangeFacts
from billing.services.apply import apply
from customers.queries.banned import unsellable
from partnerpanel.actions.money_plan import MoneyPlan, money_plan, refused_plan
from partnerpanel.actions.verb import Target, missing
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor

Rule = Callable[[ChangeFacts, ChangeIds, datetime], Planned]


class WhichSubscription(DomainError):
    """The target names a customer where one subscription is meant."""

    code = "which_subscription"


class SubscriptionVerb(ABC):
    """Loads, plans each target by `planned`, and writes what was planned."""

    __slots__ = ()
    # Whether it may be done to a customer who is banned: what ends or forgives something, and never what sells.
    while_banned: ClassVar[bool] = False
    targets: tuple[Target, ...]

    @abstractmethod
    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        """What plans one subscription, with what it needs loaded for all at once. It raises CannotChange."""

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[MoneyPlan]:
        wanted = [target.subscription_id for target in self.targets]
        if None in wanted:
            raise WhichSubscription(_("Choose one of the customer’s subscriptions."), field="subscription")
        found = load_changes(partner_id, [id_ for id_ in wanted if id_], now=now, lock=lock)
        for target in self.targets:
            facts = found.get(target.subscription_id) if target.subscription_id else None
            if facts is None or facts.billing.customer_id != target.customer_id:
                raise NotFound(_("There is no such customer or subscription."), field=missing(target))
        all_facts = [found[id_] for id_ in wanted if id_]
        rule = self.rule(all_facts, partner_id=partner_id)
        if not self.while_banned:
            buyers = {target.customer_id for target in self.targets}
            rule = _unless_banned(rule, unsellable(partner_id, buyers, lock=lock))
        return plan_in_turn(rule, all_facts, now=now)

    def apply(self, plans: Sequence[MoneyPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        acting = [plan.planned.plan for plan in plans if plan.planned]
        apply(acting, actor=actor, action_id=action_id, now=now)


def _unless_banned(rule: Rule, banned: Mapping[UUID, str]) -> Rule:
    if not banned:
        return rule

    def planned(facts: ChangeFacts, ids: ChangeIds, now: datetime) -> Planned:
        refuse_banned(banned.get(facts.billing.customer_id, ""))
        return rule(facts, ids, now)

    return planned


def plan_in_turn(rule: Rule, facts: Sequence[ChangeFacts], *, now: datetime) -> list[MoneyPlan]:
    """One plan each, in their order. What one takes from a customer's balance the customer's next cannot take too."""
    several = Counter((one.billing.customer_id, one.billing.price.currency) for one in facts)
    balances: dict[tuple[UUID, str], Money | None] = {}
    plans = []
    for one in facts:
        key = (one.billing.customer_id, one.billing.price.currency)
        left = replace(one, billing=replace(one.billing, balance=balances[key])) if key in balances else one
        plan = _plan(rule, left, now)
        plans.append(plan)
        if several[key] > 1 and plan.planned:
            balances[key] = facts_ahead(plan.planned.plan, now=now).balance
    return plans


def _plan(rule: Rule, facts: ChangeFacts, now: datetime) -> MoneyPlan:
    try:
        return money_plan(facts, rule(facts, ChangeIds(uuid7(), uuid7(), uuid7(), uuid7()), now), now=now)
    except CannotChange as error:
        return refused_plan(facts, error, now=now)
