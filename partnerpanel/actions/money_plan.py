"""What a verb that bills would do to one subscription: its plan beside how things stand before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from billing.rules.changes.ahead import Standing, events_ahead, facts_ahead, standing_of
from billing.rules.changes.effect import on_new_deal
from billing.rules.changes.outcome import Planned
from billing.rules.changes.refusals import CannotChange
from billing.rules.facts import ChangeFacts
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.money import Money
from subscriptions.rules.access_plan import Refusal
from subscriptions.rules.changes import PlanFacts
from subscriptions.rules.start import NewSubscription


@dataclass(frozen=True, slots=True)
class MoneyPlan:
    """Either a refusal, or what is planned. `foreseen` are its events and those that follow when a card is charged.

    `begins` is the subscription that is made, where one is; `others` how many the customer had before it.
    `mrr_then` is what a month comes to once a change that waits has happened too.
    """

    customer_id: UUID
    customer_name: str
    subscription_id: UUID
    before: Standing
    after: Standing
    planned: Planned | None = None
    plan_before: PlanFacts | None = None
    plan_after: PlanFacts | None = None
    foreseen: tuple[EventDraft, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    refusal: Refusal | None = None
    begins: NewSubscription | None = None
    others: int | None = None
    mrr_then: Money | None = None

    @property
    def events(self) -> tuple[EventDraft, ...]:
        """What confirming records."""
        return self.planned.plan.events if self.planned else ()

    @property
    def warnings(self) -> tuple[StrEnum, ...]:
        return self.planned.cautions if self.planned else ()

    @property
    def label(self) -> str:
        """The subscription's name among the customer's; a new one's has no number that could be told again."""
        if self.others is not None:
            return f"{self.before.plan_name} · {_('new')}"
        return f"{self.before.plan_name} · {str(self.subscription_id)[-6:]}"


def money_plan(facts: ChangeFacts, planned: Planned, *, now: datetime) -> MoneyPlan:
    """The plan with its before and after."""
    billing, policy = facts.billing, facts.billing.policy
    ahead = facts_ahead(planned.plan, now=now)
    return MoneyPlan(
        customer_id=billing.customer_id,
        customer_name=facts.customer_name,
        subscription_id=billing.subscription_id,
        before=standing_of(billing, now=now),
        after=standing_of(ahead, now=now),
        planned=planned,
        plan_before=facts.deal.plan,
        plan_after=planned.deal.plan,
        foreseen=events_ahead(planned.plan, now=now),
        mrr_then=on_new_deal(ahead, planned.deal).mrr,
        sources=tuple((key, str(policy.source(key))) for key in planned.keys),
    )


def refused_plan(facts: ChangeFacts, error: CannotChange, *, now: datetime) -> MoneyPlan:
    """A plan that does nothing and says why."""
    standing = standing_of(facts.billing, now=now)
    return MoneyPlan(
        customer_id=facts.billing.customer_id,
        customer_name=facts.customer_name,
        subscription_id=facts.billing.subscription_id,
        before=standing,
        after=standing,
        refusal=Refusal(error.reason, error.message, error.field),
    )


def compared(plan: MoneyPlan) -> Mapping[str, str]:
    """What has to be as it was shown, labelled for people."""
    who = f"{plan.customer_name} · {plan.label}"
    if plan.refusal or plan.planned is None:
        return {f"{who} · {_('not possible')}": plan.refusal.code if plan.refusal else ""}
    planned, before, after = plan.planned, plan.before, plan.after
    facts = {
        _("plan"): f"{before.plan_name} → {after.plan_name}",
        _("price"): f"{before.price} → {after.price}",
        _("period"): f"{_period(before)} → {_period(after)}",
        _("access"): f"{_access(before)} → {_access(after)}",
        _("next invoice"): f"{_next(before)} → {_next(after)}",
        _("due now"): str(planned.due_now),
        _("to the balance"): str(planned.to_balance),
    }
    if plan.others is not None:
        facts[_("subscriptions so far")] = str(plan.others)
    if before.next_price or after.next_price:
        facts[_("announced price")] = f"{_announced(before)} → {_announced(after)}"
    for position, line in enumerate(planned.lines, start=1):
        taxed = f" + {line.tax}" if line.tax else ""
        period = f"{line.period.starts_on}/{line.period.ends_on}"
        facts[f"{_('line')} {position}"] = f"{line.text} {period}: {line.amount}{taxed}"
    return {f"{who} · {name}": value for name, value in facts.items()}


def _period(one: Standing) -> str:
    return f"{one.period.starts_on}/{one.period.ends_on}" if one.period else "–"


def _announced(one: Standing) -> str:
    return f"{one.next_price.unit} {one.next_price.from_on}" if one.next_price else "–"


def _access(one: Standing) -> str:
    return "open" if one.is_open else "blocked"


def _next(one: Standing) -> str:
    found = one.next
    if found.on is None and found.amount is None:
        return found.without.value if found.without else "–"
    return f"{found.on or ''} {found.amount or ''}".strip()


def coupons_of(plans: Sequence[MoneyPlan]) -> dict[UUID, UUID]:
    """By subscription, the coupon that its plan redeems."""
    return {
        plan.subscription_id: plan.planned.plan.coupon.coupon_id
        for plan in plans
        if plan.planned and plan.planned.plan.coupon
    }
