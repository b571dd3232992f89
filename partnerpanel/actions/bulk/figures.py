"""What a row of a job says of its plan: old and new in a cell each, and what it comes to."""

from __future__ import annotations

from billing.rules.changes.ahead import Standing
from partnerpanel.actions.ban_plan import BanPlan
from partnerpanel.actions.erasure_plan import ErasurePlan
from partnerpanel.actions.message_plan import MessagePlan
from partnerpanel.actions.models import BulkRow
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.tag_plan import TagPlan
from partnerpanel.actions.verb import ActionPlan
from partnerpanel.kernel.money import Money
from subscriptions.rules.access_plan import AccessPlan
from subscriptions.rules.movements import counted
from subscriptions.rules.states import Lifecycle

LENGTH = 300
COLUMNS = ["before", "after", "currency", "due", "given_back", "mrr_before", "mrr_after"]


def put_figures(row: BulkRow, plan: ActionPlan) -> None:
    """Writes COLUMNS of the row; nothing is saved."""
    before, after = _old_and_new(plan)
    row.before, row.after = before[:LENGTH], after[:LENGTH]
    if isinstance(plan, MoneyPlan) and plan.planned:
        due, back = plan.planned.due_now, plan.planned.to_balance
        row.currency, row.due, row.given_back = due.currency, due.amount, back.amount
        row.mrr_before, row.mrr_after = recurring(plan.before).amount, _recurring_after(plan).amount


def recurring(one: Standing) -> Money:
    """Monthly; nothing from what ends with its period."""
    return Money.zero(one.mrr.currency) if one.cancels else counted(one.lifecycle, one.mrr)


def _recurring_after(plan: MoneyPlan) -> Money:
    """Once a change that waits has happened too."""
    now = recurring(plan.after)
    return counted(plan.after.lifecycle, plan.mrr_then) if plan.mrr_then is not None and now else now


def _old_and_new(plan: ActionPlan) -> tuple[str, str]:
    if isinstance(plan, MoneyPlan):
        return _said(plan.before), "" if plan.refusal else _said_after(plan)
    if isinstance(plan, MessagePlan):
        return "", ""
    if isinstance(plan, TagPlan):
        return ", ".join(plan.before), ", ".join(plan.after)
    if isinstance(plan, ErasurePlan):
        return "", ""
    if isinstance(plan, BanPlan):
        return _old_and_new(plan.access)
    if plan.limits:
        return _limits(plan)
    before = ", ".join(f"{change.plan_name}: {change.before.access}" for change in plan.changes)
    after = ", ".join(f"{change.plan_name}: {change.after.access}" for change in plan.changes)
    return before, after


def _limits(plan: AccessPlan) -> tuple[str, str]:
    before = ", ".join(f"{one.plan_name}: {one.allowance} {one.before}" for one in plan.limits)
    after = ", ".join(f"{one.plan_name}: {one.allowance} {one.after}" for one in plan.limits)
    return before, after


def _said_after(plan: MoneyPlan) -> str:
    planned, announced = plan.planned, plan.after.next_price
    if planned and announced and announced != plan.before.next_price:
        return f"{planned.deal.plan.name}: {planned.deal.price}, {announced.from_on}, announced"
    if planned and planned.plan.coupon:
        price = plan.after.price - planned.plan.coupon.discount.off(plan.after.price)
        return f"{plan.after.plan_name}: {price}, {_end(plan)}, discounted"
    if planned is None or planned.at_once or plan.plan_after == plan.plan_before:
        return _said(plan.after)
    return f"{planned.deal.plan.name}: {planned.deal.price}, {_end(plan)}, scheduled"


def _end(plan: MoneyPlan) -> str:
    return plan.after.period.ends_on.isoformat() if plan.after.period else ""


def _said(one: Standing) -> str:
    """Plan, price, end of the period, and the code of a state."""
    ends = one.period.ends_on.isoformat() if one.period else "–"
    state = "open" if one.is_open else "blocked"
    if one.lifecycle is Lifecycle.ENDED:
        state = "ended"
    elif one.cancels:
        state = "cancelling"
    return f"{one.plan_name}: {one.price}, {ends}, {state}"
