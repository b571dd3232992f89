"""Parts of sentences that popups of a subscription share."""

from __future__ import annotations

from django.utils.translation import gettext as _

from billing.rules.changes.outcome import Planned
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.panel.templatetags.formats import day, money_text


def end_before(plan: MoneyPlan) -> str:
    """The day on which the running period ends as things stand."""
    return day(plan.before.period.ends_on if plan.before.period else None)


def end_after(plan: MoneyPlan) -> str:
    """The day on which it ends once this is done."""
    return day(plan.after.period.ends_on if plan.after.period else None)


def opening(plan: MoneyPlan) -> list[str]:
    """Whether access opens, in a sentence."""
    return [_("Access opens again.")] if plan.after.is_open and not plan.before.is_open else []


def to_balance(planned: Planned) -> list[str]:
    """What the customer has in credit afterwards, in a sentence."""
    if planned.to_balance.amount <= 0:
        return []
    return [_("%(amount)s goes to the customer’s balance.") % {"amount": money_text(planned.to_balance)}]
