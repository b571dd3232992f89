"""What a bulk job does, in words: its title, its button, what was asked for, and what confirming means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.rules.changes.cancelling import CancelWhen
from partnerpanel.actions.undo import Sort
from partnerpanel.kernel.money import Money
from partnerpanel.panel.change_forms import WHENS
from partnerpanel.panel.statuses import look
from partnerpanel.panel.templatetags.formats import day, money_text, number

if TYPE_CHECKING:
    from partnerpanel.actions.models import BulkJob

TITLES: Mapping[str, Any] = {
    "suspend": gettext_lazy("Suspend accounts"),
    "reactivate": gettext_lazy("Reactivate accounts"),
    "extend": gettext_lazy("Extend subscriptions"),
    "change_plan": gettext_lazy("Change plans"),
    "cancel": gettext_lazy("Cancel subscriptions"),
    "apply_coupon": gettext_lazy("Redeem a coupon"),
    "tag": gettext_lazy("Tag customers"),
    "message": gettext_lazy("Write to customers"),
    "set_limit": gettext_lazy("Set limits"),
    "announce_price": gettext_lazy("New price for holders"),
    "undo": gettext_lazy("Undo a job"),
}
BUTTONS: Mapping[str, Any] = {
    "suspend": gettext_lazy("Yes, Suspend"),
    "reactivate": gettext_lazy("Yes, Reactivate"),
    "extend": gettext_lazy("Yes, Extend"),
    "change_plan": gettext_lazy("Yes, Change Plan"),
    "cancel": gettext_lazy("Yes, Cancel"),
    "apply_coupon": gettext_lazy("Yes, Redeem"),
    "tag": gettext_lazy("Yes, Tag"),
    "message": gettext_lazy("Yes, Send"),
    "set_limit": gettext_lazy("Yes, Set limit"),
    "announce_price": gettext_lazy("Yes, Announce"),
    "undo": gettext_lazy("Yes, Undo"),
}
NO_MONEY = gettext_lazy("Nothing is deleted, nothing is charged, and no billing date moves.")
COUNTER_BOOKED = gettext_lazy("Money is not undone but counter-booked: with credit notes, in the customers’ balances.")
PROMISES: Mapping[str, Any] = {
    "suspend": NO_MONEY,
    "reactivate": NO_MONEY,
    "tag": NO_MONEY,
    "message": NO_MONEY,
    "set_limit": NO_MONEY,
    "extend": gettext_lazy("Nothing is charged. Open renewals are voided, and each period ends as shown below."),
    "change_plan": gettext_lazy(
        "What is due is asked of the cards on file while the job runs. A change waits until it is paid."
    ),
    "cancel": gettext_lazy("Nothing is charged any more, and nothing is deleted."),
    "apply_coupon": gettext_lazy(
        "Nothing is charged now, and what is paid stays as it is: each next billing is cheaper."
    ),
    "announce_price": gettext_lazy(
        "Nothing is charged now: each pays the new price with the first period that begins then."
    ),
}


def promise_of(job: BulkJob) -> str:
    """What confirming means for money and data."""
    if job.verb == "undo":
        return str(COUNTER_BOOKED if job.inputs["sort"] == Sort.BILLING else NO_MONEY)
    return str(PROMISES[job.verb])


def how_many(rows: int, *, of_subscriptions: bool) -> str:
    """How many are changed, in a sentence."""
    if of_subscriptions:
        text = ngettext("%(n)s subscription is changed.", "%(n)s subscriptions are changed.", rows)
    else:
        text = ngettext("%(n)s customer is changed.", "%(n)s customers are changed.", rows)
    return text % {"n": number(rows)}


def asked_of(job: BulkJob, named: str) -> str:
    """What was asked for, shortly; `named` is what the plan or the reason that it names is called."""
    said = _ASKED.get(job.verb)
    return said(job.inputs, named) if said else ""


def _hold(inputs: Mapping[str, Any], _plan: str) -> str:
    return str(look(inputs["kind"]).text)


def _time(inputs: Mapping[str, Any], _plan: str) -> str:
    if inputs["months"]:
        return ngettext("%(n)d month", "%(n)d months", inputs["months"]) % {"n": inputs["months"]}
    return ngettext("%(n)d day", "%(n)d days", inputs["days"]) % {"n": inputs["days"]}


def _plan(inputs: Mapping[str, Any], plan_name: str) -> str:
    when = dict(WHENS).get(inputs["when"] or "", _("As your policy says for up and down"))
    return f"{plan_name} · {when}"


def _end(inputs: Mapping[str, Any], reason: str) -> str:
    when = _("Now") if inputs["when"] == CancelWhen.NOW else _("At the end of each one’s period")
    return f"{when} · {reason}"


def _code(inputs: Mapping[str, Any], _plan: str) -> str:
    return str(inputs["code"])


def _tags(inputs: Mapping[str, Any], _plan: str) -> str:
    return " ".join([*(f"+ {name}" for name in inputs["add"]), *(f"− {name}" for name in inputs["remove"])])


def _subject(inputs: Mapping[str, Any], _plan: str) -> str:
    return str(inputs["subject"])


def _limit(inputs: Mapping[str, Any], _plan: str) -> str:
    name, value = inputs["allowance"], inputs["value"]
    return _("%(name)s: no limit") % {"name": name} if value is None else f"{name}: {number(value)}"


def _new_price(inputs: Mapping[str, Any], plan_name: str) -> str:
    prices = " · ".join(money_text(Money(*price)) for price in inputs["prices"])
    from_on = day(date.fromisoformat(inputs["from_on"]))
    return _("%(plan)s: %(prices)s from %(day)s") % {"plan": plan_name, "prices": prices, "day": from_on}


_ASKED: Mapping[str, Callable[[Mapping[str, Any], str], str]] = {
    "suspend": _hold,
    "extend": _time,
    "change_plan": _plan,
    "cancel": _end,
    "apply_coupon": _code,
    "tag": _tags,
    "message": _subject,
    "set_limit": _limit,
    "announce_price": _new_price,
}
