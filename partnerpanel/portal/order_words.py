"""An order as its buyer reads it: what it is, what is due now, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.actions.quote import Difference
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.portal.quote_words import money_of
from partnerpanel.portal.words import NOTHING, day, money, number, per

if TYPE_CHECKING:
    from partnerpanel.actions.checkout.offers import Offer
    from partnerpanel.actions.money_plan import MoneyPlan

LABELS: Mapping[str, Any] = {
    "plan": gettext_lazy("Plan"),
    "price": gettext_lazy("Price"),
    "balance": gettext_lazy("From your balance"),
    "due": gettext_lazy("Due now"),
    "next": gettext_lazy("Next payment"),
}


def told(plan: MoneyPlan, *, trial_days: int) -> dict[str, Any]:
    """Lines and totals, with the two sentences that matter. Of a plan that is refused, nothing."""
    planned = plan.planned
    if planned is None:
        return {}
    return money_of(plan, planned) | {"now": _now(plan, trial_days), "then": _then(plan)}


def _now(plan: MoneyPlan, trial_days: int) -> str:
    due = plan.planned.due_now if plan.planned else None
    if due:
        return _("You pay %(amount)s now.") % {"amount": money(due)}
    if trial_days and plan.after.period:
        return _("Free until %(day)s: nothing is charged before.") % {"day": day(plan.after.period.ends_on)}
    return _("You pay nothing now.")


def _then(plan: MoneyPlan) -> str:
    coming, after = plan.after.next, plan.after
    if not coming.amount:
        return _("Nothing is charged later, either.") if coming.amount is not None else ""
    words = {"amount": money(coming.amount), "day": day(coming.on), "every": per(after.interval)}
    return _("The next payment of %(amount)s is on %(day)s; from then on it is billed %(every)s until you cancel.") % (
        words
    )


def moved_rows(moved: Sequence[Difference]) -> list[dict[str, str]]:
    """What was shown beside what holds now."""
    return [
        {"label": str(LABELS.get(one.label) or _("Item")), "was": one.shown or NOTHING, "will": one.now or NOTHING}
        for one in moved
    ]


def headline(offer: Offer, currency: str) -> str:
    """“€30.00 per month”."""
    plan = offer.plan
    price = next(one for one in plan.prices if one.currency == currency)
    return f"{money(price)} {per(Interval(Unit(plan.interval_unit), plan.interval_count))}" if price else _("Free")


def allowances(offer: Offer) -> list[str]:
    """“5 connections”."""
    return [f"{number(value)} {name}" for name, value in sorted(offer.plan.allowances.items())]
