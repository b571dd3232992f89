"""The words of a policy's sentences, by their codes. `%(n)s` decides between singular and plural."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partnerpanel.policy.banner_words import BANNER

RENEWAL: Mapping[str, Any] = {
    "renewal.reminders_days": ngettext_lazy(
        "The customer is reminded %(days)s day before the period ends.",
        "The customer is reminded %(days)s days before the period ends.",
        "n",
    ),
    "renewal.reminders_days.none": _("The customer is not reminded before the period ends."),
    "renewal.reminders_days_yearly": ngettext_lazy(
        "On yearly plans the customer is reminded %(days)s day before the period ends.",
        "On yearly plans the customer is reminded %(days)s days before the period ends.",
        "n",
    ),
    "renewal.reminders_days_yearly.none": _("On yearly plans the customer is not reminded before the period ends."),
    "retry.none": _("A charge that fails is not tried again."),
    "retry.first_attempt": ngettext_lazy(
        "A charge that fails is tried again %(days)s day after the first attempt.",
        "A charge that fails is tried again %(days)s days after the first attempt.",
        "n",
    ),
    "retry.previous": ngettext_lazy(
        "A charge that fails is tried again, each time after the one before: %(days)s day later.",
        "A charge that fails is tried again, each time after the one before: %(days)s days later.",
        "n",
    ),
    "catchup.each": _("After an outage every missed period is billed once."),
    "catchup.latest": _("After an outage only the running period is billed."),
}
GRACE: Mapping[str, Any] = {
    "grace.starts.retries_exhausted": _("Grace starts when the last attempt has failed."),
    "grace.starts.first_failure": _("Grace starts with the first charge that fails."),
    "grace.days.due_date": ngettext_lazy(
        "The deadline is %(n)s day after the first attempt, at midnight.",
        "The deadline is %(n)s days after the first attempt, at midnight.",
        "n",
    ),
    "grace.days.last_retry": ngettext_lazy(
        "The deadline is %(n)s day after the last planned attempt, at midnight.",
        "The deadline is %(n)s days after the last planned attempt, at midnight.",
        "n",
    ),
    "grace.then.suspend": _("At the deadline the subscription is suspended until it is paid."),
    "grace.then.freeze": _("At the deadline everything of the customer is frozen until it is paid."),
    "grace.then.downgrade_to_free": _(
        "At the deadline the subscription moves to the free plan; where none is sold, it is suspended."
    ),
    "grace.then.cancel": _("At the deadline the subscription ends."),
    "grace.access.full": _("During grace the customer has full access."),
    "grace.access.limited": _("During grace the customer has limited access."),
    "grace.renew_inside.extend": _("A payment in grace gives a full term from the day of the payment."),
    "grace.renew_inside.keep_schedule": _("A payment in grace leaves the billing dates as they were."),
    "grace.renew_after.free": _("Renewing after the deadline costs the full price and no fee."),
    "grace.renew_after.prorata": _(
        "Renewing after the deadline costs the full price and %(percent)s %% of the price of the days of grace."
    ),
    "grace.renew_after.flat": _("Renewing after the deadline costs the full price and %(percent)s %% of it as a fee."),
    "grace.renew_after.cap": _("The fee is never more than %(cap)s."),
    "grace.renew_after.no_cap": _("The fee has no upper limit."),
    "grace.renew_after.waivable": _("Somebody with the permission may waive the fee."),
    "grace.renew_after.not_waivable": _("Nobody may waive the fee."),
    "grace.renew_after.example": _("Here: %(fee)s + %(price)s = %(total)s."),
}
CHANGE: Mapping[str, Any] = {
    "change.upgrade.when.immediate": _("An upgrade takes effect at once."),
    "change.upgrade.when.period_end": _("An upgrade takes effect at the end of the period."),
    "change.upgrade.anchor.reset": _("An immediate upgrade starts a new period."),
    "change.upgrade.anchor.keep": _("An immediate upgrade keeps the end of the period."),
    "change.downgrade.immediate": _("A downgrade by the customer takes effect at once."),
    "change.downgrade.period_end": _("A downgrade by the customer takes effect at the end of the period."),
    "change.lateral.ask": _("For a change to a plan of equal rank and price we ask when it takes effect."),
    "change.lateral.immediate": _("A change to a plan of equal rank and price takes effect at once."),
    "change.lateral.period_end": _("A change to a plan of equal rank and price waits for the end of the period."),
    "change.unpaid.wait": _("A change with something to pay takes effect when it is paid."),
    "change.unpaid.apply_and_collect": _("A change with something to pay takes effect at once and is then collected."),
    "change.rollback.money.reverse_change": _("A rollback credits what the change had booked."),
    "change.rollback.money.credit_unused": _("A rollback credits the unused part of the plan."),
    "change.rollback.money.none": _("A rollback credits nothing."),
    "change.direction_by.rank_then_price": _("Higher is the plan of higher rank; of equal rank, the dearer per day."),
    "change.direction_by.price": _("Higher is the plan that costs more per day."),
    "change.measure.time": _("How much of a period is used is counted in days."),
    "change.measure.usage": _("How much of a period is used is measured by the allowances used up."),
    "change.measure.greater": _("How much of a period is used is the greater of days and allowances used up."),
}
REST: Mapping[str, Any] = {
    "refund.window_hours": ngettext_lazy(
        "Refunds are possible for %(n)s hour after the payment.",
        "Refunds are possible for %(n)s hours after the payment.",
        "n",
    ),
    "refund.access.keep": _("A refund leaves access as it is."),
    "refund.access.end_now": _("A refund ends access at once."),
    "refund.access.period_end": _("A refund ends access at the end of the period."),
    "addon.month.calendar": _("A monthly add-on ends with the calendar month."),
    "addon.month.billing": _("A monthly add-on ends a month after the billing day."),
    "addon.on_renewal.carry": _("Recurring add-ons renew with the plan."),
    "addon.on_renewal.drop": _("Recurring add-ons end when the plan renews."),
    "addon.on_renewal.ask": _("The customer is asked which add-ons renew with the plan."),
    "retention.days_after_end": ngettext_lazy(
        "Personal data is erased %(n)s day after the end or the suspension.",
        "Personal data is erased %(n)s days after the end or the suspension.",
        "n",
    ),
    "retention.days_after_end.none": _("Personal data is kept for good."),
    "winback.days_before_end": ngettext_lazy(
        "Who has cancelled gets an offer %(n)s day before the end.",
        "Who has cancelled gets an offer %(n)s days before the end.",
        "n",
    ),
    "welcome.days": _(
        "After the start: welcome on day %(a)s, set-up guide on day %(b)s, highlights on day %(c)s, "
        "asking for feedback on day %(d)s."
    ),
    "loyalty.off": _("There are no bonus months."),
    "loyalty.on": ngettext_lazy(
        "After every %(months)s paid months, %(n)s month is free.",
        "After every %(months)s paid months, %(n)s months are free.",
        "n",
    ),
    "sla.hours": _(
        "First answers to tickets within business hours: critical %(critical)s h, important %(important)s h, "
        "general %(general)s h, feature requests %(feature)s h."
    ),
}
AHEAD: Mapping[str, Any] = {
    "ahead.suspend": _(
        "If it is not paid before %(day)s, your subscription is suspended on that day until it is paid."
    ),
    "ahead.freeze": _(
        "If it is not paid before %(day)s, your whole account is suspended on that day until it is paid."
    ),
    "ahead.downgrade_to_free": _(
        "If it is not paid before %(day)s, your subscription moves to the free plan on that day."
    ),
    "ahead.cancel": _("If it is not paid before %(day)s, your subscription ends on that day."),
    "ahead.data": _("Without a payment your data is kept until %(day)s."),
}
COURSE: Mapping[str, Any] = {
    "course.coming.retries": _("It is charged again on %(on)s."),
    "course.coming.suspend": _("If it is not paid before %(day)s, it is suspended on that day until it is paid."),
    "course.coming.freeze": _(
        "If it is not paid before %(day)s, everything of the customer is frozen on that day until it is paid."
    ),
    "course.coming.downgrade_to_free": _(
        "If it is not paid before %(day)s, it moves to the free plan on that day, or is suspended where none is sold."
    ),
    "course.coming.cancel": _("If it is not paid before %(day)s, it ends on that day."),
    "course.first": _("The payment was first asked for on %(day)s."),
    "course.retries.first_attempt": ngettext_lazy(
        "It is charged again on %(on)s: %(days)s day after the first attempt.",
        "It is charged again on %(on)s: %(days)s days after the first attempt.",
        "n",
    ),
    "course.retries.previous": ngettext_lazy(
        "It is charged again on %(on)s, each time after the one before: %(days)s day later.",
        "It is charged again on %(on)s, each time after the one before: %(days)s days later.",
        "n",
    ),
    "course.retries.dropped": _("Every further attempt would fall on the deadline or after it, so there is none."),
    "course.retries.by_hand": _("Nobody is charged by itself, so nothing is tried again."),
    "course.retries.hard": _("The card was declined for good, so it is not charged again."),
    "course.grace.retries_exhausted": _("Grace starts on %(day)s, when the last attempt has failed."),
    "course.grace.first_failure": _("Grace starts on %(day)s, with the first charge that fails."),
    "course.grace.at_once": _("Grace starts at once, as no attempt is left to wait for."),
    "course.deadline.due_date": ngettext_lazy(
        "The deadline is the beginning of %(day)s: %(n)s day after the first attempt.",
        "The deadline is the beginning of %(day)s: %(n)s days after the first attempt.",
        "n",
    ),
    "course.deadline.last_retry": ngettext_lazy(
        "The deadline is the beginning of %(day)s: %(n)s day after the last planned attempt.",
        "The deadline is the beginning of %(day)s: %(n)s days after the last planned attempt.",
        "n",
    ),
}
SENTENCES: Mapping[str, Any] = {**RENEWAL, **GRACE, **CHANGE, **REST, **BANNER, **AHEAD, **COURSE}
ENTRIES: Mapping[str, Any] = {
    "reminder": _("Reminder: %(amount)s will be due"),
    "charge": _("Attempt %(number)s: charge of %(amount)s"),
    "retry": _("Attempt %(number)s: charge of %(amount)s"),
    "grace_starts": _("Grace starts, with full access"),
    "grace_starts_limited": _("Grace starts, with limited access"),
    "warning": _("Last warning"),
    "deadline": _("Grace is over"),
    "suspended": _("Subscription suspended"),
    "frozen": _("Everything of the customer frozen"),
    "downgraded": _("Subscription moved to the free plan"),
    "cancelled": _("Subscription ended"),
    "erasure_warning": _("Warning that data will be erased"),
    "erased": _("Personal data erased"),
}
