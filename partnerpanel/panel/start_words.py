"""How a subscription begins, in sentences: what will happen, and what came of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.charging.states import AttemptStatus
from billing.rules.changes.outcome import Planned
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.kernel.clock import local_date
from partnerpanel.panel.money_summary import CHECKED, ENDINGS
from partnerpanel.panel.templatetags.formats import day, money_text
from subscriptions.rules.states import Lifecycle

DECLINED = (
    gettext_lazy("Declined: nothing is set up yet"),
    gettext_lazy(
        "The card was declined and no money moved. The invoice waits, and the customer is asked to pay it; nothing is "
        "set up before that."
    ),
    "amber",
)
TO_BE_PAID = (
    gettext_lazy("Waiting for the first payment"),
    gettext_lazy("The invoice is written and the customer is asked to pay it. Nothing is set up before that."),
    "amber",
)


def start_summary(planned: Planned) -> str:
    """When it begins, and what is asked of whom."""
    facts, attempt = planned.plan.facts, planned.plan.attempt
    words = {
        "plan": planned.deal.plan.name,
        "amount": money_text(planned.due_now),
        "card": attempt.method.text if attempt else "",
    }
    if not planned.at_once and facts.starts_at is not None:
        words["day"] = day(local_date(facts.starts_at, facts.zone))
        return _("%(plan)s begins on %(day)s by itself. Nothing is charged before that day.") % words
    if planned.plan.values.get("lifecycle") is Lifecycle.TRIALING and planned.plan.term is not None:
        words["day"] = day(planned.plan.term.period.ends_on)
        return _("The trial of %(plan)s begins now and lasts until %(day)s. Nothing is charged before that.") % words
    if attempt is not None:
        text = _(
            "%(amount)s is charged to %(card)s now, and %(plan)s begins. If it is declined, nothing is set up and the "
            "customer is asked to pay."
        )
        return text % words
    if planned.due_now:
        return _("An invoice of %(amount)s is written. %(plan)s begins when the customer has paid it.") % words
    return _("%(plan)s begins now. Nothing is charged.") % words


def restart_summary(planned: Planned) -> str:
    """From when on it runs again, and what is asked of whom."""
    attempt = planned.plan.attempt
    words = {
        "plan": planned.deal.plan.name,
        "amount": money_text(planned.due_now),
        "card": attempt.method.text if attempt else "",
    }
    if attempt is not None:
        text = _(
            "%(amount)s is charged to %(card)s now, and %(plan)s runs again from today. If it is declined, it stays "
            "ended and the customer is asked to pay."
        )
    elif planned.due_now:
        text = _("An invoice of %(amount)s is written. %(plan)s runs again when the customer has paid it.")
    else:
        text = _("%(plan)s runs again from today. Nothing is charged.")
    coupon = planned.plan.coupon
    if coupon is None:
        return text % words
    return text % words + " " + _("The coupon %(code)s for who comes back is redeemed.") % {"code": coupon.code}


def start_told(plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
    """The sentence of the toast."""
    facts = planned.plan.facts
    words = {"name": plan.customer_name, "plan": planned.deal.plan.name, "amount": money_text(planned.due_now)}
    if not planned.at_once and facts.starts_at is not None:
        words["day"] = day(local_date(facts.starts_at, facts.zone))
        return _("%(plan)s of %(name)s begins on %(day)s.") % words
    if charged:
        return _("%(plan)s of %(name)s has begun. %(amount)s was charged.") % words
    return _("%(plan)s of %(name)s has begun.") % words


def start_ending(planned: Planned, status: AttemptStatus | None) -> tuple[Any, Any, str] | None:
    """What a person has to know of a start that did not simply go through; None for one that did."""
    if status is AttemptStatus.SUCCEEDED or not planned.due_now:
        return None
    if status is None:
        return TO_BE_PAID
    if status is AttemptStatus.DECLINED:
        return DECLINED
    return ENDINGS.get(status, CHECKED)
