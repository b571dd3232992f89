"""Ban: a customer is blocked, its subscriptions end, and nothing is sold to it before the ban is lifted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.queries.change_facts import load_changes
from billing.rules.changes.banning import OpenInvoices, plan_banned
from billing.rules.changes.outcome import ChangeIds
from billing.rules.changes.refusals import CannotChange
from billing.rules.facts import ChangeFacts
from billing.services.apply import apply as apply_billing
from customers.queries.banned import hold_tax_ids_of
from partnerpanel.actions.ban_plan import BanPlan
from partnerpanel.actions.money_plan import MoneyPlan, money_plan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.suspend import REASON_LENGTH, refuse_large
from partnerpanel.actions.verb import Target, load_targets, refuse_parts
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.verifications import open_verifications
from subscriptions.rules.access_plan import AccessPlan, Refusal, refused
from subscriptions.rules.ban import is_banned, plan_ban, plan_ban_lifted
from subscriptions.rules.facts import CustomerFacts, SubscriptionFacts
from subscriptions.rules.states import Access, Lifecycle
from subscriptions.rules.verification import VerificationOutcome, answered
from subscriptions.services import access
from subscriptions.services.access import Evidence


class InvalidBan(DomainError):
    """A ban, or its lifting, that lacks what it needs; `field` names which."""

    code = "invalid_ban"


@dataclass(frozen=True, slots=True)
class Ban:
    """Raises InvalidBan for one subscription alone, without a reason, or for a large file."""

    name: ClassVar[str] = "ban"

    targets: tuple[Target, ...]
    invoices: OpenInvoices
    reason: str
    evidence: Evidence = field(default=Evidence())

    def __post_init__(self) -> None:
        _refuse_part(self.targets)
        if not 1 <= len(self.reason.strip()) <= REASON_LENGTH:
            raise InvalidBan(_("Give a reason of at most 500 letters; the customer reads it."), field="reason")
        refuse_large(self.evidence, InvalidBan)

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.SUSPEND, Permission.CANCEL})

    def inputs(self) -> dict[str, Any]:
        return {"invoices": self.invoices.value, "reason": self.reason.strip()}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, OpenInvoices(inputs["invoices"]), inputs["reason"])

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[BanPlan]:
        facts = load_targets(self.targets, partner_id=partner_id, now=now, lock=lock)
        if lock:
            hold_tax_ids_of(partner_id, facts.keys())
        ids = [one.id for customer in facts.values() for one in customer.subscriptions]
        changes = load_changes(partner_id, ids, now=now, lock=lock)
        present, outcome = open_verifications(partner_id, facts), VerificationOutcome.NOT_VERIFIED
        plans = [self._plan(facts[target.customer_id], changes, now) for target in self.targets]
        return [replace(one, access=answered(one.access, present.get(one.customer_id), outcome)) for one in plans]

    def apply(self, plans: Sequence[BanPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        acting = [plan for plan in plans if plan.refusal is None]
        endings = [one.planned.plan for plan in acting for one in plan.endings if one.planned]
        apply_billing(endings, actor=actor, action_id=action_id, now=now)
        holds = [plan.access for plan in acting]
        access.apply(holds, actor=actor, action_id=action_id, now=now, evidence=self.evidence)

    def _plan(self, facts: CustomerFacts, changes: Mapping[UUID, ChangeFacts], now: datetime) -> BanPlan:
        if is_banned(facts):
            return BanPlan(plan_ban(facts, reason=self.reason.strip()))
        try:
            endings = self._endings(facts, changes, now)
        except CannotChange as error:
            return BanPlan(refused(facts, None, Refusal(error.reason, error.message)))
        after = {one.subscription_id: one for one in endings}
        left = replace(facts, subscriptions=tuple(_ended(one, after.get(one.id)) for one in facts.subscriptions))
        return BanPlan(plan_ban(left, reason=self.reason.strip()), endings)

    def _endings(
        self, facts: CustomerFacts, changes: Mapping[UUID, ChangeFacts], now: datetime
    ) -> tuple[MoneyPlan, ...]:
        found = []
        for one in facts.subscriptions:
            ids = ChangeIds(uuid7(), uuid7(), uuid7(), uuid7())
            planned = plan_banned(changes[one.id], invoices=self.invoices, ids=ids, now=now)
            if planned:
                found.append(money_plan(changes[one.id], planned, now=now))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class LiftBan:
    """What has ended stays so; from now on the customer can buy again. Raises InvalidBan without a reason."""

    name: ClassVar[str] = "lift_ban"

    targets: tuple[Target, ...]
    reason: str

    def __post_init__(self) -> None:
        _refuse_part(self.targets)
        if not 1 <= len(self.reason.strip()) <= REASON_LENGTH:
            raise InvalidBan(_("Say why, in at most 500 letters: it is kept with the release."), field="reason")

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.SUSPEND, Permission.RELEASE_REVIEW})

    def inputs(self) -> dict[str, Any]:
        return {"reason": self.reason.strip()}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, inputs["reason"])

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[AccessPlan]:
        facts = load_targets(self.targets, partner_id=partner_id, now=now, lock=lock)
        return [plan_ban_lifted(facts[target.customer_id], reason=self.reason.strip()) for target in self.targets]

    def apply(self, plans: Sequence[AccessPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        access.apply(plans, actor=actor, action_id=action_id, now=now)


def _refuse_part(targets: Sequence[Target]) -> None:
    refuse_parts(targets, InvalidBan, _("A customer is banned as a whole; suspend one subscription instead."))


def _ended(one: SubscriptionFacts, ending: MoneyPlan | None) -> SubscriptionFacts:
    """The subscription once its end is written."""
    if ending is None or ending.planned is None:
        return one
    plan = ending.planned.plan
    if plan.values.get("lifecycle") is not Lifecycle.ENDED:
        return replace(one, version=plan.version, cancel_at_period_end=True)
    return replace(
        one,
        version=plan.version,
        lifecycle=Lifecycle.ENDED,
        cancel_at_period_end=False,
        is_paused=False,
        access=Access.BLOCKED,
        is_suspended=False,
    )
