"""What a verb that bills comes to, in the one or two sentences that stand first, and what came of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.charging.states import AttemptStatus
from billing.rules.changes.outcome import Planned
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.panel.money_quote import is_waiting
from partnerpanel.panel.templatetags.formats import day, money_text

# What became of a charge that was asked for and did not simply succeed: title, sentence, tone.
ENDINGS: dict[AttemptStatus, tuple[Any, Any, str]] = {
    AttemptStatus.DECLINED: (
        gettext_lazy("Declined: nothing has changed"),
        gettext_lazy("The card was declined. No money moved, the invoice is voided, and everything stays as it was."),
        "red",
    ),
    AttemptStatus.ACTION_REQUIRED: (
        gettext_lazy("Waiting for the customer"),
        gettext_lazy("The bank wants the customer to confirm the charge. It takes effect when that is done."),
        "amber",
    ),
}
CHECKED = (
    gettext_lazy("Being checked"),
    gettext_lazy(
        "The charge was asked for and its outcome is not known yet. It is being checked; nobody is charged twice, and "
        "the page shows how it ends."
    ),
    "amber",
)
COLLECTED = (
    gettext_lazy("Changed, and not paid yet"),
    gettext_lazy("The card was declined. The change is in effect, and its invoice is collected like a renewal."),
    "amber",
)
UNPAID = (
    gettext_lazy("Waiting for payment"),
    gettext_lazy("The invoice is written. It takes effect when that is paid; until then everything stays as it is."),
    "amber",
)
OWED = (
    gettext_lazy("Changed, and not paid yet"),
    gettext_lazy("The change is in effect. There is no card to charge, so its invoice waits to be paid."),
    "amber",
)


def change_summary(plan: MoneyPlan, planned: Planned) -> str:
    """Which plan, from when on, what is asked of whom, and which coupon comes along."""
    text, coupon = _change_text(plan, planned), planned.plan.coupon
    if coupon is None:
        return text
    return text + " " + _("The coupon %(code)s for this upgrade is redeemed.") % {"code": coupon.code}


def _change_text(plan: MoneyPlan, planned: Planned) -> str:
    name = planned.deal.plan.name
    many = planned.deal.quantity
    plan_text = f"{many} × {name}" if many > 1 else name
    words = {"plan": plan_text, "day": "", "amount": money_text(planned.due_now), "card": ""}
    if not planned.at_once:
        words["day"] = day(plan.before.period.ends_on if plan.before.period else None)
        return _("From %(day)s on the plan is %(plan)s. Nothing is charged now.") % words
    attempt = planned.plan.attempt
    words["card"] = attempt.method.text if attempt else ""
    if is_waiting(planned):
        text = (
            _("%(amount)s is charged to %(card)s now, and %(plan)s begins. If it is declined, nothing changes.")
            if attempt
            else _("An invoice of %(amount)s is written. %(plan)s begins when the customer has paid it.")
        )
        return text % words
    if planned.due_now:
        text = (
            _("%(plan)s begins now and %(amount)s is charged to %(card)s. If it is declined, it is collected.")
            if attempt
            else _("%(plan)s begins now, and an invoice of %(amount)s is collected from the customer.")
        )
        return text % words
    return " ".join([_("%(plan)s begins now. Nothing is charged.") % words, *_to_balance(planned)])


def quantity_summary(plan: MoneyPlan, planned: Planned) -> str:
    """How many, from when on, and what is asked of whom."""
    attempt = planned.plan.attempt
    words = {
        "plan": f"{planned.deal.quantity} × {planned.deal.plan.name}",
        "day": day(plan.before.period.ends_on if plan.before.period else None),
        "amount": money_text(planned.due_now),
        "card": attempt.method.text if attempt else "",
    }
    if not planned.at_once:
        return _("From %(day)s on it is %(plan)s. Nothing is charged now.") % words
    if planned.due_now:
        return change_summary(plan, planned)
    return " ".join([_("It is %(plan)s from now on. Nothing is charged.") % words, *_to_balance(planned)])


def _to_balance(planned: Planned) -> list[str]:
    if planned.to_balance.amount <= 0:
        return []
    return [_("%(amount)s goes to the customer’s balance.") % {"amount": money_text(planned.to_balance)}]


def ending_of(planned: Planned, status: AttemptStatus | None) -> tuple[Any, Any, str] | None:
    """What a person has to know of a confirmation that did not simply go through; None for one that did."""
    if status is AttemptStatus.SUCCEEDED or not planned.due_now or planned.plan.payment:
        return None
    if status is None:
        return UNPAID if is_waiting(planned) else OWED
    if status is AttemptStatus.DECLINED and not is_waiting(planned):
        return COLLECTED
    return ENDINGS.get(status, CHECKED)
